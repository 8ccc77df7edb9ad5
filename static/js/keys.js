// Single keys for those who like them: the list is behind «?», and the switch to turn them off is there too.

const OFF = "tunet:keys-off";
const PLACES = { h: "/", g: "/groups/", k: "/people/", v: "/notifications/" };
const dialog = document.getElementById("keys");
const isOff = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]");

let went = 0;
function step(by) {
  const posts = [...document.querySelectorAll("article.post")];
  const now = posts.findIndex((post) => post.contains(document.activeElement));
  const next = posts[Math.min(posts.length - 1, Math.max(0, now + by))];
  if (!next) return;
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "start" });
}
const ACTS = {
  "/": () => (document.querySelector("main [data-key-search]") ?? document.querySelector("[data-key-search]"))?.focus(),
  n: () => document.querySelector("[data-key-new]")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  l: () => document.activeElement.closest("article.post")?.querySelector("[data-like]")?.click(),
  g: () => (went = Date.now()),
  "?": () => dialog?.showModal(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key !== "?" && isOff()) return;
  if (went && Date.now() - went < 1200 && PLACES[event.key]) {
    went = 0;
    location.assign(PLACES[event.key]);
    return;
  }
  const act = ACTS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
const toggle = dialog?.querySelector("[data-keys-on]");
if (toggle) {
  toggle.checked = !isOff();
  toggle.addEventListener("change", () => {
    try { localStorage.setItem(OFF, toggle.checked ? "0" : "1"); } catch { /* stays as it was */ }
  });
}
