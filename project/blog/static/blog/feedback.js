// The form works without this; with it, the answer appears in its place.
const form = document.querySelector("#feedback");
const note = form.querySelector("output");
const button = form.querySelector("button");

function show(text, bad) {
  note.textContent = text;
  note.classList.toggle("bad", bad);
}

function mark(errors) {
  for (const name of ["email", "message"]) {
    const text = (errors[name] ?? []).join(" ");
    form.querySelector(`[data-error=${name}]`).textContent = text;
    form.elements[name].setAttribute("aria-invalid", text ? "true" : "false");
  }
  form.querySelector("[aria-invalid=true]")?.focus();
}

async function send() {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
  });
  const body = await answer.json();
  mark(body.errors ?? {});
  if (answer.ok) {
    form.reset();
    show(`Thank you. Your feedback is saved as number ${body.feedback.id}.`, false);
  } else if (!body.errors) {
    show(body.detail || body.title, true);
  }
}

form.addEventListener("submit", async event => {
  event.preventDefault();
  button.disabled = true;
  show("", false);
  try {
    await send();
  } catch {
    show("The server did not answer. Your text is still here; please try again.", true);
  } finally {
    button.disabled = false;
  }
});
