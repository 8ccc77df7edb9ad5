// Served at /sw.js with the list of what to keep in front of it. Keeps the offline page and static files; and of what
// people have written only the important messages this person has opened or has on top, in a cache of their own that
// is erased at sign-out and as soon as a page says that nobody, or somebody else, is signed in. A page that does not
// say `data-keeps` is not kept: the session ends with the browser, and the device may be shared.

const { version, offline, files, icon } = self.TUNET;
const STATIC = `tunet-static-${version}`;
const PAGES = "tunet-pages-";
const MESSAGE = /^\/announcements\/[^/]+\/$/;
const MOST = 40;
// The colleagues one finds without a network lie there too: offline.js keeps them.
const CONTACTS = "/people/contacts/";
const OUTBOX = "tunet-outbox";

self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(STATIC);
    await cache.addAll([...files, offline]);
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("tunet-static-") && name !== STATIC).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, address));
  else if (files.includes(address.pathname)) event.respondWith(kept(request));
  else if (request.destination === "image") event.respondWith(picture(request));
});

async function page(event, address) {
  try {
    const answer = await fetch(event.request);
    if (MESSAGE.test(address.pathname)) event.waitUntil(look(address, answer.clone()));
    return answer;
  } catch {
    return (await opened(address)) ?? (await caches.match(offline)) ?? Response.error();
  }
}

async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function picture(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}

// --- Important messages ----------------------------------------------------------------------------------
async function opened(address) {
  if (!MESSAGE.test(address.pathname)) return undefined;
  return (await caches.match(address.href)) ?? caches.match(address.href, { ignoreSearch: true });
}

async function look(address, answer) {
  if (answer.redirected || answer.status === 404) return forget(address, answer.redirected);
  if (!answer.ok) return undefined;
  const html = await answer.clone().text();
  const person = /<body[^>]* data-person="([^"]+)"[^>]* data-keeps/.exec(html)?.[1];
  return person ? keepMessage(address, answer, html, person) : undefined;
}

async function forget(address, signedOut) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    if (signedOut) await caches.delete(name);
    else await (await caches.open(name)).delete(address.href, { ignoreSearch: true });
  }
}

async function keepMessage(address, answer, html, person) {
  const name = PAGES + person;
  const others = (await caches.keys()).filter((one) => one.startsWith(PAGES) && one !== name);
  await Promise.all(others.map((one) => caches.delete(one)));
  const cache = await caches.open(name);
  await cache.delete(address.href);
  await cache.put(address.href, answer);
  const source = /<img class="hero-img" src="([^"]+)"/.exec(html)?.[1];
  if (source && !(await cache.match(source))) await cache.add(source).catch(() => {});
  const addresses = (await cache.keys()).filter((one) => !one.url.endsWith(CONTACTS));
  await Promise.all(addresses.slice(0, Math.max(0, addresses.length - MOST)).map((one) => cache.delete(one)));
}

// A page has messages on top that have not been opened yet: they are fetched once, and count as seen by nobody.
self.addEventListener("message", (event) => {
  const { type, addresses, person } = event.data ?? {};
  if (type === "claim") event.waitUntil(self.clients.claim());
  if (type !== "keep") return;
  const fetchThem = async () => {
    const cache = await caches.open(PAGES + person);
    for (const each of addresses) {
      const address = new URL(each, self.location.origin);
      if (!MESSAGE.test(address.pathname) || (await cache.match(address.href))) continue;
      await look(address, await fetch(address.href, { credentials: "same-origin" }));
    }
  };
  event.waitUntil(fetchThem().catch(() => {}));
});

// --- What was confirmed without a network, sent though no page is open any more ---------------------------------
self.addEventListener("sync", (event) => {
  if (event.tag === OUTBOX) event.waitUntil(sendKept());
});

async function sendKept() {
  const pages = await self.clients.matchAll({ type: "window" });
  if (pages.length) pages.forEach((one) => one.postMessage(OUTBOX));
  else await (self.navigator.locks ? self.navigator.locks.request(OUTBOX, sendAll) : sendAll());
}

async function sendAll() {
  const base = await new Promise((done, fail) => {
    const request = indexedDB.open(OUTBOX, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept", { keyPath: "key" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const ask = (mode, act) => new Promise((done, fail) => {
    const request = act(base.transaction("kept", mode).objectStore("kept"));
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  for (const entry of await ask("readonly", (store) => store.getAll())) {
    if (entry.refused !== undefined) continue;
    const headers = { "X-CSRFToken": entry.token, Accept: "application/json" };
    const answer = await fetch(entry.address, { method: "POST", headers, body: new URLSearchParams(entry.fields) });
    if (answer.ok && !answer.redirected) await ask("readwrite", (store) => store.delete(entry.key));
    else if ([404, 409, 410].includes(answer.status)) {
      // The next page tells it.
      const refused = answer.status === 409 ? (await answer.json()).detail : "";
      await ask("readwrite", (store) => store.put({ ...entry, refused }));
    }
  }
  base.close();
}

// --- Notifications ------------------------------------------------------------------------------------------------
// The words are decided by the server, which leaves out what was said in closed groups. One that was tried twice
// carries the same mark, and is not heard twice.
self.addEventListener("push", (event) => event.waitUntil(showMessage(event.data?.json() ?? {})));

async function showMessage({ title = "Tunet", body = "", url = "/", tag = "tunet", mark, lang, unread }) {
  const shown = await self.registration.getNotifications({ tag });
  const renotify = !shown.some((one) => one.data?.mark === mark);
  await self.registration.showNotification(title, { body, tag, lang, renotify, icon, data: { url, mark } });
  if ("setAppBadge" in self.navigator && unread !== undefined) {
    await (unread ? self.navigator.setAppBadge(unread) : self.navigator.clearAppBadge()).catch(() => {});
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data?.url ?? "/", self.location.origin);
  if (address.origin === self.location.origin) event.waitUntil(goTo(address.href));
});

// A page that already shows it comes to the front; what somebody is writing in another is left alone.
async function goTo(address) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => page.url === address);
  return there ? there.focus() : self.clients.openWindow(address);
}
