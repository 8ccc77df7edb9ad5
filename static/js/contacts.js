// Finding colleagues without a network, among those kept on this device: on the page that stands for all others then,
// and on «Colleagues» while one types. The list lies in the person's own cache (see offline.js), which goes at sign-out.

const PAGES = "tunet-pages-";
const LETTERS = { "æ": "ae", "ä": "ae", "ø": "o", "ö": "o", "å": "a" };
const MOST = 20;

const fold = (text) =>
  text.toLowerCase().replace(/[æäøöå]/g, (letter) => LETTERS[letter]).normalize("NFKD")
    .replace(/\p{M}/gu, "").replaceAll("aa", "a").replaceAll("oe", "o");

async function kept(address) {
  for (const name of "caches" in self ? await caches.keys() : []) {
    const answer = name.startsWith(PAGES) && (await (await caches.open(name)).match(address));
    if (answer) return (await answer.json()).contacts;
  }
  return [];
}

// Every word typed begins a word of the name or the job.
function find(contacts, typed) {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const fits = ({ name, job }) => {
    const own = fold(`${name} ${job}`).split(/[^\p{L}\p{N}]+/u);
    return words.every((word) => own.some((one) => one.startsWith(word)));
  };
  return contacts.filter(fits).slice(0, MOST);
}

function link(address, text) {
  return Object.assign(document.createElement("a"), { href: address, textContent: text, className: "link num" });
}

function row({ name, job, phone, email }) {
  const item = document.createElement("li");
  item.className = "contact";
  const title = Object.assign(document.createElement("strong"), { textContent: name });
  const words = Object.assign(document.createElement("span"), { textContent: job, className: "small muted" });
  item.append(title, words);
  if (phone) item.append(link(`tel:${phone.replaceAll(" ", "")}`, phone));
  if (email) item.append(link(`mailto:${email}`, email));
  return item;
}

function draw(box, contacts, typed) {
  const found = find(contacts, typed);
  box.querySelector("[data-contacts-list]").replaceChildren(...found.map(row));
  box.querySelector("[data-contacts-none]").hidden = found.length > 0;
  box.hidden = false;
}

// The page for those without a network: a field of its own, filled with what was searched for.
const alone = document.querySelector("[data-contacts]");
if (alone) {
  const contacts = await kept(alone.dataset.contacts);
  const input = alone.querySelector("input");
  if (contacts.length) {
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    input.addEventListener("input", () => draw(alone, contacts, input.value));
    draw(alone, contacts, input.value);
  }
}

// «Colleagues», open when the network goes: what is kept stands where the results do, until it is back.
const results = document.querySelector("[data-contacts-for]");
const form = document.getElementById(results?.dataset.contactsFor ?? "");
form?.addEventListener("htmx:sendError", async (event) => {
  event.stopPropagation();
  const contacts = await kept(results.dataset.contactsAt);
  const part = results.content.cloneNode(true);
  const box = part.firstElementChild;
  draw(box, contacts, form.elements.q.value);
  document.getElementById("people").replaceChildren(part);
});
