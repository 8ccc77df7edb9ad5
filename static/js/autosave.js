// A draft saves itself: <form data-autosave="draft's id, or new">. The form is sent to its own address with `autosave`,
// and the server answers with what it stored. Without a network it is kept on the device until there is one again;
// keys begin as those of drafts.js, which erases them at sign-out.

const PAUSE = 1500;
const LONGEST = 10000;
const AGAIN = 15000;
const UNSAVED = new Set(["csrfmiddlewaretoken", "version", "audience_q", "audience_days"]);
const form = document.querySelector("form[data-autosave]");

const key = () => `tunet:draft:${document.body.dataset.person ?? ""}:announcement-${form.dataset.autosave}`;
const device = {
  get: () => { try { return JSON.parse(localStorage.getItem(key())); } catch { return null; } },
  set: (value) => { try { if (!("shared" in document.body.dataset)) localStorage.setItem(key(), JSON.stringify(value)); } catch { /* only the server then */ } },
  remove: () => { try { localStorage.removeItem(key()); } catch { /* nothing was kept */ } },
};

let dirty = 0;
let saved = 0;
let since = 0;
let timer = 0;
let busy = false;
let leaving = false;
let stopped = false;
let waiting = null;

const version = () => form.elements.version;
const words = (data) => [...data].filter(([name, value]) => !UNSAVED.has(name) && typeof value === "string");

function say(text, ...more) {
  const state = form.querySelector("[data-autosave-state]");
  if (state.textContent !== text || more.length) state.replaceChildren(text, ...more);
}

function keep() {
  device.set({ version: version().value, words: words(new FormData(form)) });
}

// --- When -----------------------------------------------------------------------------------------------
function changed() {
  if (stopped) return;
  dirty += 1;
  since ||= Date.now();
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
}

async function save() {
  clearTimeout(timer);
  if (busy || stopped || leaving || dirty === saved) return;
  busy = true;
  const upTo = dirty;
  since = 0;
  const data = new FormData(form);
  if (!form.elements.picture?.files.length) data.delete("picture");
  data.set("autosave", "1");
  try {
    const answer = await fetch(location.pathname, { method: "POST", body: data, headers: { Accept: "application/json" } });
    // Signed out meanwhile: the page for signing in answers instead, and nothing was stored.
    const signedOut = answer.redirected;
    const told = !signedOut && answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    if (told) take(answer.status, told, upTo, data);
    else failed(signedOut ? form.dataset.signedOut : form.dataset.failed);
  } catch {
    failed(navigator.onLine ? form.dataset.failed : form.dataset.later);
  }
  busy = false;
  if (waiting) form.requestSubmit(waiting);
  else if (dirty !== saved && upTo !== dirty) changed();
}

function failed(text) {
  keep();
  say(text);
  clearTimeout(timer);
  timer = setTimeout(save, AGAIN);
}

// --- What came of it --------------------------------------------------------------------------------------
function take(status, told, upTo, sent) {
  clearErrors();
  if (status === 200) return stored(told, upTo, sent);
  keep();
  say(told.message);
  if (status === 409 && told.look) return elsewhere(told);
  saved = upTo;
  for (const [name, text] of Object.entries(told.errors ?? {})) showError(name, text);
}

function stored(told, upTo, sent) {
  saved = upTo;
  device.remove();
  version().value = told.version;
  if (form.dataset.autosave === "new") {
    history.replaceState(history.state, "", told.url);
    form.dataset.autosave = told.url.split("/").at(-2);
    const discard = document.querySelector("form[data-discard]");
    discard.action = told.discard;
    discard.hidden = false;
    showBeside(told.beside);
  }
  if (told.picture && sent.has("picture")) showPicture(told.picture);
  say(told.message);
}

// What a draft has beside it and an empty page has not.
function showBeside(html) {
  const page = new DOMParser().parseFromString(html ?? "", "text/html");
  document.querySelector("[data-beside]")?.replaceChildren(...page.body.childNodes);
}

function showPicture(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("picture-now");
  document.getElementById("picture-now").replaceWith(fresh);
  document.getElementById("picture-preview")?.replaceChildren();
  form.elements.picture.value = "";
  const described = form.elements.alternative_text;
  if (!described.value) described.focus();
}

// Someone else, or another window, has saved since: nothing is overwritten before the writer has chosen.
function elsewhere(told) {
  stopped = true;
  const look = Object.assign(document.createElement("a"), { href: told.look, target: "_blank", className: "link" });
  look.textContent = form.dataset.look;
  const mine = Object.assign(document.createElement("button"), { type: "submit", name: "overwrite", value: "1" });
  mine.className = "ds-button slim";
  mine.dataset.variant = "secondary";
  mine.textContent = form.dataset.mine;
  say(told.message, " ", look, " ", mine);
}

function clearErrors() {
  for (const text of form.querySelectorAll("[data-autosave-error]")) text.remove();
  for (const field of form.querySelectorAll("[data-autosave-invalid]")) {
    field.removeAttribute("aria-invalid");
    delete field.dataset.autosaveInvalid;
  }
}

function showError(name, text) {
  const field = name === "audience" ? form.querySelector("#audience") : form.elements[name];
  if (!field?.after) return;
  const told = Object.assign(document.createElement("p"), { textContent: text, className: "ds-validation-message err" });
  told.dataset.autosaveError = "";
  told.setAttribute("role", "alert");
  field.after(told);
  field.setAttribute("aria-invalid", "true");
  field.dataset.autosaveInvalid = "";
  field.closest("details")?.setAttribute("open", "");
  if (name === "picture") field.value = "";
}

// --- What the device kept -----------------------------------------------------------------------------------
function restore() {
  const kept = device.get();
  if (!kept) return;
  if (JSON.stringify(kept.words) === JSON.stringify(words(new FormData(form)))) return device.remove();
  const values = new Map();
  for (const [name, value] of kept.words) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || UNSAVED.has(field.name) || field.type === "file" || field.type === "submit") continue;
    if (field.name.startsWith("audience_")) continue;
    if (field.type === "checkbox") field.checked = values.has(field.name);
    else if (values.has(field.name)) field.value = values.get(field.name)[0];
  }
  version().value = kept.version;
  changed();
}

if (form) {
  form.addEventListener("input", (event) => {
    if (event.target.name && !UNSAVED.has(event.target.name)) changed();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "picture" && event.target.files.length) changed();
    if (dirty !== saved) save();
  });
  form.addEventListener("focusout", () => { if (dirty !== saved) save(); });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (form.querySelector("#audience")?.contains(event.target) && event.target.id !== "audience-hits") changed();
  });
  form.addEventListener("submit", (event) => {
    // What is being saved right now gives the draft a new version: the button waits for it.
    if (busy) {
      event.preventDefault();
      waiting = event.submitter ?? form.querySelector("[type=submit]");
      return;
    }
    waiting = null;
    leaving = true;
    clearTimeout(timer);
    if (dirty !== saved) keep();
    try { sessionStorage.setItem("tunet:sent", JSON.stringify([key()])); } catch { /* kept a little longer then */ }
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("online", () => { if (dirty !== saved) save(); });
  addEventListener("offline", () => { if (dirty !== saved) { keep(); say(form.dataset.later); } });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || leaving || dirty === saved) return;
    keep();
    save();
  });
  restore();
}
