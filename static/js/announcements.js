// Important messages: told to the server once they have been in view.

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
