// Served at /sw.js with the list of what to keep in front of it. Keeps the offline page and static files, nothing
// that anyone has written: what is private never lies in a cache that the next person at the device can open.

const { version, offline, files } = self.TUNET;
const STATIC = `tunet-static-${version}`;

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
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (files.includes(address.pathname)) event.respondWith(kept(request));
});

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(offline)) ?? Response.error();
  }
}

async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}
