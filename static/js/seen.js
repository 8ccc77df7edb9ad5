// «Seen by 58 of 64»: posts that have been in view for a second, told to the server a screenful at a time. Only where
// the group counts it, and only by a page that is before somebody's eyes.

const WATCHED_MILLISECONDS = 1000;
const GATHERED_MILLISECONDS = 1500;
const timers = new Map();
const told = new Set();
let gathered = [];
let sending = 0;

async function send() {
  const posts = gathered.splice(0, 50);
  sending = gathered.length ? setTimeout(send, GATHERED_MILLISECONDS) : 0;
  if (!posts.length) return;
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  const body = new URLSearchParams(posts.map((post) => ["post", post]));
  try {
    await fetch("/feed/seen/", { method: "POST", headers, body, keepalive: true });
  } catch {
    for (const post of posts) told.delete(post);
  }
}

function seen(article) {
  timers.delete(article);
  const post = article.dataset.post;
  if (document.visibilityState !== "visible" || told.has(post)) return;
  told.add(post);
  observer.unobserve(article);
  gathered.push(post);
  sending ||= setTimeout(send, GATHERED_MILLISECONDS);
}

// A post counts as in view when some of it stands in the middle of the screen.
const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    clearTimeout(timers.get(target));
    timers.delete(target);
    if (isIntersecting) timers.set(target, setTimeout(seen, WATCHED_MILLISECONDS, target));
  }
}, { rootMargin: "-15% 0px -15% 0px" });

function watch(root) {
  for (const article of root.querySelectorAll?.("[data-counts-seen]") ?? []) {
    if (!told.has(article.dataset.post)) observer.observe(article);
  }
}
watch(document);
document.addEventListener("htmx:load", (event) => watch(event.target.parentElement ?? event.target));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") {
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
    clearTimeout(sending);
    send();
    return;
  }
  for (const article of document.querySelectorAll("[data-counts-seen]")) {
    observer.unobserve(article);
    if (!told.has(article.dataset.post)) observer.observe(article);
  }
});
