// What one writes is kept on the device until it has been sent: <textarea data-draft="post-<group>">. With
// data-draft-url the server keeps it as well, for other devices; what it has not got yet is marked on this one.
// Keys carry the person, and signing out erases them. On a device that is known to be shared only the server keeps it.

const PERSON = document.body.dataset.person ?? "";
const SHARED = "shared" in document.body.dataset;
const PREFIX = "tunet:draft:";
const SENT = "tunet:sent";
const keyOf = (area) => `${PREFIX}${PERSON}:${area.dataset.draft}`;
const store = {
  get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
  set: (key, value) => { try { if (SHARED) return false; localStorage.setItem(key, value); return true; } catch { return false; } },
  remove: (key) => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
};
const draftsIn = (root) => [...root.querySelectorAll("textarea[data-draft]")];

function tell(area) {
  const state = area.form?.querySelector("[data-draft-state]");
  if (state) state.textContent = document.body.dataset.draftSaved ?? "";
}

// --- On the server ---------------------------------------------------------------------------------------
const PAUSE = 1500;
const unsentOf = (area) => `${keyOf(area)}:unsent`;
let later = 0;
async function keepOnServer(area) {
  const { form } = area;
  if (!form?.isConnected || form.dataset.sending) return;
  const words = new FormData(form);
  for (const [name, value] of [...words]) if (typeof value !== "string" || name === "alternative_text") words.delete(name);
  try {
    const answer = await fetch(area.dataset.draftUrl, { method: "POST", body: words, headers: { Accept: "application/json" } });
    if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) return;
    store.remove(unsentOf(area));
    const state = form.querySelector("[data-draft-state]");
    if (state) state.textContent = (await answer.json()).message;
  } catch { /* the device has it */ }
}
function changed(form) {
  const area = form.querySelector("textarea[data-draft-url]");
  if (!area) return;
  store.set(unsentOf(area), "1");
  clearTimeout(later);
  later = setTimeout(() => keepOnServer(area), PAUSE);
}
for (const type of ["input", "change"]) {
  document.addEventListener(type, (event) => {
    const form = event.target.form;
    if (form?.matches(".compose") && event.target.type !== "file") changed(form);
  });
}

function restore(area) {
  const kept = store.get(keyOf(area));
  if (!kept || area.value === kept) return;
  if (area.value && !store.get(unsentOf(area))) return;
  area.value = kept;
  tell(area);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

let timer = 0;
document.addEventListener("input", (event) => {
  const area = event.target;
  if (!area.matches?.("textarea[data-draft]")) return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (!area.value.trim()) store.remove(keyOf(area));
    else if (store.set(keyOf(area), area.value)) tell(area);
  }, 400);
});

// An ordinary form: forgotten when the next page is not an error page and does not ask for the text again.
document.addEventListener("submit", (event) => {
  const keys = draftsIn(event.target).flatMap((area) => [keyOf(area), unsentOf(area)]);
  clearTimeout(timer);
  clearTimeout(later);
  const thrown = event.target.dataset.discardDraft;
  if (thrown) for (const end of ["", ":unsent"]) store.remove(`${PREFIX}${PERSON}:${thrown}${end}`);
  for (const area of draftsIn(event.target)) if (area.value.trim()) store.set(keyOf(area), area.value);
  if (keys.length && !event.target.matches("[hx-post]")) {
    try { sessionStorage.setItem(SENT, JSON.stringify(keys)); } catch { /* kept a little longer then */ }
  }
});
function forgetSent() {
  let sent = [];
  try {
    sent = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
    sessionStorage.removeItem(SENT);
  } catch { return; }
  // An error page, or the page for signing in where the session had ended: nothing was taken in.
  if (!PERSON || document.querySelector(".lost")) return;
  const askedAgain = new Set(draftsIn(document).filter((area) => area.value).flatMap((area) => [keyOf(area), unsentOf(area)]));
  for (const key of sent) if (!askedAgain.has(key)) store.remove(key);
}
// A form sent by htmx: forgotten when the answer was good.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful || event.detail.requestConfig?.verb !== "post") return;
  // The form that was sent: the answer may already stand in its place.
  for (const area of draftsIn(event.detail.requestConfig.elt)) {
    store.remove(keyOf(area));
    store.remove(unsentOf(area));
    if (event.detail.xhr?.status === 204 || !document.contains(area)) continue;
    if (event.detail.xhr?.getResponseHeader("X-Keep-Text")) continue;
    area.value = "";
    const state = area.form?.querySelector("[data-draft-state]");
    if (state) state.textContent = "";
  }
});
function forgetAll() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) store.remove(key);
}
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) forgetAll();
});
if (SHARED) forgetAll();

forgetSent();
draftsIn(document).forEach(restore);
document.addEventListener("htmx:load", (event) => draftsIn(event.target).forEach(restore));
