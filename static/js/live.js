// One event stream per browser, whatever the number of tabs: the tab that holds the lock listens and tells the
// others. The stream carries ids and counters only; each is sent on as a DOM event `tunet:<type>` on <body>,
// so that a fragment can ask for its new content: hx-trigger="tunet:notifications from:body".

const CHANNEL = "tunet-live";
const NAMED = ["notifications", "announcement", "announcements", "feed", "post", "group", "comments", "progress", "counters", "close"];
const POLL_SECONDS = 60;
const person = document.body.dataset.person;
const channel = "BroadcastChannel" in self ? new BroadcastChannel(`${CHANNEL}:${person}`) : null;
const title = document.title;
let source = null;
let tries = 0;
let heardAt = Date.now();

function tell(message) {
  receive(message);
  channel?.postMessage(message);
}

function receive(message) {
  heardAt = Date.now();
  if (message.type === "close") stop();
  if (typeof message.unread === "number") showUnread(message.unread);
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

function parse(event, type) {
  let data = {};
  try { data = JSON.parse(event.data); } catch { data = { data: event.data }; }
  return { ...data, type: data.type ?? type };
}

function listen() {
  source = new EventSource("/events/");
  source.onopen = () => {
    if (tries) ask();
    tries = 0;
  };
  source.onmessage = (event) => tell(parse(event, "message"));
  for (const name of NAMED) source.addEventListener(name, (event) => tell(parse(event, name)));
  source.onerror = () => {
    source.close();
    tries += 1;
    // Everyone must not come back at the same moment.
    const wait = Math.min(60, 2 ** Math.min(tries, 6)) * (0.5 + Math.random());
    setTimeout(() => source && listen(), wait * 1000);
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

channel?.addEventListener("message", (event) => receive(event.data));
let leads = false;
function lead() {
  leads = true;
  listen();
  return new Promise(() => {});
}
if (navigator.locks) navigator.locks.request(`${CHANNEL}:${person}`, lead);
else lead();
setInterval(() => {
  const quiet = (Date.now() - heardAt) / 1000 > POLL_SECONDS;
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
