/* What a page can do to a URL. Each way ends when the browser is done with it, and gives the status of the answer, true,
   or text, if this page could read the answer; else 0, false or "". */
class Attack {
  constructor(url, message, relay, token) {
    Object.assign(this, { url, message, relay, token });
    this.fields = { email: "mallory@example.com", message, first_name: message };
  }

  get form() {
    return new URLSearchParams(this.fields);
  }

  get multipart() {
    const data = new FormData();
    Object.entries(this.fields).forEach(([name, value]) => data.append(name, value));
    return data;
  }

  get json() {
    return JSON.stringify(this.fields);
  }

  get jsonBlob() {
    return new Blob([this.json], { type: "application/json" });
  }

  async fetch(options) {
    try {
      const answer = await fetch(this.url, { cache: "no-store", ...options });
      return answer.status; // 0 of an opaque one
    } catch {
      return 0;
    }
  }

  fetchJson(options) {
    return this.fetch({ ...options, headers: { "Content-Type": "application/json" }, body: this.json });
  }

  withToken(options) {
    return this.fetch({ ...options, headers: { Authorization: `Bearer ${this.token}` }, body: this.form });
  }

  /* An element that loads the URL by itself. */
  async element(name, attributes) {
    const element = Object.assign(document.createElement(name), attributes);
    const done = new Promise((resolve) => {
      element.onload = element.onerror = resolve;
    });
    document.body.append(element);
    await done;
    const text = name === "iframe" || name === "object" ? textOf(() => element.contentDocument) : "";
    const known = name === "img" ? element.naturalWidth : 0;
    element.remove();
    return text || known;
  }

  formElement(attributes, fields = this.fields) {
    const form = Object.assign(document.createElement("form"), { method: "POST", action: this.url, ...attributes });
    for (const [name, value] of Object.entries(fields)) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    return form;
  }

  /* A form without a word to the visitor, its answer in a frame that nobody sees. */
  async frameForm(attributes, fields) {
    const frame = Object.assign(document.createElement("iframe"), { name: `frame-${this.message}` });
    document.body.append(frame);
    const done = new Promise((resolve) => {
      frame.onload = resolve;
    });
    const form = this.formElement({ target: frame.name, ...attributes }, fields);
    form.submit();
    await done;
    const text = textOf(() => frame.contentDocument);
    form.remove();
    frame.remove();
    return text;
  }

  /* text/plain puts "=" between name and value, and nothing else: so a form can send JSON. */
  smuggle() {
    const start = JSON.stringify({ ...this.fields, rest: "" }).slice(0, -2);
    return this.frameForm({ enctype: "text/plain" }, { [start]: '"}' });
  }

  relayed() {
    return this.frameForm({ action: `${this.relay}?to=${encodeURIComponent(this.url)}` });
  }

  windowForm() {
    window.opened = window.open("about:blank", `window-${this.message}`);
    const form = this.formElement({ target: `window-${this.message}` });
    form.submit();
    form.remove();
  }

  window() {
    window.opened = window.open(this.url);
  }

  link(attributes) {
    window.opened = null; // what a link opens knows nothing of this page
    const link = Object.assign(document.createElement("a"), attributes);
    document.body.append(link);
    link.click();
    link.remove();
  }

  socket() {
    return new Promise((resolve) => {
      const socket = new WebSocket(this.url.replace("http", "ws"));
      socket.onopen = () => resolve(true);
      socket.onerror = () => resolve(false);
    });
  }

  events() {
    return new Promise((resolve) => {
      const source = new EventSource(this.url, { withCredentials: true });
      source.onopen = () => (source.close(), resolve(true));
      source.onerror = () => (source.close(), resolve(false));
    });
  }
}

function textOf(find) {
  try {
    return find().body.innerText;
  } catch {
    return "";
  }
}
