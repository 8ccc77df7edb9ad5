// Figures that move while someone looks at them. Only what has changed is touched, so focus, scroll and what the reader
// has opened stay where they are.

const LONGEST_WAIT_SECONDS = 120;

function renewAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (name !== "open" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

const alike = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName && one.id === other.id;

function renew(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  renewAttributes(old, fresh);
  const before = [...old.childNodes], after = [...fresh.childNodes];
  if (before.length === after.length && before.every((node, index) => alike(node, after[index]))) {
    before.forEach((node, index) => renew(node, after[index]));
    return;
  }
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  old.replaceChildren(...after);
  if (focused) [...old.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === focused)?.focus({ preventScroll: true });
}

function follow(panel) {
  let timer = 0, failures = 0;
  const late = document.querySelector("[data-figures-late]");
  const wait = () => {
    clearTimeout(timer);
    const seconds = Math.min(Number(panel.dataset.every) * 2 ** failures, LONGEST_WAIT_SECONDS);
    if (panel.dataset.figures && document.visibilityState === "visible") timer = setTimeout(fetchAgain, seconds * 1000);
  };
  async function fetchAgain() {
    try {
      const answer = await fetch(panel.dataset.figures, { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(panel.id);
      if (!fresh) throw new Error("no figures");
      renew(panel, fresh);
      failures = 0;
    } catch {
      failures += 1;
    }
    if (late) late.hidden = failures < 2;
    if (panel.isConnected) wait();
  }
  document.addEventListener("visibilitychange", wait);
  wait();
}

const panel = document.getElementById("panel");
if (panel) follow(panel);
