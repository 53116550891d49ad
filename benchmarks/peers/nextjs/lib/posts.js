// What `posts()` in benchmarks/peers/cases.py makes, anew for each answer.
const COUNT = 770

export const MESSAGE = "Hello, world"
export const TITLE = "First post"

export function posts() {
  return Array.from({ length: COUNT }, (_, number) => ({
    id: number,
    slug: `post-${number}`,
    title: `Post number ${number}`,
    author: "Ada Lovelace",
    published: number % 3 !== 0,
    views: number * 17,
    tags: ["django", "api"],
  }))
}
