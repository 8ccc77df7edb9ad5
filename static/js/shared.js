// On a device that several people use (`data-shared` on the body tells after how many seconds it is left): asks whether
// somebody is still there, and otherwise signs out. What the browser would show of it with its own back button goes too.

const seconds = Number(document.body.dataset.shared);
const WARNED = Math.min(60, seconds / 2);
const TOLD_EVERY = 60_000;
const dialog = document.querySelector("[data-still-here]");
const leave = document.querySelector("form[data-leave]");
let touched = Date.now();
let told = Date.now();

function touch() {
  touched = Date.now();
  if (dialog.open) return;
  if (touched - told > TOLD_EVERY) tell();
}

function tell() {
  told = Date.now();
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
  fetch(dialog.dataset.stillHere, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => {});
}

for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, touch, { passive: true, capture: true });
dialog.querySelector("[data-stay]").addEventListener("click", () => {
  dialog.close();
  touched = Date.now();
  tell();
});
dialog.addEventListener("close", () => { touched = Date.now(); });

setInterval(() => {
  const quiet = (Date.now() - touched) / 1000;
  if (quiet >= seconds) leave.requestSubmit();
  else if (quiet >= seconds - WARNED && !dialog.open) dialog.showModal();
}, 1000);

addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
