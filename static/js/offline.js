// The banner of those who have lost the network, the service worker, and forgetting at sign-out.

const banner = document.querySelector("[data-offline]");
const show = () => { if (banner) banner.hidden = navigator.onLine; };
addEventListener("online", show);
addEventListener("offline", show);
show();

async function lookAfterPages() {
  await navigator.serviceWorker.register("/sw.js");
  const { active } = await navigator.serviceWorker.ready;
  // A page opened while the worker was taking over belongs to nobody: the worker is asked to take it too.
  if (!navigator.serviceWorker.controller) active.postMessage({ type: "claim" });
}
if ("serviceWorker" in navigator) lookAfterPages().catch(() => {});

// Pages of important messages lie in a cache of the person's own; see service-worker.js.
const PAGES = "tunet-pages-";
const { person, keeps } = document.body.dataset;
async function keptPages() {
  if (!("caches" in self)) return [];
  return (await caches.keys()).filter((name) => name.startsWith(PAGES));
}
async function forgetPages(but = "") {
  const names = await keptPages();
  await Promise.all(names.filter((name) => name !== but).map((name) => caches.delete(name)));
}
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) forgetPages();
});

// So do the colleagues of one's own unit, whom `contacts.js` finds without a network; asked for anew every hour.
const CONTACTS = "/people/contacts/";
const HOUR = 3600000;
async function keepContacts() {
  const cache = await caches.open(PAGES + person);
  const kept = await cache.match(CONTACTS);
  if (kept && Date.now() - Date.parse(kept.headers.get("date")) < HOUR) return;
  const answer = await fetch(CONTACTS);
  if (answer.redirected) await forgetPages();
  else if (answer.ok && (await answer.clone().json()).person === person) await cache.put(CONTACTS, answer);
}
if (person && keeps !== undefined && "caches" in self && navigator.onLine && !navigator.connection?.saveData) {
  const isLooking = document.getElementById("people");
  setTimeout(() => keepContacts().catch(() => {}), isLooking ? 500 : 5000 + Math.random() * 55000);
}

// The page for those without a network knows nobody: it lists what is kept, and erases nothing.
const list = document.querySelector("[data-kept-pages]");
async function listKept() {
  for (const name of await keptPages()) {
    const cache = await caches.open(name);
    for (const request of (await cache.keys()).reverse()) {
      const answer = await cache.match(request);
      if (!answer.headers.get("content-type")?.includes("html")) continue;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const title = page.querySelector("h1");
      if (!title) continue;
      const link = Object.assign(document.createElement("a"), { href: request.url, className: "link", lang: title.lang });
      link.textContent = title.textContent;
      const row = document.createElement("li");
      row.append(link);
      list.querySelector("ul").append(row);
      list.hidden = false;
    }
  }
}
if (list) listKept();
else forgetPages(person && keeps !== undefined ? PAGES + person : "");

// What waits on top is kept too, fetched when all else is done and each at a moment of its own.
const waiting = [...document.querySelectorAll("#on-top h2 a")].map((link) => link.getAttribute("href"));
if (waiting.length && keeps !== undefined && navigator.onLine && !navigator.connection?.saveData) {
  const fetchThem = () => navigator.serviceWorker?.controller?.postMessage({ type: "keep", addresses: waiting, person });
  setTimeout(fetchThem, 5000 + Math.random() * 55000);
}
