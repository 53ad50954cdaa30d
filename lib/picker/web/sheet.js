// The sheet that opens on a tap: one photo, what was found inside it, and what can be done with it.

import { KINDS, isolated } from "./strings.js";
import { button, icon, make, setText } from "./elements.js";

/** @typedef {import("./queue.js").Queue} Queue */
/** @typedef {import("./queue.js").Photo} Photo */
/** @typedef {{step: (number: number, by: number) => void, remove: (number: number) => void, save: (number: number) => void, closed: (number: number) => void}} Actions */

const LABELLED = new Set(["serial", "owner", "preview", "trailer", "other"]); // their values alone say too little

/** "2014:07:12 16:17:10" as a person writes it. @param {string} value */
const plainTime = (value) => value.replace(/^(\d{4}):(\d\d):(\d\d)/, "$1-$2-$3").replace(/(\d\d:\d\d):\d\d/, "$1");

/**
 * What was found, by kind, most telling first. @param {Photo} photo @param {import("./strings.js").Speaker} speaker
 * @returns {[string, string][]}
 */
export function groups(photo, speaker) {
  return KINDS.flatMap((kind) => {
    const values = photo.findings.filter((one) => one.kind === kind).map(({ label, value }) => {
      if (kind === "time") return plainTime(value);
      return LABELLED.has(kind) ? [speaker.say(label), value].filter(Boolean).join(": ") : value || speaker.say(label);
    });
    const all = [...new Set(values.filter(Boolean))];
    const shown = all.slice(0, 12).join(", ") + (all.length > 12 ? " …" : "");
    return values.length ? [/** @type {[string, string]} */ ([kind, shown])] : [];
  });
}

/** One line about what was found. @param {Photo} photo @param {import("./strings.js").Speaker} speaker */
export function verdict(photo, speaker) {
  const found = groups(photo, speaker), open = photo.state === "closed";
  if (found.some(([kind]) => kind === "position")) return speaker.say(open ? "locationFound" : "locationRemoved");
  if (found.length) return speaker.say(open ? "thingsFound" : "thingsRemoved", { n: found.length });
  return photo.earlier || photo.video ? "" : speaker.say("nothingFound");
}

export class Sheet {
  /** @param {Element | ShadowRoot} root @param {Queue} queue @param {Actions} actions */
  constructor(root, queue, actions) {
    this.queue = queue;
    this.actions = actions;
    this.number = 0;
    this.shown = "";
    const act = (/** @type {(number: number) => void} */ what) => () => what(this.number);
    const say = (/** @type {string} */ name) => queue.speaker.say(name);
    this.name = make("h2", { className: "sheet-name", dir: "auto", id: "picker-sheet-name" });
    this.picture = make("div", { className: "sheet-picture" });
    this.status = make("p", { className: "sheet-status" });
    this.found = make("div", { className: "found" });
    this.earlier = button(say("earlier"), "earlier", act((number) => actions.step(number, -1)), "earlier");
    this.later = button(say("later"), "later", act((number) => actions.step(number, 1)), "later");
    this.cover = button(say("cover"), "cover", () => import("./editor.js").then(({ edit }) => edit(this)), "cover"); // loads only now
    this.save = button(say("save"), "save", act(actions.save));
    this.again = button(say("tryAgain"), "again", act((number) => queue.again(number)));
    this.remove = button(say("remove"), "remove", act(actions.remove));
    const close = make("button", { type: "button", className: "close", onclick: () => this.element.close() }, icon("close"));
    close.setAttribute("aria-label", say("close"));
    this.element = make("dialog", { className: "sheet" }, make("div", { className: "sheet-head" }, this.name, close), this.picture, this.status, this.found,
      make("div", { className: "sheet-tools" }, this.cover, this.earlier, this.later, this.save, this.again, this.remove));
    this.element.setAttribute("aria-labelledby", this.name.id);
    this.element.onclick = ({ target, clientX, clientY }) => {
      const { left, right, top, bottom } = this.element.getBoundingClientRect();
      if (target === this.element && (clientX < left || clientX > right || clientY < top || clientY > bottom)) this.element.close(); // beside it
    };
    this.element.onclose = () => {
      const { number } = this;
      this.number = 0;
      actions.closed(number);
    };
    root.append(this.element);
  }

  /** @param {number} number */
  open(number) {
    this.number = number;
    this.shown = "";
    this.render();
    if (!this.element.open) this.element.showModal();
    this.element.scrollTop = 0;
  }

  close() {
    if (this.element.open) this.element.close();
  }

  render() {
    const { queue } = this, { speaker } = queue, at = queue.photos.findIndex((one) => one.number === this.number), photo = queue.photos[at];
    if (!photo) return this.close();
    const last = queue.photos.length - 1;
    [this.earlier.disabled, this.later.disabled] = [at === 0, at === last];
    for (const tool of [this.earlier, this.later]) tool.hidden = last === 0 || photo.state === "refused";
    this.again.hidden = photo.state !== "failed";
    this.save.hidden = photo.state !== "clean";
    this.cover.hidden = photo.video || photo.state === "refused";
    this.cover.disabled = ["waiting", "cleaning", "sending"].includes(photo.state);
    setText(this.name, photo.name);
    setText(this.status, `${speaker.say("place", { at: at + 1, n: last + 1 })} · ${status(photo, speaker)}`);
    const signature = JSON.stringify([photo.findings, photo.decoded, photo.blanked, photo.state, photo.through, photo.notes, photo.thumbnail, photo.edit?.text]);
    if (this.shown === signature) return undefined;
    this.shown = signature;
    this.picture.replaceChildren(photo.thumbnail ? make("img", { src: photo.thumbnail, alt: "" }) : icon("photo"));
    this.#renderFound(photo);
    return undefined;
  }

  /** @param {Photo} photo */
  #renderFound(photo) {
    const { speaker, mode } = this.queue;
    if (["waiting", "cleaning", "refused"].includes(photo.state)) return this.found.replaceChildren();
    const list = groups(photo, speaker), told = verdict(photo, speaker);
    const dl = make("dl", {}, ...list.flatMap(([kind, value]) => [make("dt", { textContent: speaker.say(`kind_${kind}`) }), make("dd", { dir: "auto", textContent: value })]));
    const how = photo.state === "closed" ? speaker.say("notRemovedYet")
      : photo.earlier || (photo.blanked && !list.length) ? ""
      : photo.blanked ? speaker.say(mode === "attach" ? "removedHere" : "removedHereBefore") : speaker.say("removedThere");
    const elsewhere = photo.decoded ? "" : mode === "upload" ? speaker.say("elsewhere", { format: photo.format }) : photo.through ? speaker.say("madeThere") : "";
    const lines = [photo.edit?.text, how, elsewhere, ...photo.notes].filter(Boolean).map((textContent) => make("p", { textContent }));
    this.found.replaceChildren(...(told ? [make("p", { className: "verdict", textContent: told })] : []), dl, ...lines);
    return undefined;
  }
}

/** How far a photo is, in a few words. @param {Photo} photo @param {import("./strings.js").Speaker} speaker */
export function status(photo, speaker) {
  const size = speaker.size(photo.size), smaller = photo.size < photo.originalSize ? `${speaker.size(photo.originalSize)} → ${size}` : size;
  const with_ = (/** @type {string} */ name) => `${smaller} · ${speaker.say(name)}`;
  switch (photo.state) {
    case "waiting": case "cleaning": return speaker.say("cleaning");
    case "ready": return with_("waiting");
    case "sending": return with_(photo.sent >= photo.size ? "checking" : "uploading");
    case "pausing": return with_(navigator.onLine ? "lost" : "offline");
    case "done": return photo.video ? `${speaker.say("video", { n: Math.round(photo.seconds) })} · ${size}` : photo.earlier ? `${size} · ${speaker.say("uploadedEarlier")}` : with_("uploaded");
    case "clean": return photo.decoded || photo.through ? with_("clean") : `${smaller} · ${speaker.say("stillFormat", { format: photo.format })}`;
    case "closed": return `${size} · ${speaker.say("notCleanedYet")}`;
    default: return photo.problem ? `${photo.problem.happened} ${photo.problem.fix}` : "";
  }
}

/** @param {Photo} photo */
export const named = (photo) => isolated(photo.name);
