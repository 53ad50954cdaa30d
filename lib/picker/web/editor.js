// Cover and crop: a photo on a dark stage. Loaded only when it is opened. What is drawn here is numbers (edit.js); the
// picture itself is made anew afterwards, from the original's own pixels.

import { COLOUR, MOST_COVERS, NOTHING, Steps, framed, fromFrame, inverse, moved, times, turnedCrop } from "./edit.js";
import { make, setText } from "./elements.js";
import { findThere, findsThere, cover as makeAnew, picture } from "./covering.js";
import { detect } from "./proposals.js";
import { paint } from "./edit_canvas.js";
import { speakerOf } from "./cover_words.js";

/** @typedef {import("./edit.js").Edit} Edit */
/** @typedef {import("./edit.js").Cover} Cover */
/** @typedef {import("./edit.js").Matrix} Matrix */
/** @typedef {import("./queue.js").Queue} Queue */
/** @typedef {import("./queue.js").Photo} Photo */
/** @typedef {import("./clean.js").Shown} Shown */
/** @typedef {import("./strings.js").Speaker} Speaker */
/** @typedef {{kind: string, box: number[]}} Proposal */
/** What a pointer does, from where it went down. @typedef {{move: (x: number, y: number) => void, end: (x: number, y: number) => void}} Drag */

const CORNER = 22; // pixels around a corner in which it is taken
const LEAST = 8; // pixels of a box that was meant
const LEAST_CROP = 32; // pixels of the photo
const MOST_ZOOM = 12; // times as large as it fits
const STEP = 0.01; // of the picture, for each press of an arrow key
const RATIOS = /** @type {[string, number][]} */ ([["free", 0], ["1:1", 1], ["4:3", 4 / 3], ["3:4", 3 / 4], ["9:16", 9 / 16]]);
const KINDS = /** @type {[string, string][]} */ ([["face", "allFaces"], ["code", "allCodes"], ["plate", "allPlates"], ["number", "allNumbers"], ["text", "allTexts"]]);
const TINY = 36; // pixels of an outline that its own button would hide
const SMALL_SIDE = 2048; // of the copy that is drawn while the whole photo is seen
/** @type {Record<string, string>} */
const ICONS = {
  undo: "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3", redo: "M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h3", zoomIn: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5M8 11h6M11 8v6",
  zoomOut: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5M8 11h6", box: "M4 6h16v12H4z", paint: "M4 20c3 0 5-1 5-4l9-11 2 2-11 9c0 3-2 5-5 4z", hand: "M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3",
  add: "M12 5v14M5 12h14", remove: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13", turn: "M20 11a8 8 0 1 1-3-6M17 1v4h-4", find: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M9 11v-1M15 11v-1M9 15c2 1.500 4 1.500 6 0",
};

/** Open the editor on the photo of a sheet, and come back there when it is closed. @param {import("./sheet.js").Sheet} sheet */
export async function edit(sheet) {
  const { queue, number, element } = sheet, photo = queue.photos.find((one) => one.number === number), root = /** @type {HTMLElement} */ (element.parentElement);
  if (!photo) return;
  await styled(root);
  const editor = new Editor(queue, photo, await speakerOf(queue.speaker));
  root.append(editor.element);
  editor.element.showModal();
  const made = await editor.run();
  editor.element.remove();
  sheet.cover.focus();
  if (made) makeAnew(queue, photo, made, editor.speaker);
}

/** @param {HTMLElement} root */
async function styled(root) {
  const place = root.getRootNode() instanceof ShadowRoot ? root.getRootNode() : document.head, href = new URL("editor.css", import.meta.url).href;
  if ([.../** @type {Element} */ (place).querySelectorAll("link")].some((one) => one.href === href)) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  await new Promise((done) => {
    link.onload = link.onerror = done;
    place.appendChild(link);
  });
}

/** @param {string} name */
function drawn(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

class Editor {
  /** @param {Queue} queue @param {Photo} photo @param {Speaker} speaker */
  constructor(queue, photo, speaker) {
    this.queue = queue;
    this.photo = photo;
    this.speaker = speaker;
    this.hint = "";
    this.findsThere = false;
    /** @type {ResizeObserver | undefined} */
    this.watch = undefined;
    /** @type {{x: number, y: number} | undefined} what of the frame stands in the middle, where it is zoomed */
    this.centre = undefined;
    this.steps = new Steps(photo.edit?.edit ?? NOTHING);
    /** @type {Edit} what is seen: the last step, or what a pointer is changing */
    this.now = this.steps.now;
    this.mode = /** @type {"cover" | "crop"} */ ("cover");
    this.tool = "box";
    this.ratio = 0;
    this.chosen = -1;
    this.leaving = false;
    this.width = this.height = 1;
    this.view = { scale: 1, x: 0, y: 0, zoom: 1 };
    /** @type {Shown | null} */
    this.shown = null;
    /** @type {ImageBitmap | null} */
    this.small = null;
    /** @type {Proposal[]} */
    this.proposals = [];
    /** @type {Map<number, {x: number, y: number}>} */
    this.fingers = new Map();
    /** @type {Drag | null} */
    this.drag = null;
    this.planned = this.moved = false;
    const tool = (/** @type {string} */ name, /** @type {() => void} */ onclick, icon = name, text = "") => {
      const one = make("button", { type: "button", className: `tool to-${name}`, onclick, title: this.say(name) }, ...(icon ? [drawn(icon)] : []), make("span", { className: icon && !text ? "unseen" : "", textContent: text || this.say(name) }));
      return one;
    };
    this.title = make("h2", { id: "editor-title", textContent: this.say("title") });
    this.done = make("button", { type: "button", className: "done", textContent: this.say("done"), disabled: true });
    this.cancel = make("button", { type: "button", className: "cancel", textContent: this.say("cancel") });
    this.base = make("canvas", {});
    this.over = make("canvas", {});
    this.layer = make("div", { className: "layer" });
    this.cropped = make("button", { type: "button", className: "rect crop" }, ...corners());
    this.stage = make("div", { className: "stage", tabIndex: 0 }, this.base, this.over, this.layer);
    this.stage.setAttribute("role", "group");
    this.stage.setAttribute("aria-label", this.say("picture"));
    for (const canvas of [this.base, this.over]) canvas.setAttribute("aria-hidden", "true");
    this.status = make("p", { className: "status", textContent: this.say("opening") });
    this.status.setAttribute("role", "status");
    this.keys = make("p", { className: "unseen", id: "editor-keys", textContent: this.say("keys") });
    this.cropKeys = make("p", { className: "unseen", id: "editor-crop-keys", textContent: this.say("cropKeys") });
    this.cropped.setAttribute("aria-describedby", this.cropKeys.id);
    /** @type {[string, HTMLButtonElement][]} */
    this.tools = ["box", "paint", "hand"].map((name) => [name, tool(name, () => this.#use(name), name, name === "hand" ? "" : this.say(name))]);
    this.brush = make("input", { type: "range", min: "1", max: "20", value: "5", className: "brush" });
    this.brush.setAttribute("aria-label", this.say("brush"));
    this.add = tool("add", () => this.#addBox());
    this.remove = tool("remove", () => this.#delete());
    this.find = tool("find", () => this.#look(), "find", this.say("find"));
    this.findThere = tool("findThere", () => this.#look(true), "find", this.say("findThere"));
    this.all = KINDS.map(([kind]) => make("button", { type: "button", className: "tool text", onclick: () => this.#coverAll(kind) }));
    this.covering = make("div", { className: "row" }, ...this.tools.map(([, one]) => one), this.brush, this.add, this.remove, this.find, this.findThere, ...this.all);
    this.shapes = RATIOS.map(([name, ratio]) => make("button", { type: "button", className: "tool text", textContent: ratio ? name : this.say(name), onclick: () => this.#shape(ratio) }));
    const shapes = make("div", { className: "group" }, ...this.shapes);
    shapes.setAttribute("role", "group");
    shapes.setAttribute("aria-label", this.say("shape"));
    this.tilt = make("input", { type: "range", min: "-15", max: "15", step: "0.5", value: String(this.now.angle), className: "tilt" });
    this.tilt.setAttribute("aria-label", this.say("straighten"));
    this.tilted = make("output", {});
    this.cropping = make("div", { className: "row" }, tool("turn", () => this.#turn()), shapes, make("label", { className: "straighten" }, make("span", { textContent: this.say("straighten") }), this.tilt, this.tilted));
    this.tabs = /** @type {["cover" | "crop", HTMLButtonElement][]} */ (["cover", "crop"].map((name) => [name, make("button", { type: "button", className: "tab", textContent: this.say(`${name}Tab`), onclick: () => this.#show(/** @type {"cover" | "crop"} */ (name)) })]));
    this.undo = tool("undo", () => this.#go(-1));
    this.redo = tool("redo", () => this.#go(1));
    this.body = make("div", { className: "tools" }, this.covering, this.cropping,
      make("div", { className: "row bottom" }, make("div", { className: "group" }, ...this.tabs.map(([, one]) => one)), this.undo, this.redo, tool("zoomOut", () => this.#zoom(1 / 1.5)), tool("zoomIn", () => this.#zoom(1.5))));
    this.element = make("dialog", { className: "cover-editor" }, make("div", { className: "head" }, this.cancel, this.title, this.done), this.stage, this.status, this.keys, this.cropKeys, this.body);
    this.element.setAttribute("aria-labelledby", this.title.id);
    this.body.hidden = true;
  }

  /** @param {string} name @param {Record<string, string | number>} [values] */
  say(name, values) {
    return this.speaker.say(name, values);
  }

  /** Until the person is done: the edit, or null where nothing is to change. @returns {Promise<Edit | null>} */
  async run() {
    /** @type {Promise<Edit | null>} */
    const closed = new Promise((close) => {
      this.element.oncancel = (event) => {
        event.preventDefault();
        this.#leave(close);
      };
      this.cancel.onclick = () => this.#leave(close);
      this.done.onclick = () => close(this.steps.at ? this.steps.now : null);
      this.element.onclose = () => close(null);
    });
    this.#open();
    const made = await closed;
    this.watch?.disconnect();
    this.shown?.bitmap.close();
    this.small?.close();
    this.shown = null;
    return made;
  }

  /** @param {(made: null) => void} close */
  #leave(close) {
    if (!this.steps.at || this.leaving) return close(null);
    this.leaving = true;
    return this.#tell(this.say("leave"));
  }

  async #open() {
    const shown = await picture(this.queue, this.photo).catch(() => null);
    if (!this.element.isConnected) return shown?.bitmap.close();
    if (!shown) return this.#tell(this.say("cannot"));
    this.shown = shown;
    [this.width, this.height] = [shown.width, shown.height];
    const scale = SMALL_SIDE / Math.max(shown.bitmap.width, shown.bitmap.height);
    if (scale < 1) this.small = await createImageBitmap(shown.bitmap, { resizeWidth: Math.round(shown.bitmap.width * scale), resizeHeight: Math.round(shown.bitmap.height * scale), resizeQuality: "medium" }).catch(() => null);
    this.body.hidden = this.done.disabled = false;
    const there = this.queue.mode === "upload" && this.photo.id && !(this.photo.decoded && this.photo.original);
    this.hint = there ? this.say("there") : "";
    this.findsThere = Boolean(this.photo.id) && !this.photo.edit && (await findsThere(this.queue));
    this.find.hidden = !(await detect.here());
    this.findThere.hidden = !this.findsThere;
    this.#wire();
    this.watch = new ResizeObserver(() => this.#fit());
    this.watch.observe(this.stage);
    this.#show("cover");
    return undefined;
  }

  /** @param {string} text */
  #tell(text) {
    setText(this.status, text);
  }

  // Where things are

  /** From the upright original (pixels) to the stage. @returns {Matrix} */
  #matrix() {
    const { scale, x, y } = this.view;
    return times([scale, 0, 0, scale, x, y], inverse(fromFrame(this.now, this.width, this.height)));
  }

  #frame() {
    return framed(this.now, this.width, this.height);
  }

  /** The whole frame within the stage, or as far as it was zoomed. */
  #fit() {
    const { clientWidth, clientHeight } = this.stage, [w, h] = this.#frame(), room = 20;
    const whole = Math.min((clientWidth - 2 * room) / w, (clientHeight - 2 * room) / h), { zoom } = this.view, scale = Math.max(1e-4, whole * zoom);
    const middle = this.centre ?? { x: w / 2, y: h / 2 };
    this.view = { zoom, scale, ...this.#kept(clientWidth / 2 - middle.x * scale, clientHeight / 2 - middle.y * scale, scale) };
    this.#draw(true);
  }

  /** Never further than the edge of the frame from the middle. @param {number} x @param {number} y @param {number} scale */
  #kept(x, y, scale) {
    const { clientWidth, clientHeight } = this.stage, [w, h] = this.#frame(), within = (/** @type {number} */ at, /** @type {number} */ side, /** @type {number} */ room) =>
      side <= room ? (room - side) / 2 : Math.min(room / 4, Math.max(room * 0.75 - side, at));
    return { x: within(x, w * scale, clientWidth), y: within(y, h * scale, clientHeight) };
  }

  /** @param {number} by @param {{x: number, y: number}} [place] on the stage */
  #zoom(by, place = { x: this.stage.clientWidth / 2, y: this.stage.clientHeight / 2 }) {
    const { zoom, scale, x, y } = this.view, to = Math.max(1, Math.min(MOST_ZOOM, zoom * by)), more = (scale * to) / zoom;
    this.#see({ zoom: to, scale: more, ...this.#kept(place.x - ((place.x - x) / scale) * more, place.y - ((place.y - y) / scale) * more, more) });
  }

  /** @param {{scale: number, x: number, y: number, zoom: number}} view */
  #see(view) {
    this.view = view;
    this.centre = view.zoom > 1 ? { x: (this.stage.clientWidth / 2 - view.x) / view.scale, y: (this.stage.clientHeight / 2 - view.y) / view.scale } : undefined;
    this.#draw(true);
  }

  // Drawing

  /** @param {boolean} [all] the picture moved too */
  #draw(all = false) {
    this.moved ||= all;
    if (this.planned) return;
    this.planned = true;
    requestAnimationFrame(() => {
      this.planned = false;
      if (!this.shown) return;
      if (this.moved) this.#drawPicture();
      this.moved = false;
      this.#drawCovers();
      this.#place();
    });
  }

  /** @param {HTMLCanvasElement} canvas */
  #pen(canvas) {
    const sharp = Math.min(2, devicePixelRatio || 1), width = Math.round(this.stage.clientWidth * sharp), height = Math.round(this.stage.clientHeight * sharp);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    brush.setTransform(1, 0, 0, 1, 0, 0);
    brush.clearRect(0, 0, width, height);
    brush.setTransform(sharp, 0, 0, sharp, 0, 0);
    return { brush, sharp };
  }

  #drawPicture() {
    const { bitmap } = /** @type {Shown} */ (this.shown), { brush, sharp } = this.#pen(this.base), { scale, x, y } = this.view, [w, h] = this.#frame();
    brush.save();
    brush.beginPath();
    brush.rect(x, y, w * scale, h * scale);
    brush.clip();
    brush.transform(...this.#matrix());
    brush.imageSmoothingQuality = "medium";
    const small = this.small && this.width * scale * sharp <= this.small.width * 1.2 ? this.small : bitmap;
    brush.drawImage(small, 0, 0, this.width, this.height);
    brush.restore();
  }

  #drawCovers() {
    const { brush } = this.#pen(this.over), { scale, x, y } = this.view, [w, h] = this.#frame();
    brush.save();
    brush.beginPath();
    brush.rect(x, y, w * scale, h * scale);
    brush.clip();
    brush.transform(...this.#matrix());
    brush.fillStyle = brush.strokeStyle = COLOUR;
    for (const { box, stroke = [], radius = 0 } of this.now.covers) {
      if (box) brush.fillRect(box[0] * this.width, box[1] * this.height, box[2] * this.width, box[3] * this.height);
      else paint(brush, Array.from({ length: stroke.length / 2 }, (_, n) => [stroke[2 * n] * this.width, stroke[2 * n + 1] * this.height]), radius * Math.max(this.width, this.height));
    }
    brush.restore();
    const [cx, cy, cw, ch] = this.now.crop ?? [0, 0, 1, 1];
    brush.beginPath();
    brush.rect(x, y, w * scale, h * scale);
    brush.rect(x + cx * w * scale, y + cy * h * scale, cw * w * scale, ch * h * scale);
    brush.fillStyle = this.mode === "crop" ? "rgb(0 0 0 / 55%)" : "rgb(0 0 0 / 75%)";
    brush.fill("evenodd");
  }

  /** Put what can be taken hold of where it is drawn. */
  #place() {
    const { covers, crop } = this.now, covering = this.mode === "cover", matrix = this.#matrix(), { scale, x, y } = this.view, [w, h] = this.#frame();
    const parts = /** @type {HTMLButtonElement[]} */ ([...this.layer.querySelectorAll(".part")]);
    for (const [at, cover] of covers.entries()) {
      const part = parts[at] ?? this.#newPart(), box = around(cover, this.width, this.height);
      part.hidden = !covering;
      part.dataset.at = String(at);
      part.classList.toggle("line", !cover.box);
      part.classList.toggle("chosen", at === this.chosen);
      part.setAttribute("aria-label", cover.box ? this.say("part", { n: at + 1, ...percents(box) }) : this.say("line", { n: at + 1 }));
      this.#lay(part, box, matrix);
    }
    for (const part of parts.slice(covers.length)) part.remove();
    const outlines = /** @type {HTMLElement[]} */ ([...this.layer.querySelectorAll(".proposal")]);
    for (const outline of outlines.slice(this.proposals.length)) outline.remove();
    /** @type {Record<string, number>} */
    const counts = {};
    for (const [at, { kind, box }] of this.proposals.entries()) {
      const outline = outlines[at] ?? this.#newProposal(), [cover, dismiss] = outline.children;
      counts[kind] = (counts[kind] ?? 0) + 1;
      outline.hidden = !covering;
      outline.dataset.at = String(at);
      outline.classList.toggle("tiny", Math.min(box[2] * this.width, box[3] * this.height) * Math.hypot(matrix[0], matrix[1]) < TINY); // its button stands beside it
      outline.classList.toggle("last", box[0] + box[2] > 0.8);
      cover.setAttribute("aria-label", this.say(kind, { n: counts[kind] }));
      dismiss.setAttribute("aria-label", `${this.say("dismiss")}: ${this.say(kind, { n: counts[kind] })}`);
      this.#lay(outline, box, matrix);
    }
    for (const [at, [kind, name]] of KINDS.entries()) this.#offer(this.all[at], name, counts[kind]);
    const [cx, cy, cw, ch] = crop ?? [0, 0, 1, 1];
    this.cropped.hidden = covering;
    this.cropped.setAttribute("aria-label", this.say("crop", { w: Math.round(cw * w), h: Math.round(ch * h) }));
    this.#lay(this.cropped, [cx, cy, cw, ch], [scale, 0, 0, scale, x, y], w, h);
    if (!this.cropped.isConnected) this.layer.append(this.cropped);
  }

  /** @param {HTMLButtonElement} one @param {string} name @param {number | undefined} n */
  #offer(one, name, n) {
    one.hidden = !n;
    if (n) setText(one, this.say(name, { n }));
  }

  /** @param {HTMLElement} element @param {number[]} box @param {Matrix} matrix */
  #lay(element, [bx, by, bw, bh], matrix, width = this.width, height = this.height) {
    const [a, b, c, d] = matrix, scale = Math.hypot(a, b), [x, y] = moved(matrix, bx * width, by * height);
    Object.assign(element.style, { width: `${bw * width * scale}px`, height: `${bh * height * scale}px`, transform: `matrix(${a / scale}, ${b / scale}, ${c / scale}, ${d / scale}, ${x}, ${y})` });
  }

  #newPart() {
    const part = make("button", { type: "button", className: "rect part" }, ...corners());
    part.setAttribute("aria-describedby", this.keys.id);
    part.onfocus = () => this.#choose(Number(part.dataset.at));
    this.layer.insertBefore(part, this.cropped.isConnected ? this.cropped : null);
    return part;
  }

  #newProposal() {
    const outline = make("div", { className: "proposal" });
    const cover = make("button", { type: "button", className: "accept", onclick: () => this.#accept(Number(outline.dataset.at)) });
    const dismiss = make("button", { type: "button", className: "dismiss", textContent: "×", onclick: () => this.#dismiss(Number(outline.dataset.at)) });
    outline.append(cover, dismiss);
    this.layer.append(outline);
    return outline;
  }

  // What was done

  /** @param {Partial<Edit>} more */
  #change(more) {
    this.now = { ...this.now, ...more };
    this.#draw("turn" in more || "angle" in more);
  }

  /** The change is a step of its own now. @param {Partial<Edit>} [more] */
  #step(more = {}) {
    this.#change(more);
    this.steps.take(this.now);
    this.leaving = false;
    this.#refresh();
  }

  /** @param {number} by */
  #go(by) {
    this.steps.go(by);
    this.now = this.steps.now;
    this.chosen = -1;
    this.#refresh();
    this.#fit();
  }

  #refresh() {
    [this.undo.disabled, this.redo.disabled] = [this.steps.at === 0, this.steps.at === this.steps.all.length - 1];
    this.remove.disabled = !this.now.covers[this.chosen];
    for (const [name, tab] of this.tabs) tab.setAttribute("aria-pressed", String(name === this.mode));
    for (const [name, one] of this.tools) one.setAttribute("aria-pressed", String(name === this.tool));
    for (const [at, [, ratio]] of RATIOS.entries()) this.shapes[at].setAttribute("aria-pressed", String(ratio === this.ratio));
    [this.covering.hidden, this.cropping.hidden] = [this.mode !== "cover", this.mode !== "crop"];
    [this.brush.hidden, this.add.hidden] = [this.tool !== "paint", this.tool === "paint"];
    this.tilt.value = String(this.now.angle);
    setText(this.tilted, this.say("degrees", { n: this.now.angle }));
  }

  /** @param {"cover" | "crop"} mode */
  #show(mode) {
    this.mode = mode;
    this.#tell(mode === "crop" ? this.say("cropHelp") : [this.say("help"), this.hint, this.findsThere ? this.say("whereThere") : ""].filter(Boolean).join(" "));
    this.#refresh();
    this.#draw(true);
  }

  /** @param {string} tool */
  #use(tool) {
    this.tool = tool;
    this.stage.dataset.tool = tool;
    this.#choose(-1);
  }

  /** @param {number} at */
  #choose(at) {
    this.chosen = at;
    this.#refresh();
    this.#draw();
  }

  /** @param {Cover} cover */
  #addCover(cover) {
    if (this.now.covers.length >= MOST_COVERS) return this.#tell(this.say("most", { n: MOST_COVERS }));
    this.chosen = cover.box ? this.now.covers.length : -1;
    return this.#step({ covers: [...this.now.covers, cover] });
  }

  /** In the middle of what is seen: for whoever cannot draw. */
  #addBox() {
    const back = inverse(this.#matrix()), { clientWidth, clientHeight } = this.stage, side = Math.min(clientWidth, clientHeight) / 5;
    this.#addCover({ box: this.#boxOf(moved(back, clientWidth / 2 - side, clientHeight / 2 - side), moved(back, clientWidth / 2 + side, clientHeight / 2 + side)) });
    requestAnimationFrame(() => requestAnimationFrame(() => /** @type {HTMLElement | null} */ (this.layer.querySelector(`.part[data-at="${this.chosen}"]`))?.focus()));
  }

  /** Between two places of the original, within it. @param {[number, number]} one @param {[number, number]} other */
  #boxOf(one, other) {
    const [l, r] = [one[0], other[0]].map((x) => clamp(x / this.width)).sort((p, q) => p - q), [t, b] = [one[1], other[1]].map((y) => clamp(y / this.height)).sort((p, q) => p - q);
    return [l, t, r - l, b - t];
  }

  #delete() {
    if (!this.now.covers[this.chosen]) return;
    const at = this.chosen;
    this.chosen = -1;
    this.#step({ covers: this.now.covers.filter((_, n) => n !== at) });
    this.stage.focus({ preventScroll: true });
  }

  #turn() {
    this.view.zoom = 1;
    this.centre = undefined;
    this.ratio = this.ratio && 1 / this.ratio;
    if (!RATIOS.some(([, ratio]) => ratio === this.ratio)) this.ratio = 0;
    this.#step({ turn: (this.now.turn + 90) % 360, crop: turnedCrop(this.now.crop) });
    this.#fit();
  }

  /** @param {number} ratio */
  #shape(ratio) {
    this.ratio = ratio;
    const [w, h] = this.#frame();
    if (!ratio) return this.#step();
    const wide = Math.min(1, (h * ratio) / w), high = Math.min(1, w / ratio / h);
    return this.#step({ crop: [(1 - wide) / 2, (1 - high) / 2, wide, high] });
  }

  // Pointers and keys

  #wire() {
    this.#use("box");
    this.stage.addEventListener("pointerdown", (event) => this.#down(event));
    this.stage.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) this.stage.addEventListener(name, (event) => this.#up(/** @type {PointerEvent} */ (event)));
    this.stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      if (event.shiftKey) this.#pan(event.deltaX || event.deltaY, 0);
      else this.#zoom(Math.exp(-event.deltaY / 400), this.#at(event));
    }, { passive: false });
    this.stage.addEventListener("contextmenu", (event) => event.preventDefault());
    this.element.addEventListener("keydown", (event) => this.#keyed(event));
    this.tilt.oninput = () => {
      this.#change({ angle: Number(this.tilt.value) });
      this.#fit();
      setText(this.tilted, this.say("degrees", { n: this.now.angle }));
    };
    this.tilt.onchange = () => this.#step({ angle: Number(this.tilt.value) });
  }

  /** @param {MouseEvent} event */
  #at(event) {
    const { left, top } = this.stage.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** @param {number} x @param {number} y */
  #pan(x, y) {
    const { view } = this;
    this.#see({ ...view, ...this.#kept(view.x - x, view.y - y, view.scale) });
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button > 0 || (event.target instanceof Element && event.target.closest(".proposal"))) return;
    const place = this.#at(event);
    this.fingers.set(event.pointerId, place);
    this.stage.setPointerCapture(event.pointerId);
    event.preventDefault();
    if (this.fingers.size === 2) return this.#pinch();
    const on = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest(".rect")) : null;
    if (on?.classList.contains("crop")) this.drag = this.#dragCrop(place);
    else if (this.mode === "crop" || this.tool === "hand") this.drag = this.#dragView(place);
    else if (on && !on.classList.contains("line")) this.drag = this.#dragBox(Number(on.dataset.at), place);
    else if (on && this.tool !== "paint") this.drag = this.#dragLine(Number(on.dataset.at), place);
    else this.drag = this.tool === "paint" ? this.#drawLine(place) : this.#drawBox(place);
    (on ?? this.stage).focus({ preventScroll: true });
    return undefined;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const place = this.#at(event), [one, other] = this.fingers.values();
    if (this.fingers.size === 2) {
      const from = { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, apart: Math.hypot(one.x - other.x, one.y - other.y) };
      this.fingers.set(event.pointerId, place);
      const [p, q] = this.fingers.values(), to = { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 };
      this.#zoom(Math.hypot(p.x - q.x, p.y - q.y) / Math.max(1, from.apart), to);
      this.#pan(from.x - to.x, from.y - to.y);
      return;
    }
    this.fingers.set(event.pointerId, place);
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one_ of all.length ? all : [event]) {
      const { x, y } = this.#at(one_);
      this.drag?.move(x, y);
    }
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.fingers.delete(event.pointerId)) return;
    const { drag } = this, { x, y } = this.#at(event);
    this.drag = null;
    if (event.type === "pointercancel") this.#back();
    else drag?.end(x, y);
  }

  /** Two fingers zoom: what the first one began is not meant. */
  #pinch() {
    this.drag = null;
    this.#back();
  }

  #back() {
    this.now = this.steps.now;
    this.#draw();
  }

  /** @param {{x: number, y: number}} start @returns {Drag} */
  #dragView(start) {
    let last = start;
    const move = (/** @type {number} */ x, /** @type {number} */ y) => {
      this.#pan(last.x - x, last.y - y);
      last = { x, y };
    };
    return { move, end: () => {} };
  }

  /** @param {{x: number, y: number}} start @returns {Drag} */
  #drawBox(start) {
    const back = inverse(this.#matrix()), from = moved(back, start.x, start.y), { covers } = this.now;
    const boxTo = (/** @type {number} */ x, /** @type {number} */ y) => ({ box: this.#boxOf(from, moved(back, x, y)) });
    return {
      move: (x, y) => this.#change({ covers: [...covers, boxTo(x, y)] }),
      end: (x, y) => {
        const meant = Math.abs(x - start.x) >= LEAST && Math.abs(y - start.y) >= LEAST, found = boxTo(x, y);
        this.#back();
        if (meant && found.box[2] > 0 && found.box[3] > 0) this.#addCover(found);
        else this.#choose(-1);
      },
    };
  }

  /** @param {{x: number, y: number}} start @returns {Drag} */
  #drawLine(start) {
    const back = inverse(this.#matrix()), { covers } = this.now, longer = Math.max(this.width, this.height), radius = Number(this.brush.value) * 2 / this.view.scale / longer;
    const stroke = /** @type {number[]} */ ([]);
    let last = { x: -1e9, y: -1e9 };
    const move = (/** @type {number} */ x, /** @type {number} */ y) => {
      if (Math.hypot(x - last.x, y - last.y) < 3) return; // less is not seen
      last = { x, y };
      const [u, v] = moved(back, x, y);
      stroke.push(clamp(u / this.width), clamp(v / this.height));
      this.#change({ covers: [...covers, { stroke, radius }] });
    };
    move(start.x, start.y);
    return {
      move,
      end: () => {
        this.#back();
        this.#addCover({ stroke: stroke.slice(0, 2000), radius: Math.min(1, radius) });
      },
    };
  }

  /** @param {number} at @param {{x: number, y: number}} start @returns {Drag} */
  #dragBox(at, start) {
    this.#choose(at);
    const matrix = this.#matrix(), back = inverse(matrix), box = this.now.covers[at].box ?? [0, 0, 1, 1], near = CORNER / Math.hypot(matrix[0], matrix[1]), from = moved(back, start.x, start.y);
    const sides = hit(box, from[0] / this.width, from[1] / this.height, near / this.width, near / this.height);
    const change = (/** @type {number} */ x, /** @type {number} */ y) => {
      const [u, v] = moved(back, x, y);
      return { covers: this.steps.now.covers.map((one, n) => (n === at ? { ...one, box: dragged(box, sides, (u - from[0]) / this.width, (v - from[1]) / this.height, 4 / this.width, 4 / this.height) } : one)) };
    };
    return { move: (x, y) => this.#change(change(x, y)), end: (x, y) => this.#step(Math.hypot(x - start.x, y - start.y) > 2 ? change(x, y) : {}) };
  }

  /** @param {number} at @param {{x: number, y: number}} start @returns {Drag} */
  #dragLine(at, start) {
    this.#choose(at);
    const back = inverse(this.#matrix()), from = moved(back, start.x, start.y);
    const change = (/** @type {number} */ x, /** @type {number} */ y) => {
      const [u, v] = moved(back, x, y);
      return { covers: this.#shifted(at, (u - from[0]) / this.width, (v - from[1]) / this.height) };
    };
    return { move: (x, y) => this.#change(change(x, y)), end: (x, y) => this.#step(Math.hypot(x - start.x, y - start.y) > 2 ? change(x, y) : {}) };
  }

  /** @param {number} at @param {number} u @param {number} v */
  #shifted(at, u, v) {
    return this.steps.now.covers.map((one, n) => {
      if (n !== at) return one;
      if (one.box) return { ...one, box: dragged(one.box, { l: 0, t: 0, r: 0, b: 0 }, u, v) };
      return { ...one, stroke: (one.stroke ?? []).map((value, k) => clamp(value + (k % 2 ? v : u))) };
    });
  }

  /** @param {{x: number, y: number}} start @returns {Drag} */
  #dragCrop(start) {
    const { scale, x: left, y: top } = this.view, [w, h] = this.#frame(), crop = this.now.crop ?? [0, 0, 1, 1];
    const sides = hit(crop, (start.x - left) / scale / w, (start.y - top) / scale / h, CORNER / scale / w, CORNER / scale / h);
    const change = (/** @type {number} */ x, /** @type {number} */ y) => ({ crop: this.#cropTo(crop, sides, (x - start.x) / scale / w, (y - start.y) / scale / h) });
    return { move: (x, y) => this.#change(change(x, y)), end: (x, y) => this.#step(Math.hypot(x - start.x, y - start.y) > 2 ? change(x, y) : {}) };
  }

  /** @param {number[]} crop @param {Sides} sides @param {number} u @param {number} v */
  #cropTo(crop, sides, u, v) {
    const [w, h] = this.#frame(), least = [Math.min(1, LEAST_CROP / w), Math.min(1, LEAST_CROP / h)], made = dragged(crop, sides, u, v, least[0], least[1]);
    const across = sides.l || sides.r, down = sides.t || sides.b;
    if (!this.ratio || !(across || down)) return made;
    // As wide as it was drawn, or as high where only that side was; the other side follows.
    let wide = across ? made[2] : (made[3] * h * this.ratio) / w;
    const room = [sides.l ? crop[0] + crop[2] : 1 - crop[0], sides.t ? crop[1] + crop[3] : 1 - crop[1]];
    wide = Math.min(wide, room[0], (room[1] * h * this.ratio) / w);
    const high = (wide * w) / this.ratio / h;
    return [sides.l ? crop[0] + crop[2] - wide : crop[0], sides.t ? crop[1] + crop[3] - high : crop[1], wide, high];
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const { key } = event, on = event.target instanceof HTMLElement ? event.target : null;
    if ((event.ctrlKey || event.metaKey) && ["z", "y"].includes(key.toLowerCase())) {
      event.preventDefault();
      return this.#go(key.toLowerCase() === "y" || event.shiftKey ? 1 : -1);
    }
    /** @type {Record<string, [number, number]>} */
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[key], step = event.altKey ? STEP / 5 : STEP;
    if ((key === "+" || key === "-") && on?.tagName !== "INPUT") return this.#zoom(key === "+" ? 1.5 : 1 / 1.5);
    if (on?.classList.contains("part") && (key === "Delete" || key === "Backspace")) {
      event.preventDefault();
      this.chosen = Number(on.dataset.at);
      return this.#delete();
    }
    if (!way || !on || on.tagName === "INPUT") return undefined;
    if (on === this.stage) {
      event.preventDefault();
      return this.#pan(way[0] * 40, way[1] * 40);
    }
    if (on.classList.contains("crop")) {
      event.preventDefault();
      const sides = { l: 0, t: 0, r: Number(event.shiftKey && way[0] !== 0), b: Number(event.shiftKey && way[1] !== 0) };
      return this.#step({ crop: this.#cropTo(this.now.crop ?? [0, 0, 1, 1], sides, way[0] * step, way[1] * step) });
    }
    if (!on.classList.contains("part")) return undefined;
    event.preventDefault();
    const at = Number(on.dataset.at), cover = this.now.covers[at], back = inverse(this.#matrix()), zero = moved(back, 0, 0), one = moved(back, way[0], way[1]);
    const across = (one[0] - zero[0]) * this.view.scale, down = (one[1] - zero[1]) * this.view.scale; // the way, as it lies in the original
    const longer = Math.max(this.width, this.height) * step, u = (across * longer) / this.width, v = (down * longer) / this.height;
    if (!event.shiftKey || !cover.box) return this.#step({ covers: this.#shifted(at, u, v) });
    const grow = way[0] + way[1], wide = Math.abs(across) > Math.abs(down), sides = { l: 0, t: 0, r: Number(wide), b: Number(!wide) };
    const box = dragged(cover.box, sides, Math.abs(u) * grow, Math.abs(v) * grow, 4 / this.width, 4 / this.height);
    return this.#step({ covers: this.now.covers.map((other, n) => (n === at ? { ...other, box } : other)) });
  }

  // Proposals

  /** @param {boolean} [there] on the server */
  async #look(there = false) {
    this.find.disabled = this.findThere.disabled = true;
    this.#tell(this.say("looking"));
    try {
      const found = there ? await findThere(this.queue, this.photo) : await detect.look(/** @type {Shown} */ (this.shown).bitmap);
      if (!this.shown) return;
      this.proposals = found.filter(({ box }) => !this.now.covers.some((cover) => within(box, cover.box)));
      this.#tell(this.proposals.length ? this.say("found", { n: this.proposals.length }) : this.say("nothing"));
    } catch {
      this.#tell(this.say("notLooked"));
    }
    this.find.disabled = this.findThere.disabled = false;
    this.#draw();
  }

  /** @param {number} at */
  #accept(at) {
    const [found] = this.proposals.splice(at, 1);
    if (found) this.#addCover(found);
    this.chosen = -1;
    this.#refresh();
    this.stage.focus({ preventScroll: true });
  }

  /** @param {number} at */
  #dismiss(at) {
    this.proposals.splice(at, 1);
    this.#draw();
    this.stage.focus({ preventScroll: true });
  }

  /** @param {string} kind */
  #coverAll(kind) {
    const all = this.proposals.filter((one) => one.kind === kind).slice(0, MOST_COVERS - this.now.covers.length);
    this.proposals = this.proposals.filter((one) => !all.includes(one));
    this.chosen = -1;
    this.#step({ covers: [...this.now.covers, ...all] });
    this.stage.focus({ preventScroll: true });
  }
}

/** Which sides of a rectangle are taken hold of. @typedef {{l: number, t: number, r: number, b: number}} Sides */

/** @param {number} value */
const clamp = (value) => Math.max(0, Math.min(1, value));

const corners = () => ["nw", "ne", "sw", "se"].map((name) => make("span", { className: `corner ${name}` }));

/** @param {number[]} box @param {number} x @param {number} y @param {number} nearX @param {number} nearY @returns {Sides} */
function hit([bx, by, bw, bh], x, y, nearX, nearY) {
  const tx = Math.min(nearX, bw / 3), ty = Math.min(nearY, bh / 3); // a small one can still be moved
  return { l: Number(x < bx + tx), r: Number(x > bx + bw - tx), t: Number(y < by + ty), b: Number(y > by + bh - ty) };
}

/** A rectangle after its sides, or all of it, were drawn along; never outside, never smaller than the least.
 * @param {number[]} box @param {Sides} sides @param {number} u @param {number} v */
function dragged([x, y, w, h], { l, t, r, b }, u, v, leastW = 0.001, leastH = 0.001) {
  if (!(l || t || r || b)) return [Math.max(0, Math.min(1 - w, x + u)), Math.max(0, Math.min(1 - h, y + v)), w, h];
  let [left, top, right, bottom] = [x, y, x + w, y + h];
  if (l) left = Math.max(0, Math.min(right - leastW, left + u));
  if (r) right = Math.min(1, Math.max(left + leastW, right + u));
  if (t) top = Math.max(0, Math.min(bottom - leastH, top + v));
  if (b) bottom = Math.min(1, Math.max(top + leastH, bottom + v));
  return [left, top, right - left, bottom - top];
}

/** The rectangle around a cover, in parts of the picture. @param {Cover} cover @param {number} width @param {number} height */
function around({ box, stroke = [], radius = 0 }, width, height) {
  if (box) return box;
  const xs = stroke.filter((_, n) => n % 2 === 0), ys = stroke.filter((_, n) => n % 2), longer = Math.max(width, height), rx = (radius * longer) / width, ry = (radius * longer) / height;
  const left = Math.min(...xs) - rx, top = Math.min(...ys) - ry;
  return [left, top, Math.max(...xs) + rx - left, Math.max(...ys) + ry - top];
}

/** @param {number[]} box */
const percents = ([x, y, w, h]) => ({ x: Math.round(x * 100), y: Math.round(y * 100), w: Math.round(w * 100), h: Math.round(h * 100) });

/** @param {number[]} box @param {number[] | undefined} cover */
const within = ([x, y, w, h], cover) => Boolean(cover && x + w / 2 > cover[0] && x + w / 2 < cover[0] + cover[2] && y + h / 2 > cover[1] && y + h / 2 < cover[1] + cover[3]);
