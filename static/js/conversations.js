// Posts and threads: reacting at once, naming colleagues, pictures with words, what is new. Pages work without.

const on = (type, selector, handle, options) =>
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element) handle(element, event);
  }, options);

// --- Reacting: the button answers at once, and goes back when the server says no ---------------------------
const HOLD_MS = 450;
const HOVER_MS = 500;

function show(form, kind) {
  const like = form.querySelector("[data-like]");
  const chosen = form.querySelector(`[data-kind="${kind}"]`);
  like.classList.toggle("ghost--on", Boolean(kind));
  like.setAttribute("aria-pressed", String(Boolean(kind)));
  for (const choice of form.querySelectorAll("[data-kind]")) {
    choice.setAttribute("aria-pressed", String(choice === chosen));
  }
  const more = form.querySelector("details");
  // What closes cannot keep the focus.
  if (more.contains(document.activeElement)) like.focus({ preventScroll: true });
  more.open = false;
}
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target;
  if (!form.matches?.("[data-react]")) return;
  const like = form.querySelector("[data-like]");
  form.dataset.was = form.querySelector('[data-kind][aria-pressed="true"]')?.dataset.kind ?? "";
  const sent = event.detail.requestConfig?.parameters?.kind ?? like.value;
  show(form, sent);
});
function roll(event) {
  const form = event.target;
  if (form.matches?.("[data-react]") && "was" in form.dataset) show(form, form.dataset.was);
}
document.addEventListener("htmx:sendError", roll);
document.addEventListener("htmx:responseError", roll);
// Where the focus was it stays: the button that was pressed has been replaced by the same one.
let pressed = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.target;
  pressed = form.matches?.("[data-react]") && form.contains(document.activeElement) ? form.id : "";
});
document.addEventListener("htmx:afterSettle", () => {
  if (pressed) document.getElementById(pressed)?.querySelector("[data-like]")?.focus({ preventScroll: true });
  pressed = "";
});

let timer = 0;
const open = (like) => {
  const more = like.form.querySelector("details");
  more.open = true;
  return more;
};
on("pointerdown", "[data-like]", (like, event) => {
  clearTimeout(timer);
  if (event.pointerType === "mouse") return;
  timer = setTimeout(() => {
    open(like);
    like.dataset.held = "1";
  }, HOLD_MS);
});
on("pointerup", "[data-like]", () => clearTimeout(timer));
on("pointercancel", "[data-like]", () => clearTimeout(timer));
on("contextmenu", "[data-like]", (like, event) => event.preventDefault());
on("click", "[data-like]", (like, event) => {
  clearTimeout(timer);
  if (!like.dataset.held) return;
  delete like.dataset.held;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse" || !(event.target instanceof Element)) return;
  const form = event.target.closest("[data-react]");
  clearTimeout(timer);
  if (form && event.target.closest("[data-like]")) {
    timer = setTimeout(() => open(form.querySelector("[data-like]")), HOVER_MS);
  } else if (!form) {
    timer = setTimeout(() => {
      const hovered = document.querySelector("[data-react] details[open]:not(:focus-within)");
      if (hovered) hovered.open = false;
    }, HOVER_MS);
  }
});
on("keydown", "[data-like]", (like, event) => {
  if (event.key !== "ArrowUp") return;
  event.preventDefault();
  open(like).querySelector("[data-kind]").focus();
});
on("keydown", ".react__picker", (picker, event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const choices = [...picker.querySelectorAll("[data-kind]")];
  const next = (choices.indexOf(document.activeElement) + step + choices.length) % choices.length;
  choices[next].focus();
});

// --- «Comment» opens the field where one is -------------------------------------------------------------------
on("click", "[data-write]", (link, event) => {
  const area = document.getElementById(link.dataset.write);
  if (!area) return;
  event.preventDefault();
  area.closest(".cmts").hidden = false;
  area.focus();
});
on("click", "[data-unclamp]", (link, event) => {
  event.preventDefault();
  link.closest(".post__body").querySelector(".clamp")?.classList.remove("clamp");
  link.closest("p").remove();
});
document.addEventListener("htmx:load", (event) => {
  const area = event.target.matches?.("form.write") ? event.target.querySelector("textarea") : null;
  if (area && area.closest(".cmt__reply")) area.focus();
});

// --- @ and two letters: colleagues, with photo and job --------------------------------------------------------
const AT = /(?:^|[\s(«"])@([\p{L}][\p{L}\p{M}'’. -]{1,40})$/u;
let menu = null;

function closeMenu() {
  if (!menu) return;
  menu.field.removeAttribute("aria-controls");
  menu.field.removeAttribute("aria-activedescendant");
  menu.field.setAttribute("aria-expanded", "false");
  menu.list.remove();
  menu = null;
}
function face(person) {
  if (person.photo) return Object.assign(document.createElement("img"), { className: "ph ph--sm", src: person.photo, alt: "", width: 44, height: 44 });
  return Object.assign(document.createElement("span"), { className: "ph ph--sm ph--initials", textContent: person.initials });
}
function row(person, index) {
  const item = Object.assign(document.createElement("li"), { id: `person-${index}` });
  item.setAttribute("role", "option");
  const words = document.createElement("div");
  words.className = "grow";
  words.append(Object.assign(document.createElement("strong"), { textContent: person.name }));
  const line = Object.assign(document.createElement("p"), { className: "xsmall muted", textContent: person.line });
  words.append(line);
  if (person.warning) words.append(Object.assign(document.createElement("p"), { className: "xsmall warn", textContent: person.warning }));
  item.append(face(person), words);
  return item;
}
function mark(index) {
  menu.at = index;
  menu.items.forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
  menu.field.setAttribute("aria-activedescendant", menu.items[index].id);
}
function openMenu(field, people, choose) {
  closeMenu();
  if (!people.length) return;
  const list = Object.assign(document.createElement("ul"), { className: "editor-menu", id: "people-menu" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels?.[0]?.textContent ?? "");
  const items = people.map(row);
  list.append(...items);
  items.forEach((item, index) => item.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    choose(people[index]);
  }));
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "true");
  menu = { field, list, items, people, choose, at: 0 };
  mark(0);
}
async function find(field, address, text, choose) {
  const url = new URL(address, location.origin);
  url.searchParams.set("q", text);
  const group = field.form?.elements.group?.value;
  if (group && !url.searchParams.has("thread")) url.searchParams.set("group", group);
  if (!url.searchParams.has("thread") && !url.searchParams.has("group")) return;
  field.dataset.asked = text;
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok || field.dataset.asked !== text) return;
    openMenu(field, (await answer.json()).people, choose);
  } catch { closeMenu(); }
}
function insert(area, person, length) {
  const end = area.selectionStart;
  area.setRangeText(`@${person.name} `, end - length - 1, end, "end");
  const known = Object.assign(document.createElement("input"), { type: "hidden", name: "mentioned", value: person.id });
  area.form.append(known);
  closeMenu();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}
let asking = 0;
on("input", "textarea[data-mentions]", (area) => {
  clearTimeout(asking);
  const found = AT.exec(area.value.slice(0, area.selectionStart));
  if (!found || found[1].endsWith("  ")) return closeMenu();
  asking = setTimeout(() => find(area, area.dataset.mentions, found[1], (person) => insert(area, person, found[1].length)), 150);
});
on("input", "input[data-pick]", (input) => {
  clearTimeout(asking);
  document.getElementById(input.dataset.pickInto).value = "";
  if (input.value.trim().length < 2) return closeMenu();
  asking = setTimeout(() => find(input, input.dataset.pick, input.value.trim(), (person) => {
    input.value = person.name;
    document.getElementById(input.dataset.pickInto).value = person.id;
    closeMenu();
  }), 150);
});
document.addEventListener("keydown", (event) => {
  if (!menu || event.target !== menu.field) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark((menu.at + step + menu.items.length) % menu.items.length);
  else if (event.key === "Enter" || event.key === "Tab") menu.choose(menu.people[menu.at]);
  else if (event.key === "Escape") closeMenu();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("focusout", (event) => { if (menu?.field === event.target) closeMenu(); });

// --- Pictures: each with room for words; chosen, pasted, dropped or taken, one after the other ------------------
const sign = (file) => [file.name, file.size, file.lastModified].join("/");
const picked = new WeakMap();

function hold(input, files) {
  const all = new DataTransfer();
  const known = new Set();
  for (const file of files) {
    if (!known.has(sign(file))) all.items.add(file);
    known.add(sign(file));
  }
  input.files = all.files;
  picked.set(input, [...input.files]);
  showPictures(input);
}
function card(file, id, words, input) {
  const whole = Object.assign(document.createElement("div"), { className: "compose__alt" });
  const picture = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" });
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  const label = Object.assign(document.createElement("label"), { className: "small", htmlFor: id, textContent: input.dataset.alternative });
  const field = Object.assign(document.createElement("input"), { className: "ds-input", id, name: "alternative_text", placeholder: input.dataset.alternativeHelp, maxLength: 500, value: words });
  field.dataset.of = sign(file);
  const side = Object.assign(document.createElement("div"), { className: "grow" });
  side.append(label, field);
  const away = Object.assign(document.createElement("button"), { type: "button", className: "iconbtn compose__away", textContent: "×" });
  away.setAttribute("aria-label", `${input.dataset.away} (${file.name})`);
  away.addEventListener("click", () => {
    hold(input, [...input.files].filter((other) => sign(other) !== sign(file)));
    input.focus();
  });
  whole.append(picture, side, away);
  return whole;
}
function showPictures(input) {
  const box = document.querySelector(input.dataset.pictures);
  if (!box) return;
  const words = new Map([...box.querySelectorAll("[data-of]")].map((field) => [field.dataset.of, field.value]));
  box.replaceChildren(...[...input.files].map((file, index) => card(file, `${box.id}-${index}`, words.get(sign(file)) ?? "", input)));
}
on("change", "input[data-pictures]", (input) => hold(input, [...(picked.get(input) ?? []), ...input.files]));
on("change", "input[data-camera]", (input) => {
  take(input.form, input.files);
  input.value = "";
});
on("change", "input[data-files]", (input) => {
  document.querySelector(input.dataset.files).textContent = [...input.files].map((file) => file.name).join(", ");
});
function take(form, files) {
  const input = form.querySelector("input[data-pictures]");
  const pictures = [...files].filter((file) => file.type.startsWith("image/"));
  if (!input || !pictures.length) return false;
  hold(input, [...input.files, ...pictures]);
  return true;
}
// A comment that went well leaves an empty form.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target;
  if (!form.matches?.("form.write") || !event.detail.successful || event.detail.xhr.getResponseHeader("X-Keep-Text")) return;
  clearTimeout(asking);
  for (const area of form.querySelectorAll("textarea")) delete area.dataset.asked;
  closeMenu();
  form.reset();
  for (const input of form.querySelectorAll("input[data-pictures]")) hold(input, []);
  for (const known of form.querySelectorAll("input[name=mentioned]")) known.remove();
});
on("paste", ".compose textarea, form.write textarea", (area, event) => {
  if (take(area.form, event.clipboardData?.files ?? [])) event.preventDefault();
});
on("dragover", "form.compose, form.write", (form, event) => {
  if ([...(event.dataTransfer?.types ?? [])].includes("Files")) event.preventDefault();
});
on("drop", "form.compose, form.write", (form, event) => {
  if (!event.dataTransfer?.files.length) return;
  // A file that cannot be taken must not open in place of the page, and what is being written with it.
  event.preventDefault();
  if (take(form, event.dataTransfer.files)) form.querySelector("textarea")?.focus();
});
const tend = (root) => {
  for (const form of root.querySelectorAll?.("[data-react]") ?? []) form.dataset.ready = "";
  if (root.matches?.("[data-react]")) root.dataset.ready = "";
  for (const input of root.querySelectorAll?.("input[data-pictures]") ?? []) showPictures(input);
};
tend(document);
document.addEventListener("htmx:load", (event) => tend(event.target));

// --- The composer opens in a dialog; its links are pages of their own -------------------------------------------
on("click", "[data-compose]", (link, event) => {
  const dialog = document.getElementById("new-post");
  if (!dialog?.showModal || !self.htmx || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  dialog.showModal();
  const address = link.getAttribute("href").split("#");
  self.htmx.ajax("GET", address[0], { target: "#new-post-body", swap: "innerHTML" }).then(() => {
    if (address[1]) document.getElementById("post-pictures")?.click();
    else document.getElementById("post-text")?.focus();
  });
});
// What one folds out stands above the foot that sends.
on("toggle", ".compose details.more[open]", (part) => {
  if (part.contains(document.activeElement)) part.scrollIntoView({ block: "nearest" });
}, { capture: true });
document.body.addEventListener("tunet:posted", () => {
  const dialog = document.getElementById("new-post");
  if (!dialog) location.assign("/");
  else dialog.close();
});

// --- What is new: told by an event, asked for once however many come together ------------------------------------
let waiting = 0;
document.body.addEventListener("tunet:posts", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    for (const place of document.querySelectorAll("[data-new-posts]")) place.dispatchEvent(new CustomEvent("tunet:ask"));
  }, 200);
});
document.body.addEventListener("tunet:comments", (event) => {
  const thread = document.querySelector(`.cmts[data-thread="${CSS.escape(String(event.detail?.thread ?? ""))}"]`);
  if (!thread || !self.htmx || thread.hidden) return;
  // What somebody is writing, or has open, is never taken away.
  const busy = thread.contains(document.activeElement) || [...thread.querySelectorAll("textarea")].some((area) => area.value);
  if (busy) return;
  setTimeout(() => self.htmx.ajax("GET", `/threads/${event.detail.thread}/comments/${thread.dataset.whole ? "?whole=1" : ""}`, { target: thread, swap: "outerHTML" }), Math.random() * 3000);
});
