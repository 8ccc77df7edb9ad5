// Small behaviours by data attribute. Every page works without this file.

const on = (type, selector, handle) =>
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element) handle(element, event);
  });

// --- Menus and dialogs ---------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});
on("click", "[data-dialog]", (opener, event) => {
  const dialog = document.getElementById(opener.dataset.dialog);
  if (!dialog?.showModal) return;
  event.preventDefault();
  dialog.showModal();
});
on("click", "[data-dialog-close]", (closer) => closer.closest("dialog")?.close());
on("click", "dialog", (dialog, event) => {
  if (event.target === dialog) dialog.close();
});

// --- Toasts --------------------------------------------------------------------------------------------
const TOAST_SECONDS = 8;

function tendToast(toast) {
  const close = toast.querySelector("[data-toast-close]");
  if (close) close.hidden = false;
  if (toast.hasAttribute("data-stay")) return;
  let timer = 0;
  const wait = () => (timer = setTimeout(() => toast.remove(), TOAST_SECONDS * 1000));
  const hold = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusout", wait);
  wait();
}
on("click", "[data-toast-close]", (button) => button.closest("[data-toast]")?.remove());

function say(text) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  toast.append(Object.assign(document.createElement("span"), { textContent: text }));
  document.getElementById("toasts")?.append(toast);
}
document.addEventListener("tunet:say", (event) => say(event.detail));
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) tendToast(node);
  }
}).observe(document.getElementById("toasts") ?? document.body, { childList: true });

// --- Forms ---------------------------------------------------------------------------------------------
on("change", "[data-submit]", (control) => control.form?.requestSubmit());
on("keydown", "textarea", (area, event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.form?.requestSubmit();
});
on("input", "textarea[data-grow]", grow);
on("click", ".pw__show", (button) => {
  const input = button.parentElement.querySelector("input");
  const shown = input.type === "text";
  input.type = shown ? "password" : "text";
  button.textContent = shown ? button.dataset.show : button.dataset.hide;
  button.setAttribute("aria-pressed", String(!shown));
});
on("change", "input[type=file][data-preview]", (input) => {
  const box = document.querySelector(input.dataset.preview);
  if (!box) return;
  box.replaceChildren();
  for (const file of input.files) {
    if (!file.type.startsWith("image/")) continue;
    const picture = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: file.name });
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
    box.append(picture);
  }
});
// A second press must not send twice; the button wakes up again when one comes back to the page.
on("submit", "form[method=post]", (form, event) => {
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || form.matches("[hx-post],[data-hx-post]")) return;
  if (event.submitter?.formMethod === "dialog") return;
  form.dataset.sending = "1";
  setTimeout(() => delete form.dataset.sending, 10000);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});

function grow(area) {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

// --- Copying an address --------------------------------------------------------------------------------
on("click", "[data-copy]", async (button, event) => {
  event.preventDefault();
  const text = button.dataset.copy.startsWith("/") ? location.origin + button.dataset.copy : button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
    say(button.dataset.copied || document.body.dataset.copied);
  } catch {
    prompt("", text);
  }
});

on("click", "[data-print]", () => print());
// Paper is white, whatever the screen is.
const { dataset: looks } = document.documentElement;
let scheme = looks.colorScheme;
addEventListener("beforeprint", () => {
  scheme = looks.colorScheme;
  looks.colorScheme = "light";
});
addEventListener("afterprint", () => (looks.colorScheme = scheme));

// --- What needs care when it appears, on load and after every swap ----------------------------------------
function tend(root) {
  for (const toast of root.querySelectorAll("[data-toast]")) tendToast(toast);
  for (const button of root.querySelectorAll(".pw__show, [data-print]")) button.hidden = false;
  for (const area of root.querySelectorAll("textarea[data-grow]")) grow(area);
  root.querySelector("[data-focus]")?.focus();
}
tend(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) tend(event.target);
});
// Only what a person sends can be lost; what a page asks for by itself, it asks for again.
const lost = ({ verb, triggeringEvent }) => {
  if (verb !== "get") say(document.body.dataset.unsent);
  else if (triggeringEvent?.type === "click") say(document.body.dataset.unfetched);
};
document.addEventListener("htmx:sendError", ({ detail }) => lost(detail.requestConfig));
// What was too much is refused with a sentence of its own.
document.addEventListener("htmx:responseError", ({ detail: { xhr, requestConfig } }) => {
  const told = xhr.getResponseHeader("content-type")?.startsWith("text/plain") && xhr.status < 500;
  if (told) say(xhr.responseText);
  else lost(requestConfig);
});

// --- Words that grow old: «38 min» is told anew every minute by asking nothing -------------------------------
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "narrow" });
function tellTimes() {
  for (const time of document.querySelectorAll('time[data-when="ago"]')) {
    const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60000);
    if (minutes > 0 && minutes < 60) {
      const unit = relative.formatToParts(-minutes, "minute").find((part) => part.type === "integer");
      time.textContent = `${unit.value} min`;
    }
  }
}
setInterval(tellTimes, 60000);
