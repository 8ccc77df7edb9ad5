// Important messages: told to the server once they have been in view, and fetched when something new is out.

const WATCHED_MILLISECONDS = 1000;

// --- Seen: only by a person who has the message before them, never by a page fetched in advance ----------------
function watch(article) {
  let timer = 0;
  const observer = new IntersectionObserver((entries) => {
    clearTimeout(timer);
    const inView = entries.some((entry) => entry.isIntersecting);
    if (inView && document.visibilityState === "visible") timer = setTimeout(told, WATCHED_MILLISECONDS);
  }, { rootMargin: "0px 0px -20% 0px" });
  const title = article.querySelector("h1") ?? article;
  const again = () => {
    observer.unobserve(title);
    observer.observe(title);
  };
  async function told() {
    if (document.visibilityState !== "visible") return;
    observer.disconnect();
    document.removeEventListener("visibilitychange", again);
    const address = article.dataset.seen;
    const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
    const body = new URLSearchParams({ beacon: "1" });
    try {
      await fetch(address, { method: "POST", headers, body, keepalive: true });
    } catch {
      document.dispatchEvent(new CustomEvent("tunet:keep", { detail: { address, fields: { beacon: "1" } } }));
    }
  }
  document.addEventListener("visibilitychange", again);
  observer.observe(title);
}
for (const article of document.querySelectorAll("[data-seen]")) watch(article);

// --- On top of the home page ------------------------------------------------------------------------------------
async function refresh() {
  const old = document.getElementById("on-top");
  if (!old) return;
  try {
    const answer = await fetch(old.dataset.onTop, { headers: { "HX-Request": "true", "Tunet-Background": "1" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("on-top");
    if (!fresh || fresh.innerHTML === old.innerHTML) return;
    old.replaceChildren(...fresh.childNodes);
    old.hidden = fresh.hidden;
  } catch { /* offline: it stands there at the next visit */ }
}
document.body.addEventListener("tunet:announcement", refresh);
// Seen or confirmed on another device of the same person.
document.body.addEventListener("tunet:notifications", (event) => {
  if (event.detail?.announcement) refresh();
});
