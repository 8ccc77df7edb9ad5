// An important message that comes while a page is open: a band at the top of the window, and a card on the home page.

const loud = document.getElementById("band");
const quiet = document.getElementById("band-quiet");
const cards = document.getElementById("on-top");
const shown = () => document.querySelector(".band");

// The card on the home page says it as long as it is in view.
function place() {
  const band = shown();
  if (!band || !cards) return;
  const { bottom } = cards.getBoundingClientRect();
  band.hidden = !cards.hidden && bottom > loud.getBoundingClientRect().top;
}

function show(fresh) {
  const band = shown();
  if (band?.dataset.band === fresh?.dataset.band) return;
  band?.remove();
  if (fresh) (fresh.matches(".band--critical") ? loud : quiet).append(fresh);
  place();
}

async function refresh() {
  const address = new URL(loud.dataset.bands, location.origin);
  address.searchParams.set("at", cards ? "/" : location.pathname);
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true", "Tunet-Background": "1" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    renew(page.getElementById("on-top"));
    show(page.querySelector(".band"));
  } catch { /* offline: it stands there at the next visit */ }
}

function renew(fresh) {
  if (!cards || !fresh || fresh.innerHTML === cards.innerHTML) return;
  cards.setAttribute("aria-live", fresh.getAttribute("aria-live"));
  cards.replaceChildren(...fresh.childNodes);
  cards.hidden = fresh.hidden;
}

document.body.addEventListener("tunet:announcement", refresh);
// Seen or confirmed on another device of the same person.
document.body.addEventListener("tunet:notifications", (event) => {
  if (event.detail?.announcement) refresh();
});
document.addEventListener("submit", (event) => {
  if (!event.target.closest(".band")) return;
  event.preventDefault();
  const body = new FormData(event.target);
  body.set("beacon", "1");
  fetch(event.target.action, { method: "POST", body, keepalive: true }).then(refresh, () => {});
  shown().remove();
});
if (cards) addEventListener("scroll", place, { passive: true });
place();
