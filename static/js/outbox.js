// What was confirmed or seen without a network is kept on this device and sent when it is back: forms with
// `data-kept-form` (confirming), and what other modules hand over as the event `tunet:keep`. Each entry carries the
// person it belongs to; the server refuses it from anyone else. Signing out erases all. Nothing is kept where the
// session ends with the browser: such a device may be shared. The service worker reads the same store for its sync.

const PERSON = document.body.dataset.person ?? "";
const KEEPS = Boolean(PERSON) && "keeps" in document.body.dataset && "indexedDB" in self;
const PAGES = `tunet-pages-${PERSON}`;
const TAG = "tunet-outbox";

// --- The store -----------------------------------------------------------------------------------------
function open() {
  return new Promise((done, fail) => {
    const request = indexedDB.open("tunet-outbox", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept", { keyPath: "key" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

async function ask(mode, act) {
  const base = await open();
  try {
    return await new Promise((done, fail) => {
      const work = base.transaction("kept", mode);
      const request = act(work.objectStore("kept"));
      work.oncomplete = () => done(request.result);
      work.onerror = work.onabort = () => fail(work.error);
    });
  } finally {
    base.close();
  }
}
const all = () => ask("readonly", (store) => store.getAll());
const put = (entry) => ask("readwrite", (store) => store.put(entry));
const drop = (key) => ask("readwrite", (store) => store.delete(key));
const empty = () => ask("readwrite", (store) => store.clear());

// --- Keeping -------------------------------------------------------------------------------------------
const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

async function keep(address, fields) {
  const facts = { ...fields, kept: "1", person: PERSON };
  await put({ key: `${PERSON} ${address}`, person: PERSON, address, fields: facts, token: token() });
  const registration = await navigator.serviceWorker?.getRegistration?.();
  registration?.sync?.register(TAG).catch(() => {});
}

async function keepForm(form) {
  const fields = Object.fromEntries(new FormData(form));
  delete fields.csrfmiddlewaretoken;
  await keep(form.getAttribute("action"), fields);
  showKept(form);
}

function showKept(form) {
  const box = form.closest("#confirm");
  if (!box) return;
  box.className = "note note--warm";
  box.querySelector("[data-kept-note]").hidden = false;
  form.hidden = true;
}

const formOf = (event) => (KEEPS && event.target instanceof Element ? event.target.closest("form[data-kept-form]") : null);

document.addEventListener("submit", (event) => {
  const form = formOf(event);
  if (!form || navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  keepForm(form);
}, true);
// The browser believed in a network that was none.
document.body.addEventListener("htmx:sendError", (event) => {
  const form = formOf(event);
  if (!form) return;
  event.stopImmediatePropagation();
  keepForm(form);
});
document.addEventListener("tunet:keep", (event) => {
  if (KEEPS) keep(event.detail.address, event.detail.fields ?? {});
});

// --- Sending -------------------------------------------------------------------------------------------
async function send(entry) {
  const headers = { "X-CSRFToken": token(), Accept: "application/json" };
  const answer = await fetch(entry.address, { method: "POST", headers, body: new URLSearchParams(entry.fields) });
  if (answer.ok && !answer.redirected) {
    await drop(entry.key);
    await showSent(entry);
  } else if ([404, 409, 410].includes(answer.status)) {
    const told = answer.status === 409 ? (await answer.json()).detail : document.body.dataset.keptGone;
    await drop(entry.key);
    tell(told);
    await showSent(entry);
  }
  // Signed out, or the server is ill: it waits for the next time.
}

// One tab at a time, and not the service worker meanwhile: nothing is sent twice.
const once = (act) => (navigator.locks ? navigator.locks.request(TAG, act) : act());

const flush = () => once(async () => {
  for (const entry of await all()) {
    if (entry.person !== PERSON) await drop(entry.key);
    else if (entry.refused !== undefined) {
      await drop(entry.key);
      tell(entry.refused || document.body.dataset.keptGone);
    } else if (navigator.onLine) await send(entry);
  }
}).catch(() => { /* the network is not there yet */ });

function tell(text) {
  document.dispatchEvent(new CustomEvent("tunet:say", { detail: text }));
}

async function showSent(entry) {
  const form = document.querySelector(`form[data-kept-form][action="${CSS.escape(entry.address)}"]`);
  if (!form) return;
  const answer = await fetch(location.pathname + location.search);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("confirm");
  const old = document.getElementById("confirm");
  if (!answer.ok || answer.redirected) return;
  const [place, now] = fresh ? [old, fresh] : [document.querySelector("main"), page.querySelector("main")];
  place?.replaceWith(now);
  self.htmx?.process(now);
  if (!page.getElementById("who-sees")) document.getElementById("who-sees")?.remove();
  await keepPage();
}

// --- The page as it stands now, for the next time without a network --------------------------------------
async function keepPage() {
  if (!KEEPS || !("caches" in self) || !(await caches.has(PAGES))) return;
  const cache = await caches.open(PAGES);
  const old = await cache.match(location.href);
  if (!old) return;
  const html = `<!doctype html>${document.documentElement.outerHTML}`;
  await cache.put(location.href, new Response(html, { headers: old.headers }));
}
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "confirm" || event.detail?.elt?.id === "confirm") keepPage();
});

// --- On arrival ----------------------------------------------------------------------------------------
async function arrive() {
  if (!KEEPS) return;
  for (const entry of await all()) {
    if (entry.person !== PERSON || entry.refused !== undefined) continue;
    const form = document.querySelector(`form[data-kept-form][action="${CSS.escape(entry.address)}"]`);
    if (form) showKept(form);
  }
  await flush();
}
if (PERSON && !KEEPS && "indexedDB" in self) empty().catch(() => {});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) empty().catch(() => {});
});
addEventListener("online", flush);
addEventListener("pageshow", (event) => { if (event.persisted) flush(); });
navigator.serviceWorker?.addEventListener("message", (event) => {
  if (event.data === TAG) flush();
});
arrive().catch(() => {});
