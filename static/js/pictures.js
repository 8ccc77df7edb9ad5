// The pictures of a post or comment, above the page: swipe, arrow keys, Escape. Without script each is a link.

const SWIPE = 48;

function open(link) {
  const gallery = link.closest("[data-gallery]");
  const links = [...gallery.querySelectorAll("[data-picture]")];
  const dialog = gallery.querySelector("template").content.firstElementChild.cloneNode(true);
  let at = links.indexOf(link);

  const show = (place) => {
    if (!links[place]) return;
    at = place;
    const { href, dataset } = links[at];
    // A new element, so that the last picture does not stand there under the next one's words.
    const image = Object.assign(new Image(), { src: href, alt: dataset.picture || links[at].querySelector("img")?.alt || "" });
    dialog.querySelector("img").replaceWith(image);
    dialog.querySelector("figcaption").textContent = dataset.picture;
    Object.assign(dialog.querySelector("[data-save]"), { href, download: `${href.split("/").at(-2)}.webp` });
    const told = dialog.querySelector("[data-place]");
    told.textContent = links.length > 1 ? told.dataset.place.replace("##", links.length).replace("#", at + 1) : "";
    for (const button of dialog.querySelectorAll("[data-step]")) {
      button.hidden = links.length < 2;
      button.disabled = !links[at + Number(button.dataset.step)];
    }
    if (links[at + 1]) new Image().src = links[at + 1].href;
  };

  for (const button of dialog.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => show(at + Number(button.dataset.step)));
  }
  dialog.querySelector("[data-shut]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target.matches("dialog, figure")) dialog.close(); });
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) show(at + step);
    // The page's own keys rest while a picture is open.
    event.stopPropagation();
  });
  let from = null;
  dialog.addEventListener("touchstart", ({ touches }) => { from = touches.length === 1 ? touches[0] : null; }, { passive: true });
  dialog.addEventListener("touchend", ({ changedTouches: [to] }) => {
    if (!from || (visualViewport?.scale ?? 1) > 1.05) return;
    const [x, y] = [to.clientX - from.clientX, to.clientY - from.clientY];
    if (Math.abs(x) > SWIPE && Math.abs(x) > Math.abs(y)) show(at + (x < 0 ? 1 : -1));
    else if (y > 2 * SWIPE) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    // Those beyond four have no place of their own in the page.
    (links[at].checkVisibility?.() === false ? link : links[at]).focus();
  });
  document.body.append(dialog);
  show(at);
  dialog.showModal();
  dialog.querySelector("[data-shut]").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-picture]") : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !self.HTMLDialogElement) return;
  event.preventDefault();
  open(link);
});
