// Notifications on this device: asked for on a card of our own after an act that makes them useful, never by itself.
// The page says `data-push` (the key to subscribe with, and a mark of the session) where this device may have them.

const { person, push } = document.body.dataset;
const [key, session] = (push ?? "").split(" ");
// What was subscribed for: key, session and address. When one of them is another it is done anew; what was turned off
// from elsewhere stays off.
const WANTED = `tunet-push:${person}`;
const ASK_NEXT = "tunet-push-ask";
const can = "serviceWorker" in navigator && "PushManager" in self && "Notification" in self;
const isApple = /iPhone|iPad/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
const isInstalled = navigator.standalone || matchMedia("(display-mode: standalone)").matches;

const headers = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");

async function subscribe() {
  const { pushManager } = await navigator.serviceWorker.ready;
  let found = await pushManager.getSubscription();
  if (found && localStorage.getItem(WANTED)?.split(" ")[0] !== key) {
    await found.unsubscribe();
    found = null;
  }
  found ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const told = { ...headers(), "Content-Type": "application/json" };
  const answer = await fetch("/api/v1/devices/", { method: "POST", headers: told, body: JSON.stringify(found) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  localStorage.setItem(WANTED, `${push} ${found.endpoint}`);
}

async function forget() {
  localStorage.removeItem(WANTED);
  const registration = await navigator.serviceWorker?.getRegistration();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}

// --- What this browser can do, and the part of a card that fits --------------------------------------------
function state(card) {
  if (!can) return isApple && !isInstalled ? "guide" : "without";
  if (Notification.permission === "denied") return "blocked";
  return card.hasAttribute("data-push-on") && Notification.permission === "granted" ? "done" : "choice";
}

function show(card, fitting) {
  for (const part of ["choice", "guide", "done", "blocked", "failed", "without"]) {
    const element = card.querySelector(`[data-push-${part}]`);
    if (element) element.hidden = part !== fitting && !(part === "choice" && fitting === "failed");
  }
}

async function turnOn(card) {
  const permission = Notification.permission === "default" ? await Notification.requestPermission() : Notification.permission;
  if (permission === "denied") return show(card, "blocked");
  if (permission !== "granted") return undefined;
  try {
    await subscribe();
  } catch {
    return show(card, "failed");
  }
  if (card.hasAttribute("data-push-here")) return location.reload();
  return show(card, "done");
}

document.addEventListener("click", (event) => {
  const card = event.target.closest("[data-push-ask], [data-push-here]");
  if (event.target.closest("[data-push-yes]")) turnOn(card);
  else if (event.target.closest("[data-push-no]")) {
    card.remove();
    document.getElementById("content")?.focus({ preventScroll: true });
  }
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-push-off]")) forget().catch(() => {});
  else if (event.target.matches("[data-sign-out]")) closeAll().catch(() => {});
  else if (event.target.matches("[data-asks-push]:not([hx-post])")) sessionStorage.setItem(ASK_NEXT, event.target.dataset.asksPush);
});
for (const card of document.querySelectorAll("[data-push-here]")) if (push) show(card, state(card));

// --- Asking, once the act is done --------------------------------------------------------------------------
const heading = document.querySelector("main h1");
async function ask(place, name) {
  const fits = state(document.body);
  if (!place || !push || (fits !== "choice" && fits !== "guide") || localStorage.getItem(WANTED) || document.querySelector("[data-push-ask]")) return;
  const answer = await fetch("/notifications/ask/", { method: "POST", headers: headers() });
  if (answer.status !== 200) return;
  // Above the field: that shrinks when it is left, and would move the card away under the finger.
  place.insertAdjacentHTML(place.matches("form") ? "beforebegin" : "afterend", await answer.text());
  const card = document.querySelector("[data-push-ask]");
  const title = card.querySelector("[data-push-who]");
  if (name) title.textContent = title.dataset.pushWho.replace("{name}", name);
  show(card, fits);
  // Not half below the bar: it is asked because of what the person just did.
  card.scrollIntoView({ block: "nearest" });
}
document.addEventListener("htmx:afterRequest", (event) => {
  // The form as it was: what it brought may stand in its place by now.
  const form = event.detail.requestConfig.elt.closest("form[data-asks-push]");
  if (!form || !event.detail.successful || event.detail.requestConfig.verb !== "post") return;
  if (event.detail.xhr.getResponseHeader("HX-Redirect")) return;
  // A new post takes the place of its form: below it, once it stands there.
  const here = () => (form.isConnected && !form.closest("dialog") ? form : document.querySelector("#feed-list .post") ?? heading);
  setTimeout(() => ask(here(), form.dataset.asksPush).catch(() => {}), 500);
});
const waiting = sessionStorage.getItem(ASK_NEXT);
sessionStorage.removeItem(ASK_NEXT);
if (waiting !== null && heading) ask(heading, waiting).catch(() => {});

// --- The same person again, in a new session; everything read; putting it on the device ----------------------
async function keepUp(wanted) {
  const { pushManager } = await navigator.serviceWorker.ready;
  if (wanted !== `${push} ${(await pushManager.getSubscription())?.endpoint}`) await subscribe();
}
const wanted = localStorage.getItem(WANTED);
if (push && can && wanted && Notification.permission === "granted") {
  setTimeout(() => keepUp(wanted).catch(() => {}), 1000 + Math.random() * 9000);
}
async function closeAll() {
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await registration?.getNotifications?.()) ?? []) shown.close();
}
document.body.addEventListener("tunet:counters", ({ detail }) => {
  if (detail.unread === 0) closeAll().catch(() => {});
});
addEventListener("beforeinstallprompt", (event) => {
  for (const place of document.querySelectorAll("[data-install]")) {
    event.preventDefault();
    place.hidden = false;
    place.addEventListener("click", () => event.prompt(), { once: true });
  }
});
