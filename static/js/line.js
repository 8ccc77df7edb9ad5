// One line to the server for a whole browser: the event stream at /events/, and asking instead where there is none.
// It runs in a shared worker or, where there are none, in the one tab that holds the lock (see live.js). It carries ids
// and counters only. The pages say what they show; `tell` gives each message to all of them.

const EVENTS = "/events/";
const CATCH_UP = "/notifications/catch-up/";
const COUNTERS = "/notifications/counters/";
// Events after which the number of unread has changed.
const COUNTED = ["notifications", "announcement"];
// The server gives a sign of life every 25 seconds; what stands between may hold answers back altogether.
const SILENT_SECONDS = 60;
const GREETED_WITHIN = 20;
const POLL_SECONDS = 60;
const LONGEST_PAUSE = 120;
// So long nobody may look before the line is laid down.
const LINGER_SECONDS = 10;

const after = (seconds, act) => setTimeout(act, seconds * 1000);
const partOf = (seconds) => Math.random() * seconds;

async function* messagesOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (text + value).split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      const fields = part.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
      yield Object.fromEntries(fields);
    }
  }
}

export class Line {
  #tell;
  #pages = new Map();
  #last = "";
  #missedFrom = "";
  #state = "";
  #tries = 0;
  #running = false;
  #former = Promise.resolve();
  #wake = () => {};
  #cut = () => {};
  #asking = 0;
  #counting = 0;
  #lingering = 0;

  constructor(tell) {
    this.#tell = (message) => tell({ message, last: this.#last });
    this.#poll();
  }

  // --- What the pages say -------------------------------------------------------------------------------
  shows(page, { since, ...what }) {
    clearTimeout(this.#lingering);
    this.#last ||= since;
    const isNew = !this.#pages.has(page);
    this.#pages.set(page, what);
    if (isNew) this.#say(this.#state);
    if (!this.#running) this.#start();
    else if (what.hurry) this.#wake();
  }

  leaves(page) {
    this.#pages.delete(page);
    if (!this.#pages.size) this.#lingering = after(LINGER_SECONDS, () => this.stop());
  }

  stop() {
    this.#running = false;
    this.#cut();
    this.#wake();
  }

  get #isSeen() {
    return [...this.#pages.values()].some((page) => page.visible);
  }

  // --- The stream ---------------------------------------------------------------------------------------
  #start() {
    this.#running = true;
    this.#former = this.#former.then(() => this.#run());
  }

  async #run() {
    while (this.#running) {
      const pause = await this.#listen().catch(() => this.#pause());
      if (!this.#running) break;
      this.#say("asks");
      await new Promise((go) => {
        this.#wake = go;
        after(pause, go);
      });
    }
    this.#say("");
  }

  // Resolves, when the stream has ended, to the seconds until the next try.
  async #listen() {
    const controller = new AbortController();
    this.#cut = () => controller.abort();
    let watch = after(GREETED_WITHIN, this.#cut);
    try {
      const answer = await fetch(EVENTS, { headers: { Accept: "text/event-stream" }, cache: "no-store", signal: controller.signal });
      if (answer.status === 401) this.stop();
      if (answer.status === 503 || answer.status === 429) return this.#turnedAway(answer);
      if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) return this.#pause();
      for await (const { id, data } of messagesOf(answer.body)) {
        clearTimeout(watch);
        watch = after(SILENT_SECONDS, this.#cut);
        this.#hear(data ? JSON.parse(data) : {}, id);
      }
      return this.#pause();
    } finally {
      clearTimeout(watch);
    }
  }

  // Everyone must not come back at the same moment.
  #pause() {
    this.#tries += 1;
    return Math.min(LONGEST_PAUSE, 2 ** Math.min(this.#tries, 7)) * (0.5 + Math.random());
  }

  #turnedAway(answer) {
    this.#tries += 1;
    const seconds = Number(answer.headers.get("retry-after")) || 5;
    return Math.min(LONGEST_PAUSE, seconds) * (1 + Math.random());
  }

  #hear(message, id) {
    if (message.type === "hello") this.#greeted(message);
    if (id) this.#last = id;
    if (message.type === "back") this.#isBack(message);
    if (message.type === "away") this.#say("away");
    if (message.type === "close") this.stop();
    if (message.type && message.type !== "hello") this.#pass(message);
  }

  #greeted({ away }) {
    if (this.#tries) this.#missed(this.#isSeen ? 5 : 30);
    this.#tries = 0;
    this.#say(away ? "away" : "open");
  }

  #isBack({ spread }) {
    this.#missed(spread);
    this.#say("open");
  }

  #say(state) {
    this.#state = state;
    this.#tell({ type: "line", state });
  }

  #pass(message) {
    this.#tell(message);
    if (!COUNTED.includes(message.type)) return;
    clearTimeout(this.#counting);
    this.#counting = after(0.2 + partOf(message.spread ?? 0), () => this.#count());
  }

  // --- Asking -------------------------------------------------------------------------------------------
  #missed(seconds) {
    this.#missedFrom ||= this.#last;
    clearTimeout(this.#asking);
    this.#asking = after(partOf(seconds), () => this.#catchUp());
  }

  async #catchUp() {
    const address = new URL(CATCH_UP, self.location.origin);
    address.searchParams.set("after", this.#missedFrom || this.#last);
    const threads = new Set([...this.#pages.values()].flatMap((page) => page.threads ?? []));
    for (const thread of threads) address.searchParams.append("thread", thread);
    const answer = await this.#ask(address);
    if (!answer) return;
    this.#missedFrom = "";
    if (this.#state !== "open" || answer.reload) this.#last = answer.id;
    this.#tell({ type: "counters", unread: answer.unread });
    for (const event of answer.events ?? []) this.#tell(event);
    if (answer.reload) this.#tell({ type: "reload" });
  }

  async #count() {
    const answer = await this.#ask(COUNTERS);
    if (answer) this.#tell({ type: "counters", unread: answer.unread });
  }

  async #ask(address) {
    try {
      // The header lets the pages that people wait for go first.
      const headers = { Accept: "application/json", "Tunet-Background": "1" };
      const answer = await fetch(address, { headers });
      const isOurs = answer.ok && answer.headers.get("content-type")?.includes("json");
      return isOurs ? await answer.json() : null;
    } catch {
      return null; // without a network: the next round asks again
    }
  }

  // Where streams are blocked, or the server itself hears nothing, pages that somebody looks at are kept fresh so.
  #poll() {
    after(POLL_SECONDS * (0.75 + partOf(0.5)), () => {
      const isDeaf = this.#state !== "open" || this.#missedFrom;
      if (this.#running && this.#isSeen && isDeaf) this.#catchUp();
      this.#poll();
    });
  }
}

// --- As a shared worker: each page has a port of its own ------------------------------------------------------
if ("SharedWorkerGlobalScope" in self) {
  const ports = new Map();
  const line = new Line((said) => ports.forEach((port) => port.postMessage(said)));
  self.onconnect = ({ ports: [port] }) => {
    port.onmessage = ({ data: { page, ...what } }) => {
      if (what.leaves) {
        ports.delete(page);
        line.leaves(page);
        return;
      }
      ports.set(page, port);
      line.shows(page, what);
    };
  };
}
