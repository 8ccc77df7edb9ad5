// The banner of those who have lost the network, the service worker, and forgetting at sign-out.

const banner = document.querySelector("[data-offline]");
const show = () => { if (banner) banner.hidden = navigator.onLine; };
addEventListener("online", show);
addEventListener("offline", show);
show();

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});

async function forgetPages() {
  if (!("caches" in self)) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("tunet-pages")).map((name) => caches.delete(name)));
}
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) forgetPages();
});
if (!document.body.dataset.person) forgetPages();
