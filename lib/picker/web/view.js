// What a person sees of a queue: a grid of small pictures, kept up to date in place, and what there is to say about them.

import { Sheet, named, status, verdict } from "./sheet.js";
import { button, icon, make, setText } from "./elements.js";
import { draggable, walk } from "./order.js";
import { fileOf } from "./queue.js";

/** @typedef {import("./queue.js").Queue} Queue */
/** @typedef {import("./queue.js").Photo} Photo */
/** @typedef {import("./queue.js").Told} Told */
/** What the page is told. @typedef {{onState?: (told: Told) => void, onTicket?: () => void, onBroken?: () => void}} Port */
/** @typedef {{item: HTMLLIElement, tile: HTMLButtonElement, thumb: HTMLElement, mark: HTMLElement, place: HTMLElement, bar: HTMLProgressElement, name: HTMLElement, status: HTMLElement, shown: string | null, marked: string}} Card */

const AT_REST = new Set(["done", "clean", "closed", "failed"]); // nothing happens to it by itself any more
const ACCEPT = "image/*,.heic,.heif,.avif,.tif,.tiff,.bmp,.dng,.nef,.arw,.cr2,.cr3,.raf,.orf,.rw2";
const SHAREABLE = new Set(["image/jpeg", "image/png"]);
const FEW = 6; // tiles are larger where there is room
const BETWEEN_SAVES_MS = 300; // browsers drop downloads that come all at once

export class View {
  /** @param {Element | ShadowRoot} root @param {Queue} queue @param {Port} port */
  constructor(root, queue, port) {
    this.queue = queue;
    this.port = port;
    /** @type {Map<number, Card>} */
    this.cards = new Map();
    this.current = 0; // the tile that the keyboard stands on
    this.lastSaid = "";
    const say = (/** @type {string} */ name) => queue.speaker.say(name);
    const file = (/** @type {string} */ name, /** @type {Record<string, unknown>} */ more) => make("input", { type: "file", className: name, ...more });
    this.pick = file("pick", { multiple: true, accept: ACCEPT });
    this.shoot = file("shoot", { accept: "image/*" });
    this.shoot.setAttribute("capture", "environment");
    this.pickWords = make("span", { className: "pick-words" });
    this.hint = make("p", { className: "hint" });
    this.drop = make("div", { className: "drop" }, make("div", { className: "ways" }, make("label", { className: "way first" }, this.pick, this.pickWords),
      make("label", { className: "way camera" }, this.shoot, make("span", { textContent: say("camera") }))), this.hint);
    this.holds = make("input", { type: "checkbox", checked: queue.holds, onchange: () => this.queue.hold(this.holds.checked) });
    this.holding = make("label", { className: "holds" }, this.holds, make("span", { textContent: say("holds") }));
    this.drop.append(this.holding);
    /** @type {(() => void) | undefined} */
    this.waiting = undefined;
    this.notices = make("div", { className: "notices" });
    this.notices.setAttribute("role", "alert");
    this.totalWords = make("p", { className: "total-words" });
    this.totalBar = make("progress", { className: "total-bar", max: 1, value: 0 });
    this.totalBar.setAttribute("aria-label", say("allPhotos"));
    this.againAll = button(say("tryAll"), "again-all", () => this.tryAll());
    this.total = make("div", { className: "total" }, this.totalWords, this.totalBar, this.againAll);
    this.list = make("ol", { className: "cards" });
    this.list.setAttribute("aria-label", say("yourPhotos"));
    this.keys = make("p", { className: "keys", id: "picker-keys", textContent: say("orderKeys") });
    this.order = make("p", { className: "order-hint", textContent: say("orderHint") });
    this.problems = make("ul", { className: "problems" });
    this.undoWords = make("span", { className: "undo-words" });
    this.undo = make("div", { className: "undo" }, this.undoWords, button(say("undo"), "undo-button", () => this.bringBack()));
    this.finish = make("div", { className: "finish" });
    this.said = make("p", { className: "said" });
    this.said.setAttribute("role", "status");
    this.element = make("div", { className: "picker" }, this.drop, this.notices, this.total, this.list, this.order, this.keys, this.problems, this.undo, this.finish, this.said);
    root.append(this.element);
    this.sheet = new Sheet(this.element, queue, {
      step: (number, by) => this.step(number, by),
      remove: (number) => this.remove(number),
      save: (number) => this.save(number),
      closed: (number) => this.cards.get(number)?.tile.focus(),
    });
    this.pasted = (/** @type {ClipboardEvent} */ event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length || (event.target instanceof Element && event.target.closest("[data-testid=stFileUploaderDropzone]"))) return;
      event.preventDefault();
      this.take(files);
    };
    this.#wire();
    queue.views.add(this);
  }

  close() {
    this.queue.views.delete(this);
    document.removeEventListener("paste", this.pasted);
    this.element.remove();
  }

  /** @param {Told} told */
  tell(told) {
    this.port.onState?.(told);
  }

  wantsTicket() {
    this.port.onTicket?.();
  }

  /** @param {string} text */
  say(text) {
    setText(this.said, text);
  }

  /** @param {Iterable<File>} files */
  take(files) {
    try {
      this.queue.add(files);
    } catch (error) {
      console.error(error);
      this.queue.notice(this.queue.speaker.say("brokenPicker"), "broken");
      this.port.onBroken?.();
    }
  }

  tryAll() {
    for (const photo of this.queue.photos.filter((one) => one.state === "failed")) this.queue.again(photo.number);
    this.pick.focus({ preventScroll: true }); // the button goes; its place must not be lost
  }

  bringBack() {
    const photo = this.queue.undo();
    if (!photo) return;
    this.render();
    this.say(this.queue.speaker.say("backSaid", { name: named(photo) }));
    this.cards.get(photo.number)?.tile.focus();
  }

  /** @param {number} number */
  remove(number) {
    const at = this.queue.photos.findIndex((one) => one.number === number), photo = this.queue.photos[at];
    if (!photo) return;
    this.queue.remove(number);
    this.sheet.close();
    this.render();
    const next = this.queue.photos[Math.min(at, this.queue.photos.length - 1)];
    (next ? this.cards.get(next.number)?.tile : this.pick)?.focus();
    if (photo.state !== "refused") this.say(this.queue.speaker.say("removedSaid", { name: named(photo) }));
  }

  /** @param {number} number @param {number} by */
  step(number, by) {
    const at = this.queue.photos.findIndex((photo) => photo.number === number);
    if (!this.queue.move(number, at + by)) return;
    this.render();
    this.say(this.queue.speaker.say("movedSaid", { name: named(this.queue.photos[at + by]), at: at + by + 1, n: this.queue.photos.length }));
  }

  #wire() {
    for (const input of [this.pick, this.shoot]) {
      input.onchange = () => {
        this.take([...(input.files ?? [])]);
        input.value = "";
      };
      input.onclick = () => this.queue.warm();
    }
    const carriesFiles = (/** @type {DragEvent} */ event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    this.element.ondragover = (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      this.drop.classList.add("over");
    };
    this.element.ondragleave = (event) => {
      if (!(event.relatedTarget instanceof Node && this.element.contains(event.relatedTarget))) this.drop.classList.remove("over");
    };
    this.element.ondrop = (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      this.drop.classList.remove("over");
      this.take(event.dataTransfer?.files ?? []);
    };
    document.addEventListener("paste", this.pasted);
    this.list.onkeydown = (event) => this.#keyed(event);
    this.list.onfocus = () => {};
    const root = this.element.getRootNode();
    draggable({
      root: root instanceof ShadowRoot ? root : document, list: this.list, places: () => this.queue.photos.map((photo) => photo.number),
      move: (number, to) => {
        const moved = this.queue.move(number, to);
        if (moved) this.render();
        return moved;
      },
    });
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const card = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest(".card")) : null;
    const number = Number(card?.dataset.number), { photos } = this.queue, at = photos.findIndex((one) => one.number === number);
    if (at < 0) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      return this.remove(number);
    }
    const to = walk(event.key, at, photos.length, this.#columns());
    if (to < 0) return;
    event.preventDefault();
    if (event.altKey || event.ctrlKey) this.step(number, to - at);
    const tile = this.cards.get(event.altKey || event.ctrlKey ? number : photos[to].number)?.tile;
    this.current = Number(tile?.closest("li")?.dataset.number);
    this.#rove();
    tile?.focus();
  }

  #columns() {
    const tops = [...this.list.children].map((one) => (one instanceof HTMLElement ? one.offsetTop : 0));
    return Math.max(1, tops.filter((top) => top === tops[0]).length);
  }

  /** One stop for the Tab key, wherever the person was last. */
  #rove() {
    const there = this.cards.has(this.current) ? this.current : (this.queue.photos[0]?.number ?? 0);
    for (const [number, { tile }] of this.cards) tile.tabIndex = number === there ? 0 : -1;
  }

  render() {
    const { queue } = this, { speaker, photos } = queue, attach = queue.mode === "attach", some = photos.length > 0;
    this.drop.classList.toggle("some", some);
    setText(this.pickWords, speaker.say(some ? "more" : "choose"));
    setText(this.hint, speaker.say(attach ? "hintAttach" : "hint", { n: queue.maxPhotos }));
    this.hint.hidden = some;
    this.holding.hidden = attach;
    if (queue.held && !this.waiting) import("./waiting.js").then(({ wait }) => wait(this));
    this.waiting?.();
    this.#renderNotices();
    this.#renderTotal(attach);
    const there = new Set(photos.map((photo) => photo.number));
    for (const [number, card] of this.cards) {
      if (there.has(number)) continue;
      card.item.remove();
      this.cards.delete(number);
    }
    for (const [at, photo] of photos.entries()) {
      const card = this.cards.get(photo.number) ?? this.#newCard(photo);
      this.#put(card.item, at);
      this.#renderCard(card, photo, at);
    }
    this.#rove();
    this.list.hidden = !some;
    this.list.classList.toggle("few", photos.length <= FEW);
    this.order.hidden = photos.length < 2;
    this.#renderProblems();
    this.undo.hidden = !queue.undoable;
    if (queue.undoable) setText(this.undoWords, speaker.say("removed", { name: named(queue.undoable.photo) }));
    if (this.sheet.number) this.sheet.render();
    this.#renderFinish(attach);
  }

  /** Into its place, keeping the focus, which a browser takes from what is moved. @param {HTMLElement} item @param {number} at */
  #put(item, at) {
    if (this.list.children[at] === item) return;
    const root = /** @type {Document | ShadowRoot} */ (item.getRootNode()), held = "activeElement" in root ? root.activeElement : null;
    this.list.insertBefore(item, this.list.children[at] ?? null);
    if (held instanceof HTMLElement && item.contains(held)) held.focus({ preventScroll: true });
  }

  #renderNotices() {
    const signature = JSON.stringify(this.queue.notices);
    if (this.notices.dataset.shown === signature) return;
    this.notices.dataset.shown = signature;
    this.notices.replaceChildren(...this.queue.notices.map((one) => {
      const ok = button(this.queue.speaker.say("ok"), "ok", () => {
        this.queue.notices = this.queue.notices.filter((other) => other !== one);
        this.render();
      });
      return make("div", { className: "notice" }, make("span", { textContent: one.text }), ok);
    }));
  }

  /** @param {boolean} attach */
  #renderTotal(attach) {
    const { speaker } = this.queue, all = this.queue.active();
    this.total.hidden = all.length === 0;
    if (!all.length) return this.#announce("");
    const sum = (/** @type {Photo[]} */ list, /** @type {(photo: Photo) => number} */ of) => list.reduce((total, one) => total + of(one), 0);
    const isReady = (/** @type {Photo} */ photo) => photo.state === "done" || photo.state === "clean";
    const open = all.filter((photo) => !AT_REST.has(photo.state)), ready = all.filter(isReady);
    const before = sum(all, (photo) => photo.originalSize), after = sum(all, (photo) => photo.size), sent = sum(all, (photo) => (isReady(photo) ? photo.size : photo.sent));
    this.totalBar.hidden = open.length === 0;
    this.totalBar.value = after ? Math.min(1, sent / after) : 0;
    const failed = all.filter((photo) => photo.state === "failed").length, closed = all.filter((photo) => photo.state === "closed").length;
    this.againAll.hidden = failed < 2;
    const progress = speaker.say(attach ? "cleanOf" : "uploadedOf", { done: ready.length, what: speaker.contents(all) });
    if (open.length) {
      const bytes = sent && !attach ? `, ${speaker.say("bytesOf", { done: speaker.size(sent), all: speaker.size(after) })}` : "";
      const offline = all.some((photo) => photo.state === "pausing") && !navigator.onLine ? `. ${speaker.say("offlineNow")}` : "";
      setText(this.totalWords, progress + bytes + offline);
      return this.#announce(progress);
    }
    const what = speaker.contents(ready), lines = [speaker.say(attach ? "cleanReady" : "ready", { what })];
    if (before > after * 1.1) lines.push(speaker.say("became", { before: speaker.size(before), after: speaker.size(after) }));
    if (failed) lines.splice(0, Infinity, speaker.say("notUploaded", { what, n: failed }));
    if (closed) lines.splice(0, Infinity, ...(ready.length ? [speaker.say("cleanReady", { what })] : []), speaker.say("notCleaned", { n: closed }));
    const there = all.filter((photo) => photo.state === "done" && !photo.decoded).map((photo) => photo.name);
    if (there.length) lines.push(speaker.say("onServer", { n: there.length, names: speaker.names(there) }));
    setText(this.totalWords, lines.join(" "));
    return this.#announce(lines.join(" "));
  }

  /** @param {string} text */
  #announce(text) {
    if (this.lastSaid === text) return;
    this.lastSaid = text;
    this.say(text);
  }

  /** @param {Photo} photo @returns {Card} */
  #newCard(photo) {
    const { number } = photo, hidden = (/** @type {string} */ className) => make("span", { className });
    const thumb = make("span", { className: "thumb" }, icon("photo")), mark = hidden("mark"), place = make("span", { className: "place", hidden: true }, icon("place"));
    const name = make("span", { className: "name", dir: "auto", textContent: photo.name }), told = hidden("status");
    const bar = make("progress", { max: 1, value: 0, hidden: true });
    bar.setAttribute("aria-hidden", "true");
    const tile = make("button", { type: "button", className: "tile", title: photo.name, onclick: () => this.sheet.open(number) }, thumb, place, mark, bar, name, told);
    tile.setAttribute("aria-haspopup", "dialog");
    tile.setAttribute("aria-describedby", this.keys.id);
    tile.onfocus = () => {
      this.current = number;
      this.#rove();
    };
    /** @type {Card} */
    const card = { item: make("li", { className: "card" }, tile), tile, thumb, mark, place, bar, name, status: told, shown: null, marked: "" };
    card.item.dataset.number = String(number);
    this.cards.set(number, card);
    return card;
  }

  /** @param {Card} card @param {Photo} photo @param {number} at */
  #renderCard(card, photo, at) {
    const { speaker, photos } = this.queue;
    card.item.dataset.state = photo.state;
    if (photo.thumbnail && card.shown !== photo.thumbnail) {
      card.shown = photo.thumbnail;
      card.thumb.replaceChildren(make("img", { src: photo.thumbnail, alt: "", draggable: false }), ...(photo.video ? [icon("video")] : []));
    }
    const told = photo.state === "refused" || photo.state === "waiting" || photo.state === "cleaning" ? "" : verdict(photo, speaker);
    card.place.hidden = !told || !photo.findings.some((one) => one.kind === "position");
    card.bar.hidden = photo.state !== "sending";
    card.bar.value = photo.size ? photo.sent / photo.size : 0;
    const mark = ["refused", "failed", "closed"].includes(photo.state) ? "wrong" : photo.state === "done" || photo.state === "clean" ? "done" : "";
    if (card.marked !== mark) {
      card.marked = mark;
      card.mark.replaceChildren(...(mark ? [icon(mark)] : []));
    }
    setText(card.status, `, ${[speaker.say("place", { at: at + 1, n: photos.length }), status(photo, speaker), told].filter(Boolean).join(", ")}`);
  }

  /** What needs a person: each with words, and what can be done about it. */
  #renderProblems() {
    const { queue } = this, { speaker } = queue;
    const stuck = (/** @type {Photo} */ photo) => queue.mode === "attach" && !photo.decoded && !photo.through && (photo.state === "clean" || photo.state === "closed");
    const list = queue.photos.filter((photo) => photo.state === "refused" || photo.state === "failed" || stuck(photo));
    const signature = JSON.stringify([queue.offersServer, list.map((photo) => [photo.number, photo.state, photo.problem])]);
    if (this.problems.dataset.shown === signature) return;
    this.problems.dataset.shown = signature;
    this.problems.hidden = !list.length;
    this.problems.replaceChildren(...list.map((photo) => {
      const { number, format } = photo, again = () => queue.again(number);
      const about = stuck(photo) ? [speaker.say(photo.state === "closed" ? "stuckClosed" : "stuck", { format }), speaker.say(queue.offersServer ? "offer" : "offerNot")]
        : [photo.problem?.happened ?? "", photo.problem?.fix ?? ""];
      const act = photo.state === "failed" ? [button(speaker.say("tryAgain"), "again", again)] : stuck(photo) && queue.offersServer ? [button(speaker.say("makeJpeg"), "through", again)]
        : photo.state === "refused" ? [button(speaker.say("ok"), "ok", () => this.remove(number))] : [];
      const name = make("strong", { dir: "auto", textContent: photo.name });
      return make("li", { className: "problem" }, make("p", {}, ...(about[0].includes(photo.name) ? [] : [name, " "]), about.join(" ")), ...act);
    }));
  }

  /** @param {number} number */
  save(number) {
    const all = this.queue.active(), at = all.findIndex((photo) => photo.number === number);
    if (all[at]?.state !== "clean") return;
    const file = fileOf(all[at], at), url = URL.createObjectURL(file);
    make("a", { href: url, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    this.#taken([all[at]]);
  }

  /** Hand over the clean photos themselves: the whole purpose of attaching; a quiet offer beside making a link. @param {boolean} attach */
  #renderFinish(attach) {
    const { queue } = this, { speaker } = queue, list = queue.photos.filter((photo) => photo.state === (attach ? "clean" : "done"));
    // What was only blanked here is no JPEG or PNG: Chrome says that it can share HEIC and AVIF, and then does not.
    const some = list.filter((photo) => !attach || SHAREABLE.has(photo.blob?.type ?? "")), left = list.filter((photo) => !some.includes(photo)).map((photo) => photo.name);
    const files = some.map((_, at) => new File([""], `photo-${at + 1}.jpg`, { type: "image/jpeg" }));
    const shares = files.length > 0 && Boolean(navigator.canShare?.({ files }));
    this.finish.hidden = attach ? list.length === 0 : !queue.sharePhotos || !shares || list.length > queue.attachPhotos || queue.uploading() > 0;
    const signature = JSON.stringify([this.finish.hidden, list.map((photo) => [photo.number, photo.through]), shares, left.length]);
    if (this.finish.dataset.shown === signature) return;
    this.finish.dataset.shown = signature;
    const told = make("p", { className: "finish-words" });
    told.setAttribute("role", "status");
    const share = button(speaker.say(attach ? "share" : "shareWithout", { what: speaker.contents(some) }), attach ? "main" : "", async () => {
      share.disabled = true;
      setText(told, await this.#share(attach ? async () => some.map(fileOf) : () => queue.files(), attach ? some : []));
      share.disabled = false;
    });
    const saveAll = button(speaker.say("saveAll", { what: speaker.contents(list) }), shares ? "" : "main", async () => {
      for (const photo of list) {
        this.save(photo.number);
        await new Promise((done) => setTimeout(done, BETWEEN_SAVES_MS));
      }
      setText(told, speaker.say("savedAll", { what: speaker.contents(list) }));
    });
    if (shares && left.length) told.textContent = speaker.say("cannotShare", { n: left.length, names: speaker.names(left) });
    this.finish.replaceChildren(...(shares ? [share] : []), ...(attach ? [saveAll] : []), told);
  }

  /** The clean copies left this page with the person. @param {import("./queue.js").Photo[]} photos */
  #taken(photos) {
    for (const photo of photos) photo.taken = true;
    this.queue.changed();
  }

  /** Open the system's share sheet, and return what to say about it. @param {() => Promise<File[]>} files @param {import("./queue.js").Photo[]} photos */
  async #share(files, photos) {
    const { speaker, mode } = this.queue;
    try {
      const ready = await files();
      if (navigator.userActivation?.isActive === false) return speaker.say("onceMore"); // fetching took too long for the first tap
      await navigator.share({ files: ready });
      this.#taken(photos);
      return speaker.say("shared");
    } catch (error) {
      if (error instanceof Error && error.name === "AbortError") return ""; // the person closed the sheet
      return speaker.say(mode === "attach" ? "shareFailedAttach" : "shareFailed");
    }
  }
}
