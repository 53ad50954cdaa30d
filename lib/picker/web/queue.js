// The photos of one picker: cleaned on this device, then uploaded, several at a time, again and again until they arrive.
// It knows nothing of the page; it outlives it, so that uploads go on while another page of the app is looked at.

import { Cleaner, NotTaken } from "./cleaner.js";
import { Speaker } from "./strings.js";

/** @typedef {import("./exif.js").Finding} Finding */
/** @typedef {import("./covering.js").Covered} Covered */
/** @typedef {"waiting" | "cleaning" | "ready" | "sending" | "pausing" | "done" | "clean" | "closed" | "failed" | "refused"} State */
/** @typedef {{happened: string, fix: string}} Problem */
/**
 * One photo on its way. `clean`: kept on the device; `closed`: nothing was removed, so it is not handed over;
 * `refused`: cannot be used at all. `original`: the file as chosen; `instead`: of which photo in the draft.
 * @typedef {{number: number, key: string, id: string | null, name: string, state: State, file: File | null, blob: Blob | null, shareable: Blob | null, thumbnail: string | null,
 *   originalSize: number, size: number, sent: number, allSent: boolean, width: number, height: number, tries: number, findings: Finding[], removed: string[], notes: string[],
 *   decoded: boolean, blanked: boolean, through: boolean, taken: boolean, earlier: boolean, video: boolean, format: string, seconds: number, problem: Problem | null,
 *   original: File | null, edit: Covered | null, instead: string, request: XMLHttpRequest | null, clock: ReturnType<typeof setTimeout> | undefined}} Photo
 */
/** What the page says. @typedef {{mode: "upload" | "attach", key: string, base: string, ticket: string, maxPhotos: number, maxBytes: number, maxSide: number, attachPhotos: number,
 *   sharePhotos: boolean, offersServer: boolean, problem: Problem | null, changes: number | undefined, strings: Record<string, import("./strings.js").Words>}} Options */
/** What the page is told. @typedef {{photos: Record<string, unknown>[], uploading: number, error: string, through: boolean}} Told */
/** @typedef {{render: () => void, tell: (told: Told) => void, wantsTicket: () => void}} Onlooker */
/** @typedef {{method: string, path: string, body: unknown, sending?: boolean}} Debt */

const UPLOADS_AT_ONCE = 3; // fills a slow line without splitting it too thin
const STALLED_S = 45; // no byte moved for so long: drop the connection and try again
const ANSWER_S = 120; // the server has all bytes and is cleaning
const PAUSES_S = [1, 2, 4, 8, 15, 30]; // between two tries; the last one repeats
const SERVER_TRIES = 6; // of one photo, while the server answers that it is in trouble
const UNDO_S = 12;
const OPEN = new Set(["waiting", "cleaning", "ready", "sending", "pausing"]);

const cleaner = new Cleaner();

/** @param {Partial<Photo>} known @returns {Photo} */
const photoOf = (known) => ({
  number: 0, key: "", id: null, name: "photo.jpg", state: "waiting", file: null, blob: null, shareable: null, thumbnail: null, originalSize: 0, size: 0, sent: 0, allSent: false,
  width: 0, height: 0, tries: 0, findings: [], removed: [], notes: [], decoded: true, blanked: true, through: false, taken: false, earlier: false, video: false, format: "", seconds: 0,
  problem: null, original: null, edit: null, instead: "", request: null, clock: undefined, ...known,
});

/** A name for one upload across its tries, also without https. */
const uploadKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {string} json @returns {any} */
function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

export class Queue {
  /** @param {string} key */
  constructor(key) {
    this.key = key;
    /** @type {Photo[]} */
    this.photos = [];
    /** @type {{text: string, kind: string}[]} */
    this.notices = [];
    /** @type {{photo: Photo, at: number, clock: ReturnType<typeof setTimeout>} | null} */
    this.undoable = null;
    /** @type {Set<Onlooker>} */
    this.views = new Set();
    /** @type {Set<string>} keys of photos that were removed on their way */
    this.gone = new Set();
    /** @type {Debt[]} what the server has yet to be told */
    this.owed = [];
    /** @type {string[]} names of photos that a reload lost */
    this.lost = [];
    /** @type {Map<string | null, Photo>} photos that the page took out of the draft */
    this.away = new Map();
    this.speaker = new Speaker();
    this.cleaner = cleaner;
    this.newKey = uploadKey;
    this.mode = /** @type {"upload" | "attach"} */ ("upload");
    this.base = "";
    this.ticket = "";
    this.error = "";
    /** What the page was told last. */
    this.said = "";
    this.maxPhotos = 0;
    this.attachPhotos = 0;
    this.serial = 0;
    this.sharePhotos = false;
    this.offersServer = false;
    this.loaded = false; // the draft was asked for
    this.listed = false; // and has answered
    this.stale = false; // the ticket was refused
    this.following = false; // the page changed the draft
    this.untold = false; // the page has to look again
    this.planned = false;
    this.paying = false;
    this.holds = false; // photos are uploaded only when the person says so
    this.held = false; // and they wait for that now
    /** @type {import("./clean.js").Limits} */
    this.limits = { maxBytes: 0, maxSide: 0 };
    /** @type {number | undefined} */
    this.changes = undefined;
    /** @type {Record<string, ReturnType<typeof setTimeout>>} */
    this.clocks = {};
    addEventListener("online", () => this.backOnline());
    addEventListener("beforeunload", (event) => {
      if (this.mode === "upload" && this.uploading()) event.preventDefault();
    });
  }

  /** @param {Options} options */
  configure({ mode, base, ticket, maxPhotos, maxBytes, maxSide, attachPhotos, sharePhotos, offersServer, problem, changes, strings }) {
    Object.assign(this, { mode, attachPhotos, sharePhotos, offersServer, maxPhotos });
    Object.assign(this, { limits: { maxBytes, maxSide, exact: mode === "upload" } });
    this.speaker = new Speaker(strings);
    const fresh = this.ticket !== ticket;
    [this.base, this.ticket] = [base, ticket];
    if (mode === "upload" && !this.loaded) {
      this.loaded = true;
      this.remember(true);
      this.list();
    } else if (mode === "attach" && problem) {
      for (const photo of this.photos) if (photo.state === "ready") Object.assign(photo, { state: "failed", problem });
      this.changed();
    } else if (fresh && ticket && (this.stale || mode === "attach")) {
      this.stale = false;
      this.pump();
    }
    if (mode === "upload" && this.changes !== undefined && this.changes !== changes) {
      this.following = true; // the page itself changed the draft
      this.list();
    }
    this.changes = changes;
  }

  address(path = "") {
    return `${this.base}/${encodeURIComponent(this.ticket)}${path}`;
  }

  // What is there

  active() {
    return this.photos.filter((photo) => photo.state !== "refused");
  }

  uploading() {
    return this.photos.filter((photo) => OPEN.has(photo.state)).length;
  }

  // What a person does

  warm() {
    cleaner.warm();
  }

  /** @param {Iterable<File>} files */
  add(files) {
    const all = [...files], taken = all.slice(0, Math.max(this.maxPhotos - this.active().length, 0)), left = all.slice(taken.length).map((file) => file.name);
    if (left.length) {
      const names = this.speaker.names(left.slice(0, 3)) + (left.length > 3 ? " …" : "");
      this.notice(this.speaker.say("full", { most: this.maxPhotos, n: left.length, names }), "full");
    }
    this.notices = this.notices.filter((one) => one.kind !== "again");
    this.held = this.holds && this.mode === "upload";
    const fresh = taken.map((file) => photoOf({ number: ++this.serial, key: uploadKey(), file, name: file.name || "photo.jpg", originalSize: file.size, size: file.size }));
    this.photos.push(...fresh);
    this.changed();
    for (const photo of fresh) this.glance(photo);
    for (const photo of fresh) this.clean(photo);
  }

  /** @param {Photo} photo */
  async glance(photo) {
    const preview = photo.file && (await cleaner.peek(photo.file, this.limits));
    if (!preview || photo.thumbnail) return;
    photo.thumbnail = URL.createObjectURL(preview);
    this.changed();
  }

  /** @param {Photo} photo */
  async clean(photo) {
    const { speaker } = this, file = /** @type {File} */ (photo.file), name = speaker.names([photo.name]);
    photo.state = "cleaning";
    try {
      const { thumbnail, notes, ...answer } = await cleaner.clean(file, this.limits);
      if (photo.thumbnail && thumbnail) URL.revokeObjectURL(photo.thumbnail);
      Object.assign(photo, answer, { thumbnail: thumbnail ? URL.createObjectURL(thumbnail) : photo.thumbnail, notes: notes.map((note) => speaker.say(note.name, note.with)) });
      photo.size = answer.blob.size;
      [photo.file, photo.original] = [null, file]; // it stays on this device
      photo.state = this.mode === "upload" ? "ready" : this.onDevice(photo);
    } catch (error) {
      if (error instanceof NotTaken) {
        const values = Object.fromEntries(Object.entries(error.values).map(([key, value]) => [key, typeof value === "number" ? speaker.size(value) : value]));
        this.refuse(photo, speaker.say(error.message, { name, ...values }), speaker.say(error.message === "broken" ? "simplePage" : "another"));
      } else this.refuse(photo, speaker.say("unreadable", { name }), speaker.say("unreadableFix"));
    }
    this.changed();
    this.pump();
  }

  /** @param {boolean} wish */
  hold(wish, now = wish) {
    [this.holds, this.held] = [wish, now];
    this.changed();
    this.pump();
  }

  /** @param {Photo} photo @param {Blob | null} thumbnail */
  show(photo, thumbnail) {
    if (photo.thumbnail) URL.revokeObjectURL(photo.thumbnail);
    photo.thumbnail = thumbnail && URL.createObjectURL(thumbnail);
  }

  /** @param {Photo} photo @param {string} happened @param {string} fix */
  refuse(photo, happened, fix) {
    Object.assign(photo, { state: "refused", problem: { happened, fix }, blob: null });
  }

  /** @param {number} number */
  remove(number) {
    const at = this.photos.findIndex((photo) => photo.number === number);
    if (at < 0) return;
    const [photo] = this.photos.splice(at, 1);
    // Once all of it is on its way the server may keep it: then its answer is awaited, and the photo deleted there.
    if (photo.request && (!photo.allSent || this.mode === "attach")) {
      photo.request.abort();
      this.gone.add(photo.key);
      this.lookAgain();
    }
    if (photo.state === "refused") return this.changed();
    this.forgetUndo();
    this.undoable = { photo, at, clock: setTimeout(() => this.forgetUndo(), UNDO_S * 1000) };
    if (photo.id) this.owe("DELETE", `/photos/${photo.id}`);
    photo.instead = "";
    if (["sending", "pausing", "ready"].includes(photo.state)) photo.state = this.mode === "upload" ? "ready" : this.onDevice(photo);
    this.changed();
    this.pump();
  }

  undo() {
    if (!this.undoable) return null;
    const { photo, at, clock } = this.undoable;
    clearTimeout(clock);
    this.undoable = null;
    this.gone.delete(photo.key);
    this.photos.splice(at, 0, photo);
    if (photo.id) this.owe("POST", `/photos/${photo.id}/restore`);
    this.reordered();
    this.pump();
    return photo;
  }

  forgetUndo() {
    if (!this.undoable) return;
    clearTimeout(this.undoable.clock);
    this.undoable = null;
    this.changed();
  }

  /** @param {number} number @param {number} to */
  move(number, to) {
    const from = this.photos.findIndex((photo) => photo.number === number);
    if (from < 0 || to < 0 || to >= this.photos.length || from === to) return false;
    this.photos.splice(to, 0, ...this.photos.splice(from, 1));
    this.reordered();
    return true;
  }

  /** Send it, or send it again. In attach mode only a person asks for that, and no draft waits yet. @param {number} number */
  again(number) {
    const photo = this.photos.find((one) => one.number === number);
    if (!photo) return;
    Object.assign(photo, { state: "ready", tries: 0, problem: null });
    this.changed();
    this.pump();
  }

  // Through the server and back: for a photo that this browser cannot open, and only when a person asks for it

  /** @param {Photo} photo @returns {State} */
  onDevice(photo) {
    return photo.blanked ? "clean" : "closed"; // where nothing was removed it is not to be handed over
  }

  /** @param {Photo} photo @param {any} answer */
  async bringBack(photo, answer) {
    try {
      const [full, small] = await Promise.all(["full", "thumb"].map((size) => fetch(this.address(`/photos/${answer.id}/${size}`), { credentials: "same-origin" })));
      if (!full.ok || !small.ok) throw new Error("gone");
      const blob = await full.blob();
      Object.assign(photo, { blob, state: "clean", size: blob.size, width: answer.width, height: answer.height, notes: answer.notes ?? [], blanked: true, through: true, tries: 0,
        thumbnail: URL.createObjectURL(await small.blob()) });
    } catch {
      if (photo.tries + 1 < SERVER_TRIES) this.pause(photo);
      else Object.assign(photo, { state: "failed", problem: { happened: this.speaker.say("noReturn"), fix: this.speaker.say("noReturnFix") } });
    }
    this.changed();
  }

  /** Whether photos wait to go through the server. As soon as none does, the page deletes what the server holds. */
  wantsServer() {
    return this.mode === "attach" && this.photos.some((photo) => ["ready", "sending", "pausing"].includes(photo.state));
  }

  // Uploading

  pump() {
    if (this.stale || !this.ticket || this.held) return;
    const room = UPLOADS_AT_ONCE - this.photos.filter((photo) => photo.state === "sending").length;
    for (const photo of this.photos.filter((one) => one.state === "ready").slice(0, Math.max(room, 0))) this.send(photo);
  }

  /** @param {Photo} photo */
  send(photo) {
    const request = (photo.request = new XMLHttpRequest()), blob = /** @type {Blob} */ (photo.blob);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let clock;
    const wind = (/** @type {number} */ seconds) => {
      clearTimeout(clock);
      clock = setTimeout(() => request.abort(), seconds * 1000);
    };
    Object.assign(photo, { state: "sending", sent: 0, allSent: false });
    request.open("POST", `${this.address("/photos")}?max_side=${this.limits.maxSide}${photo.instead}`);
    const body = photo.edit?.body(request, photo) ?? blob;
    if (body === blob) request.setRequestHeader("Content-Type", blob.type || "application/octet-stream");
    request.setRequestHeader("X-File-Name", encodeURIComponent(photo.name.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")));
    request.setRequestHeader("X-Removed", photo.removed.join(","));
    request.setRequestHeader("X-Original-Bytes", String(photo.originalSize));
    request.setRequestHeader("X-Upload-Key", photo.key);
    request.upload.onprogress = ({ loaded }) => {
      photo.sent = loaded;
      wind(STALLED_S);
      this.changed();
    };
    request.upload.onload = () => {
      photo.sent = blob.size;
      photo.allSent = true;
      wind(ANSWER_S);
      this.changed();
    };
    request.onloadend = () => {
      clearTimeout(clock);
      if (photo.request !== request) return; // removed, undone and sent again meanwhile
      photo.request = null;
      if (this.photos.includes(photo)) this.answered(photo, request);
      else this.answeredLate(photo, request);
      this.changed();
      this.pump();
    };
    wind(STALLED_S);
    request.send(body);
    this.changed();
  }

  /** @param {Photo} photo @param {XMLHttpRequest} request */
  answered(photo, request) {
    const answer = parsed(request.responseText), { status } = request, { speaker } = this;
    if (status >= 200 && status < 300 && answer?.id) return this.arrived(photo, answer);
    if (status === 0) return this.pause(photo);
    if ([401, 403, 404, 410].includes(status)) return this.ticketRefused(photo, answer);
    if (status === 408 || status === 425 || status === 429 || status >= 500) {
      if (photo.tries + 1 < SERVER_TRIES && status !== 507) return this.pause(photo, Number(request.getResponseHeader("Retry-After")) || 0);
      Object.assign(photo, { state: "failed", problem: answer?.problem ?? { happened: speaker.say("serverTrouble"), fix: speaker.say("serverTroubleFix") } });
      return undefined;
    }
    const problem = answer?.problem ?? { happened: speaker.say("notTaken", { name: speaker.names([photo.name]) }), fix: speaker.say("another") };
    return this.refuse(photo, problem.happened, problem.fix);
  }

  /** @param {Photo} photo @param {any} answer */
  arrived(photo, answer) {
    if (this.mode === "attach") return void this.bringBack(photo, answer);
    const shareable = photo.decoded ? photo.blob : null; // kept to be shared without a link
    const notes = answer.notes?.length ? answer.notes : photo.notes, replaced = photo.instead;
    Object.assign(photo, { state: "done", id: answer.id, shareable, width: answer.width, height: answer.height, size: answer.size_bytes, notes, blob: null, tries: 0, instead: "" });
    if (replaced) photo.edit?.arrived();
    if (!photo.thumbnail || (replaced && !photo.decoded)) this.fetchThumbnail(photo);
    this.error = "";
    this.remember();
    // Photos arrive in any order; the server learns ours once all are there.
    if (!this.uploading() && this.photos.length > 1) this.reordered(0);
    return undefined;
  }

  /** The answer for a photo that was removed meanwhile. @param {Photo} photo @param {XMLHttpRequest} request */
  answeredLate(photo, request) {
    if (this.mode === "attach") return;
    photo.id = parsed(request.responseText)?.id ?? null;
    if (photo.id) this.owe("DELETE", `/photos/${photo.id}`);
    else if (photo.allSent) this.lookAgain();
    if (photo.id) photo.state = "done";
  }

  /** @param {Photo} photo */
  pause(photo, seconds = 0) {
    const wait = Math.max(seconds, PAUSES_S[Math.min(photo.tries, PAUSES_S.length - 1)]);
    photo.tries += 1;
    Object.assign(photo, { state: "pausing", sent: 0 });
    photo.clock = setTimeout(() => this.resume(photo), wait * 1000);
  }

  /** @param {Photo} photo */
  resume(photo) {
    clearTimeout(photo.clock);
    if (photo.state !== "pausing") return;
    photo.state = "ready";
    this.changed();
    this.pump();
  }

  backOnline() {
    for (const photo of this.photos) this.resume(photo);
    if (!this.listed && this.mode === "upload" && this.loaded) this.list();
    this.pay();
  }

  /** @param {Photo} photo @param {any} answer */
  ticketRefused(photo, answer) {
    photo.tries += 1;
    if (photo.tries > 2) {
      this.error = answer?.problem?.happened ?? this.speaker.say("waitedTooLong");
      Object.assign(photo, { state: "failed", problem: answer?.problem ?? { happened: this.error, fix: this.speaker.say("waitedTooLongFix") } });
      return;
    }
    Object.assign(photo, { state: "ready", sent: 0 });
    this.stale = true; // until a fresh one comes
    for (const view of this.views) view.wantsTicket();
  }

  // The draft on the server

  /** What the server has may differ from what is on screen: show what it has, so that nothing goes along unseen. */
  lookAgain() {
    if (this.mode !== "upload") return;
    clearTimeout(this.clocks.look);
    this.clocks.look = setTimeout(() => (this.photos.some((photo) => photo.state === "sending") ? this.lookAgain() : this.list()), 2000);
  }

  async list() {
    const before = new Set(this.photos.filter((photo) => photo.state === "done").map((photo) => photo.id));
    try {
      const response = await fetch(this.address(), { credentials: "same-origin" });
      if (!response.ok) return;
      this.listed = true;
      /** @type {{photos: any[]}} */
      const { photos } = await response.json();
      if (this.photos.some((photo) => photo.state === "sending") && this.photos.some((photo) => !photo.earlier)) return void this.lookAgain();
      if (this.owed.length || this.clocks.order) return void this.lookAgain(); // what was done here is not told yet
      const known = new Set(this.photos.map((photo) => photo.id));
      for (const { id, key } of photos) {
        if (!this.gone.delete(key)) continue;
        known.add(id);
        const { undoable } = this;
        if (undoable && undoable.photo.key === key) Object.assign(undoable.photo, { id, state: "done" });
        this.owe("DELETE", `/photos/${id}`);
      }
      const earlier = photos.filter((photo) => !known.has(photo.id)).map((photo) => this.away.get(photo.id) ?? this.earlier(photo));
      this.photos.unshift(...earlier);
      if (this.following) this.follow(photos, before);
      const lost = this.lost.filter((name) => !earlier.some((photo) => photo.name === name));
      this.lost = [];
      if (lost.length) this.notice(this.speaker.say("again", { n: lost.length, names: this.speaker.names(lost) }), "again");
      for (const photo of earlier) if (!photo.thumbnail) this.fetchThumbnail(photo);
      this.changed();
    } catch {
      // Offline: the event "online" asks again.
    }
  }

  /** A photo that waits in the draft already. @param {any} told @returns {Photo} */
  earlier(told) {
    const { report = {} } = told;
    const removed = (report.removed ?? []).map((/** @type {string} */ kind) => ({ kind, label: this.speaker.say("removedEarlier"), value: "", where: "" }));
    return photoOf({
      number: ++this.serial, id: told.id, name: told.name, state: "done", originalSize: told.original_size_bytes ?? told.size_bytes, size: told.size_bytes, width: told.width,
      height: told.height, findings: [...(report.findings ?? []), ...removed], notes: told.notes ?? [], earlier: true, video: told.media_type === "video/mp4", seconds: report.seconds ?? 0,
    });
  }

  /** What the page took out of the draft goes here too, and comes back as it was; the order there is the order here.
   * @param {{id: string}[]} photos @param {Set<string | null>} before */
  follow(photos, before) {
    this.following = false;
    const places = new Map(photos.map(({ id }, at) => [id, at]));
    const gone = this.photos.filter((photo) => photo.state === "done" && before.has(photo.id) && !places.has(photo.id ?? ""));
    for (const photo of gone) this.away.set(photo.id, photo);
    const place = (/** @type {Photo} */ photo) => places.get(photo.id ?? "") ?? photos.length;
    this.photos = this.photos.filter((photo) => !gone.includes(photo)).sort((one, other) => place(one) - place(other));
  }

  /** @param {Photo} photo */
  async fetchThumbnail(photo) {
    try {
      const response = await fetch(this.address(`/photos/${photo.id}/thumb`), { credentials: "same-origin" });
      if (!response.ok) return;
      this.show(photo, await response.blob());
      this.changed();
    } catch {
      // A tile without a picture still has its name.
    }
  }

  /** Tell the server, in order, and again until it has heard. Until then the page is told that work is left.
   * @param {string} method @param {string} path @param {unknown} [body] */
  owe(method, path, body = null) {
    this.owed = this.owed.filter((one) => one.path !== path || one.sending || body === null);
    this.owed.push({ method, path, body });
    this.changed();
    this.pay();
  }

  async pay() {
    if (this.paying) return;
    this.paying = true;
    clearTimeout(this.clocks.pay);
    while (this.owed.length) {
      const [first] = this.owed;
      first.sending = true;
      try {
        /** @type {RequestInit} */
        const request = { method: first.method, credentials: "same-origin" };
        if (first.body) Object.assign(request, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(first.body) });
        const response = await fetch(this.address(first.path), request);
        if (response.status >= 500) throw new Error("later");
        if (!response.ok) this.lookAgain(); // it knows better: show what it has
        this.owed.shift();
        this.untold = true; // the page has to look again
      } catch {
        first.sending = false;
        this.clocks.pay = setTimeout(() => this.pay(), 3000);
        break;
      }
    }
    this.paying = false;
    this.changed();
  }

  /** Tell the server the order, once it has not changed for so long. @param {number} [milliseconds] */
  reordered(milliseconds = 250) {
    this.changed();
    if (this.mode !== "upload") return;
    clearTimeout(this.clocks.order);
    this.clocks.order = setTimeout(() => {
      delete this.clocks.order;
      const ids = this.photos.map((photo) => photo.id).filter(Boolean);
      if (ids.length > 1) this.owe("PUT", "/order", { ids });
      else this.changed();
    }, milliseconds);
  }

  /** The photos that can be handed over: what the device did not keep comes from the draft. */
  async files() {
    const list = this.photos.filter((photo) => photo.state === "done" || photo.state === "clean");
    for (const photo of list.filter((one) => one.state === "done" && !one.shareable)) {
      const response = await fetch(this.address(`/photos/${photo.id}/full`), { credentials: "same-origin" });
      if (!response.ok) throw new Error("gone");
      photo.shareable = await response.blob();
    }
    return list.map(fileOf);
  }

  // Telling

  /** @param {string} text @param {string} kind */
  notice(text, kind) {
    this.notices = [...this.notices.filter((one) => one.kind !== kind), { text, kind }];
  }

  /** Keep the names of unfinished photos on this device, so that a reload can say which have to be chosen again. */
  remember(first = false) {
    try {
      const name = `passalong.${this.key}`;
      if (first) {
        this.lost = JSON.parse(sessionStorage.getItem(name) ?? "[]");
        sessionStorage.removeItem(name);
        return;
      }
      const open = this.photos.filter((photo) => !["done", "refused"].includes(photo.state)).map((photo) => photo.name);
      if (open.length) sessionStorage.setItem(name, JSON.stringify(open));
      else sessionStorage.removeItem(name);
    } catch {
      // Private windows may forbid it.
    }
  }

  changed() {
    if (this.planned) return;
    this.planned = true;
    setTimeout(() => {
      this.planned = false;
      if (this.mode === "upload") this.remember();
      for (const view of this.views) view.render();
      this.tellPage();
    }, 30);
  }

  /** Tell the page: when uploading starts, when it is done, and when the order or the choice changes in between. */
  tellPage() {
    const uploading = this.uploading() + this.owed.length + Number(this.clocks.order !== undefined);
    const photos = this.photos.filter((photo) => photo.state === "done" || photo.state === "clean").map((photo) => ({
      id: photo.id ?? "", name: photo.name, width: photo.width, height: photo.height, size_bytes: photo.size, original_size_bytes: photo.originalSize,
      removed: photo.removed, taken: photo.taken,
    }));
    const say = { photos: uploading ? [] : photos, uploading, error: this.error, through: this.wantsServer() };
    const signature = JSON.stringify({ ...say, uploading: uploading > 0 });
    const nothing = !this.photos.length && !uploading && !this.error && !this.said;
    if (!this.untold && (signature === this.said || nothing)) return;
    this.said = signature;
    this.untold = false;
    for (const view of this.views) view.tell({ ...say, photos });
  }
}

/** @type {Record<string, string>} */
const EXTENSIONS = { "image/jpeg": "jpg", "image/png": "png", "image/heic": "heic", "image/avif": "avif", "image/tiff": "tiff", "image/webp": "webp", "video/mp4": "mp4" };

/** A new name: a camera's own tells the date. @param {Photo} photo @param {number} at its place, from 0 */
export function fileOf(photo, at) {
  const blob = photo.shareable ?? photo.blob ?? new Blob();
  return new File([blob], `${photo.video ? "video" : "photo"}-${at + 1}.${EXTENSIONS[blob.type] ?? "jpg"}`, { type: blob.type });
}
