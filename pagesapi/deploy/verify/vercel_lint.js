// Reads a config.json (argv[2]) with Vercel's own @vercel/routing-utils, found from a folder (argv[3]), and prints what it
// finds wrong as a JSON list of texts.
const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const from = createRequire(join(process.argv[3], "x.js"));
const utils = from("@vercel/routing-utils");
const { routes } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const found = [];

const { error } = utils.normalizeRoutes(routes);
if (error) {
  found.push(...(error.errors || [error.message]));
}
// With routing-utils comes the validator that its schemas are written for.
const Ajv = createRequire(from.resolve("@vercel/routing-utils"))("ajv");
const validate = new Ajv({ allErrors: true }).compile(utils.routesSchema);
if (!validate(routes)) {
  found.push(...validate.errors.map((each) => `routes${each.dataPath || each.instancePath || ""} ${each.message}`));
}
process.stdout.write(JSON.stringify(found));
