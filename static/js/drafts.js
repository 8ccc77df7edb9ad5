// What one writes is kept on the device until it has been sent: <textarea data-draft="post-<group>">.
// Keys carry the person, and signing out erases them: the next one at a shared tablet finds nothing.

const PERSON = document.body.dataset.person ?? "";
const PREFIX = "tunet:draft:";
const SENT = "tunet:sent";
const keyOf = (area) => `${PREFIX}${PERSON}:${area.dataset.draft}`;
const store = {
  get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
  set: (key, value) => { try { localStorage.setItem(key, value); return true; } catch { return false; } },
  remove: (key) => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
};
const draftsIn = (root) => [...root.querySelectorAll("textarea[data-draft]")];

function tell(area) {
  const state = area.form?.querySelector("[data-draft-state]");
  if (state) state.textContent = document.body.dataset.draftSaved ?? "";
}

function restore(area) {
  const kept = store.get(keyOf(area));
  if (!kept || area.value) return;
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
  const keys = draftsIn(event.target).map(keyOf);
  clearTimeout(timer);
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
  if (document.querySelector(".lost")) return;
  const askedAgain = new Set(draftsIn(document).filter((area) => area.value).map(keyOf));
  for (const key of sent) if (!askedAgain.has(key)) store.remove(key);
}
// A form sent by htmx: forgotten when the answer was good.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful || event.detail.requestConfig?.verb !== "post") return;
  for (const area of draftsIn(event.target)) {
    store.remove(keyOf(area));
    if (event.detail.xhr?.status === 204 || !document.contains(area)) continue;
    if (!event.detail.xhr?.getResponseHeader("X-Keep-Text")) area.value = "";
  }
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]")) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) store.remove(key);
});

forgetSent();
draftsIn(document).forEach(restore);
document.addEventListener("htmx:load", (event) => draftsIn(event.target).forEach(restore));
