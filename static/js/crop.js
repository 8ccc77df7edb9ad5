// Choosing what a portrait shows: drag, pinch, wheel or keys. Without script the server takes the middle.

const SIDE = 640; // what is sent: more than the largest size that is kept
const STEP = SIDE / 32;

class Crop {
  constructor(box, input, image) {
    Object.assign(this, { box, input, image, zoom: 1, name: input.files[0].name });
    this.stage = box.querySelector("canvas");
    this.slider = box.querySelector("input[type=range]");
    this.fitting = SIDE / Math.min(image.naturalWidth, image.naturalHeight);
    // Faces stand above the middle.
    this.x = (SIDE - image.naturalWidth * this.fitting) / 2;
    this.y = (SIDE - image.naturalHeight * this.fitting) * 0.4;
    this.pointers = new Map();
    this.slider.value = "1";
    show(true);
    this.draw();
    box.scrollIntoView({ block: "nearest" });
  }

  draw() {
    const [width, height] = [this.image.naturalWidth, this.image.naturalHeight].map((side) => side * this.fitting * this.zoom);
    this.x = Math.min(0, Math.max(SIDE - width, this.x));
    this.y = Math.min(0, Math.max(SIDE - height, this.y));
    const pen = this.stage.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, SIDE, SIDE);
    pen.drawImage(this.image, this.x, this.y, width, height);
    this.changed = true;
  }

  move(x, y) {
    this.x += x;
    this.y += y;
    this.draw();
  }

  // Around a point of the stage, which stays where it is.
  enlarge(zoom, x = SIDE / 2, y = SIDE / 2) {
    const wanted = Math.min(Number(this.slider.max), Math.max(1, zoom));
    const times = wanted / this.zoom;
    this.x = x - (x - this.x) * times;
    this.y = y - (y - this.y) * times;
    this.zoom = wanted;
    this.slider.value = String(wanted);
    this.draw();
  }

  // How far apart two fingers are, and the point between them, in points of the stage.
  hold() {
    const place = this.stage.getBoundingClientRect();
    const scale = SIDE / place.width;
    const points = [...this.pointers.values()].map(([x, y]) => [(x - place.left) * scale, (y - place.top) * scale]);
    const [one, two = one] = points;
    return { x: (one[0] + two[0]) / 2, y: (one[1] + two[1]) / 2, apart: Math.hypot(one[0] - two[0], one[1] - two[1]) };
  }

  drag(event) {
    if (!this.pointers.has(event.pointerId)) return;
    const before = this.hold();
    this.pointers.set(event.pointerId, [event.clientX, event.clientY]);
    const after = this.hold();
    this.move(after.x - before.x, after.y - before.y);
    if (before.apart && after.apart) this.enlarge(this.zoom * (after.apart / before.apart), after.x, after.y);
  }

  async send(form, submitter) {
    const blob = await new Promise((done) => this.stage.toBlob(done, "image/jpeg", 0.92));
    this.changed = false;
    if (blob) {
      const files = new DataTransfer();
      files.items.add(new File([blob], `${this.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" }));
      this.input.files = files.files;
    }
    form.requestSubmit(submitter);
  }
}

let crop = null;
const on = (type, selector, handle, options) =>
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element) handle(element, event);
  }, options);

// A browser draws half a picture, and an empty drawing, without a word. What lacks its end the server is to refuse.
const ENDS = { "image/jpeg": [0xff, 0xd9], "image/png": [0x49, 0x45, 0x4e, 0x44] };
const LOOKED_AT = 4096;

async function isWhole(file) {
  const end = ENDS[file.type];
  if (!end) return file.type !== "image/svg+xml";
  const bytes = new Uint8Array(await file.slice(-LOOKED_AT).arrayBuffer());
  return bytes.some((_, at) => end.every((byte, step) => bytes[at + step] === byte));
}

// While a picture is being cut, the fields it came from would only say what else could be chosen.
function show(isCutting) {
  document.getElementById("photo-crop").hidden = !isCutting;
  document.querySelector("[data-crop-fields]").hidden = isCutting;
}
on("click", "[data-crop-again]", () => {
  show(false);
  document.querySelector("[data-crop-fields] input:not(.only-touch *)").focus();
});

on("change", "input[type=file][data-crop]", async (input) => {
  const box = document.querySelector(input.dataset.crop);
  show(false);
  crop = null;
  for (const other of input.form.querySelectorAll("input[data-crop]")) if (other !== input) other.value = "";
  const [file] = input.files;
  if (!file || !(await isWhole(file))) return;
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    if (input.files[0] === file) crop = new Crop(box, input, image);
  } catch { /* a kind this browser cannot show: the server reads it, and takes the middle */ }
  URL.revokeObjectURL(image.src);
});
on("input", "#crop-zoom", (slider) => crop?.enlarge(Number(slider.value)));
on("pointerdown", ".crop__stage", (stage, event) => {
  crop?.pointers.set(event.pointerId, [event.clientX, event.clientY]);
  stage.setPointerCapture(event.pointerId);
});
on("pointermove", ".crop__stage", (stage, event) => crop?.drag(event));
for (const type of ["pointerup", "pointercancel"]) {
  on(type, ".crop__stage", (stage, event) => crop?.pointers.delete(event.pointerId));
}
on("wheel", ".crop__stage", (stage, event) => {
  if (!crop) return;
  event.preventDefault();
  const place = stage.getBoundingClientRect();
  const at = [event.clientX - place.left, event.clientY - place.top].map((side) => (side * SIDE) / place.width);
  crop.enlarge(crop.zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1), ...at);
}, { passive: false });
on("keydown", ".crop__stage", (stage, event) => {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!crop) return;
  if (way) crop.move(way[0] * STEP, way[1] * STEP);
  else if (event.key === "+" || event.key === "=") crop.enlarge(crop.zoom * 1.1);
  else if (event.key === "-") crop.enlarge(crop.zoom / 1.1);
  else return;
  event.preventDefault();
  event.stopPropagation();
});
// What is shown in the square is what is sent.
on("submit", "form[data-crop-form]", (form, event) => {
  if (!crop?.changed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  crop.send(form, event.submitter);
}, { capture: true });
