// One event stream per browser, whatever the number of tabs: the tab that holds the lock listens and tells the
// others. The stream carries ids and counters only; each message is sent on as a DOM event `tunet:<type>` on <body>,
// so that a fragment can ask for its new content: hx-trigger="tunet:comments from:body".
// A message to very many says `spread`: the seconds over which its readers come back to ask.

const CHANNEL = "tunet-live";
// Events after which the number of unread has changed.
const COUNTED = ["notifications", "announcement"];
const POLL_SECONDS = 60;
const person = document.body.dataset.person;
const channel = "BroadcastChannel" in self ? new BroadcastChannel(`${CHANNEL}:${person}`) : null;
const title = document.title;
let leads = false;
let source = null;
let tries = 0;
let heardAt = Date.now();

function tell(message) {
  receive(message);
  channel?.postMessage(message);
  if (COUNTED.includes(message.type) && typeof message.unread !== "number") askSoon(message.spread ?? 0);
}

// What goes to thousands at once names the seconds over which their questions are spread.
let asking = 0;
function askSoon(spread) {
  clearTimeout(asking);
  asking = setTimeout(ask, 200 + Math.random() * spread * 1000);
}

function receive(message) {
  heardAt = Date.now();
  if (typeof message.unread === "number") showUnread(message.unread);
  else if (message.type === "notifications" && leads) later(ask, message.spread ?? 1);
  later(() => announce(message), message.spread ?? 0);
}

function later(act, seconds) {
  if (seconds) setTimeout(act, Math.random() * seconds * 1000);
  else act();
}

function announce(message) {
  document.body.dispatchEvent(new CustomEvent(`tunet:${message.type}`, { detail: message }));
}

function showUnread(count) {
  for (const badge of document.querySelectorAll("[data-unread]")) badge.textContent = count ? String(count) : "";
  for (const words of document.querySelectorAll("[data-unread-words]")) {
    words.textContent = count ? `, ${words.dataset.unreadWords.replace("#", String(count))}` : "";
  }
  document.title = count ? `(${count}) ${title}` : title;
  if ("setAppBadge" in navigator) (count ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {});
}

function listen() {
  source = new EventSource("/events/");
  source.onopen = () => {
    if (tries) later(ask, 5);
    tries = 0;
  };
  source.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.type === "close") stop();
    tell(message);
  };
  source.onerror = () => {
    stop();
    tries += 1;
    // Everyone must not come back at the same moment.
    const wait = Math.min(60, 2 ** Math.min(tries, 6)) * (0.5 + Math.random());
    setTimeout(() => source ?? listen(), wait * 1000);
  };
}

function stop() {
  source?.close();
  source = null;
}

async function ask() {
  try {
    const answer = await fetch("/notifications/counters/", { headers: { Accept: "application/json" } });
    if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) return;
    tell({ type: "counters", ...(await answer.json()) });
  } catch { /* offline: the next round asks again */ }
}

function lead() {
  leads = true;
  listen();
  return new Promise(() => {});
}

channel?.addEventListener("message", (event) => receive(event.data));
if (navigator.locks) navigator.locks.request(`${CHANNEL}:${person}`, lead);
else lead();
setInterval(() => {
  const quiet = (Date.now() - heardAt) / 1000 >= POLL_SECONDS;
  if (quiet && !document.hidden && source?.readyState !== EventSource.OPEN) ask();
}, POLL_SECONDS * 1000);
addEventListener("pagehide", stop);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  if (leads) listen();
  ask();
});
const start = Number.parseInt(document.querySelector("[data-unread]")?.textContent ?? "", 10);
if (start) showUnread(start);
