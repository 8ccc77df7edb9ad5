// What is new, on the open page. One line to the server (line.js) serves every tab of the browser; here its messages
// become DOM events `tunet:<type>` on <body>, so that a fragment can ask for its new content:
// hx-trigger="tunet:comments from:body". A message to very many says `spread`: the seconds over which its readers come
// back to ask; and a page that nobody looks at asks when somebody does.

const { person, line: source } = document.body.dataset;
const NAME = `tunet-line:${person}`;
const page = crypto.randomUUID?.() ?? String(Math.random());
let unread;
const waiting = new Map();
let last = document.body.dataset.since;

// --- What is heard --------------------------------------------------------------------------------------------
function receive(said) {
  if (!said.message) return;
  const { message } = said;
  last = said.last || last;
  if (message.type === "line") document.documentElement.dataset.live = message.state;
  else if (message.type === "counters") showUnread(message.unread);
  else if (message.spread) setTimeout(announce, Math.random() * message.spread * 1000, message);
  else announce(message);
}

function announce(message) {
  if (document.hidden) waiting.set(`${message.type} ${message.thread ?? ""}`, message);
  else document.body.dispatchEvent(new CustomEvent(`tunet:${message.type}`, { detail: message }));
}

function showUnread(count) {
  unread = count;
  for (const badge of document.querySelectorAll("[data-unread]")) badge.textContent = count ? String(count) : "";
  for (const words of document.querySelectorAll("[data-unread-words]")) {
    words.textContent = count ? `, ${words.dataset.unreadWords.replace("#", String(count))}` : "";
  }
  showTitle();
  if ("setAppBadge" in navigator) (count ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {});
}

function showTitle() {
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = unread ? `(${unread}) ${title}` : title;
}

// What a page fetches of itself brings its own title along, without the number.
document.body.addEventListener("htmx:afterSettle", showTitle);

// A page that has been away for too long is not mended; whoever reads it says when, for something may be half written.
document.body.addEventListener("tunet:reload", () => {
  const { oldPage, fetchAnew } = document.body.dataset;
  const toast = Object.assign(document.createElement("div"), { className: "toast" });
  toast.dataset.toast = toast.dataset.stay = "";
  const { pathname: address, search } = location;
  const link = Object.assign(document.createElement("a"), { className: "toast__act", href: address + search, textContent: fetchAnew });
  toast.append(Object.assign(document.createElement("span"), { textContent: oldPage }), link);
  document.getElementById("toasts")?.append(toast);
});

// --- What the page says ---------------------------------------------------------------------------------------
let say = () => {};
function show(hurry = false) {
  const threads = [...document.querySelectorAll(".cmts[data-thread]:not([hidden])")].map((one) => one.dataset.thread);
  say({ page, since: last, visible: !document.hidden, threads, hurry });
}

function throughWorker() {
  const worker = new SharedWorker(source, { type: "module", name: NAME });
  worker.onerror = throughOneTab;
  worker.port.onmessage = (event) => receive(event.data);
  say = (what) => worker.port.postMessage(what);
}

// The tab that holds the lock has the line, and tells the others.
function throughOneTab() {
  const channel = "BroadcastChannel" in self ? new BroadcastChannel(NAME) : null;
  let line = null;
  const hear = ({ page: from, ...what }) => (what.leaves ? line?.leaves(from) : line?.shows(from, what));
  const lead = async () => {
    const { Line } = await import(source);
    line = new Line((said) => {
      receive(said);
      channel?.postMessage(said);
    });
    channel?.postMessage({ whatDoYouShow: true });
    show();
    return new Promise(() => {});
  };
  channel?.addEventListener("message", ({ data }) => {
    if (data.whatDoYouShow) show();
    else if (data.page) hear(data);
    else receive(data);
  });
  say = (what) => (line ? hear(what) : channel?.postMessage(what));
  addEventListener("pagehide", () => line?.stop());
  if (navigator.locks) navigator.locks.request(NAME, lead);
  else lead();
}

if ("SharedWorker" in self) throughWorker();
else throughOneTab();
show();

let settling = 0;
document.addEventListener("htmx:afterSettle", () => {
  clearTimeout(settling);
  settling = setTimeout(show, 1000);
});
document.addEventListener("visibilitychange", () => {
  show(!document.hidden);
  if (document.hidden) return;
  for (const message of waiting.values()) announce(message);
  waiting.clear();
});
addEventListener("online", () => show(true));
addEventListener("pagehide", () => say({ page, leaves: true }));
addEventListener("pageshow", (event) => {
  if (event.persisted) show(true);
});
const start = Number.parseInt(document.querySelector("[data-unread]")?.textContent ?? "", 10);
if (start) showUnread(start);
