// The photos of one picker: cleaned on this device, then uploaded, several at a time, again and again until they arrive.
// It knows nothing of the page; it outlives it, so that uploads go on while another page of the app is looked at.

const UPLOADS_AT_ONCE = 3; // fills a slow line without splitting it too thin
const STALLED_S = 45; // no byte moved for so long: drop the connection and try again
const ANSWER_S = 120; // the server has all bytes and is cleaning
const CLEANING_S = 90; // the largest photo on a slow phone, with room
const PAUSES_S = [1, 2, 4, 8, 15, 30]; // between two tries; the last one repeats
const SERVER_TRIES = 6; // of one photo, while the server answers that it is in trouble
const UNDO_S = 12;

/** Workers that clean photos; on the page itself where there are none. */
class Cleaner {
  constructor() {
    this.jobs = new Map();
    this.workers = [];
    this.waiting = [];
    this.number = 0;
    this.size = Math.max(1, Math.min(2, (navigator.hardwareConcurrency || 2) - 1));
  }

  start() {
    try {
      const url = (this.url ??= URL.createObjectURL(new Blob([WORKER_SOURCE], { type: "text/javascript" })));
      const worker = new Worker(url);
      const slot = { worker, busy: 0 };
      worker.onmessage = ({ data }) => this.answered(slot, data);
      worker.onerror = (event) => {
        event.preventDefault();
        this.lost(slot);
      };
      return slot;
    } catch {
      return null;
    }
  }

  lost(slot) {
    slot.worker.terminate();
    this.workers = this.workers.filter((one) => one !== slot);
    for (const [number, job] of this.jobs) if (job.slot === slot) { this.jobs.delete(number); clearTimeout(job.clock); job.failed(new Error("worker")); }
    this.next();
  }

  answered(slot, { number, answer, refused, problem }) {
    const job = this.jobs.get(number);
    if (!job) return;
    this.jobs.delete(number);
    clearTimeout(job.clock);
    this.proved = true;
    slot.busy = 0;
    if (problem === undefined) job.done(answer);
    else job.failed(refused ? new Refusal(problem) : new Error(problem));
    this.next();
  }

  next() {
    while (this.waiting.length) {
      let slot = this.workers.find((one) => !one.busy);
      if (!slot && this.workers.length < this.size) {
        slot = this.start();
        if (slot) this.workers.push(slot);
        else if (!this.workers.length) return this.onPage();
      }
      if (!slot) return;
      const job = this.waiting.shift();
      slot.busy = 1;
      job.slot = slot;
      this.jobs.set(job.number, job);
      job.clock = setTimeout(() => this.lost(slot), CLEANING_S * 1000);
      slot.worker.postMessage({ number: job.number, job: job.name, file: job.file, limits: job.limits });
    }
  }

  onPage() {
    for (const job of this.waiting.splice(0)) (job.name === "peek" ? peek(job.file) : cleanPhoto(job.file, job.limits)).then(job.done, job.failed);
  }

  run(name, file, limits) {
    return new Promise((done, failed) => {
      const job = { number: ++this.number, name, file, limits, done, failed };
      // A look at the small preview never waits behind a photo that has to be decoded.
      if (name === "peek") this.waiting.unshift(job);
      else this.waiting.push(job);
      this.next();
    });
  }

  async clean(file, limits) {
    let answer = null;
    try {
      answer = await this.run("clean", file, limits);
    } catch (error) {
      // A worker that has worked before was ended by this photo: on the page it would take the page with it.
      if (error instanceof Refusal || this.proved) throw error;
    }
    // Some browsers read more on the page than in a worker (HEIC and TIFF in older Safari).
    return answer?.decoded ? answer : cleanPhoto(file, limits);
  }
}

const cleaner = new Cleaner();

class Queue {
  constructor(key) {
    this.key = key;
    this.photos = [];
    this.notices = []; // {words, kind}
    this.undoable = null;
    this.views = new Set();
    this.loaded = false;
    this.listed = false;
    this.error = "";
    this.gone = new Set(); // keys of photos that were removed on their way
    this.owed = []; // what the server has yet to be told: {method, path, body}
    this.serial = 0;
    this.said = "";
    addEventListener("online", () => this.backOnline());
    addEventListener("beforeunload", (event) => {
      if (this.mode === "upload" && this.uploading()) event.preventDefault();
    });
  }

  configure({ mode, api_base: base, ticket, max_photos: maxPhotos, max_bytes: maxBytes, max_side: maxSide, attach_photos: attachPhotos, share_photos: sharePhotos,
    offers_server: offersServer, problem, changes }) {
    Object.assign(this, { mode, attachPhotos, sharePhotos, offersServer });
    this.limits = { maxBytes, maxSide };
    this.maxPhotos = maxPhotos;
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
    return this.photos.filter((photo) => ["waiting", "cleaning", "ready", "sending", "pausing"].includes(photo.state)).length;
  }

  // What a person does

  add(files) {
    const room = this.maxPhotos - this.active().length;
    const taken = [...files].slice(0, Math.max(room, 0));
    const left = [...files].slice(taken.length).map((file) => inWords(file.name));
    if (left.length) {
      const names = left.slice(0, 3).join(", ") + (left.length > 3 ? " …" : "");
      this.notice(`${this.maxPhotos} photos fit. ${left.length === 1 ? "One was" : `${left.length} were`} not added: ${names}`, "full");
    }
    this.notices = this.notices.filter((one) => one.kind !== "again");
    const fresh = taken.map((file) => ({
      number: ++this.serial, id: null, file, name: file.name || "photo.jpg", state: "waiting", originalSize: file.size, size: file.size, sent: 0,
      tries: 0, findings: [], removed: [], position: null, thumbnail: null, decoded: true, blanked: true, notes: [],
      key: [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""), // also without https
    }));
    this.photos.push(...fresh);
    this.changed();
    for (const photo of fresh) this.glance(photo).then(() => undefined);
    for (const photo of fresh) this.clean(photo);
  }

  async glance(photo) {
    const preview = await cleaner.run("peek", photo.file, this.limits).catch(() => null);
    if (preview && !photo.thumbnail) {
      photo.thumbnail = URL.createObjectURL(preview);
      this.changed();
    }
  }

  async clean(photo) {
    photo.state = "cleaning";
    try {
      const answer = await cleaner.clean(photo.file, this.limits);
      if (photo.thumbnail && answer.thumbnail) URL.revokeObjectURL(photo.thumbnail);
      Object.assign(photo, answer, { thumbnail: answer.thumbnail ? URL.createObjectURL(answer.thumbnail) : photo.thumbnail });
      photo.size = photo.blob.size;
      photo.file = null; // the original is not needed any more, and never leaves
      photo.state = this.mode === "upload" ? "ready" : "clean";
      if (this.mode === "attach" && !photo.blanked) photo.state = "closed"; // nothing was removed: not to be handed over
    } catch (error) {
      if (error instanceof Refusal) this.refuse(photo, error.message, /too large for this device/.test(error.message) ? "The simple upload page can try it on our server." : "Choose another file.");
      else this.refuse(photo, `${inWords(photo.name)} could not be read on this device.`, "Close other apps and try once more, or use the simple upload page.");
    }
    this.changed();
    this.pump();
  }

  refuse(photo, happened, fix) {
    Object.assign(photo, { state: "refused", problem: { happened, fix }, blob: null });
  }

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
    if (["sending", "pausing", "ready"].includes(photo.state)) photo.state = this.mode === "upload" ? "ready" : this.onDevice(photo);
    this.changed();
    this.pump();
  }

  undo() {
    if (!this.undoable) return;
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

  move(number, to) {
    const from = this.photos.findIndex((photo) => photo.number === number);
    if (from < 0 || to < 0 || to >= this.photos.length || from === to) return false;
    this.photos.splice(to, 0, ...this.photos.splice(from, 1));
    this.reordered();
    return true;
  }

  /** Send it, or send it again. In attach mode only a person asks for that, and no draft waits yet. */
  again(number) {
    const photo = this.photos.find((one) => one.number === number);
    Object.assign(photo, { state: "ready", tries: 0, problem: null });
    this.changed();
    this.pump();
  }

  // Through the server and back: for a photo that this browser cannot open, and only when a person asks for it

  onDevice(photo) {
    return photo.blanked ? "clean" : "closed";
  }

  async bringBack(photo, answer) {
    try {
      const response = await fetch(this.address(`/photos/${answer.id}/full`), { credentials: "same-origin" });
      if (!response.ok) throw new Error("gone");
      const blob = await response.blob();
      const picture = await createImageBitmap(blob);
      const thumbnail = await encode(draw(picture, ...fitInside(picture.width, picture.height, THUMBNAIL_SIDE), "#fff"), "image/jpeg", 0.8);
      picture.close?.();
      Object.assign(photo, { blob, state: "clean", size: blob.size, width: answer.width, height: answer.height, notes: answer.notes ?? [],
        blanked: true, through: true, tries: 0, thumbnail: URL.createObjectURL(thumbnail) });
    } catch {
      if (photo.tries + 1 < SERVER_TRIES) this.pause(photo);
      else Object.assign(photo, { state: "failed", problem: { happened: "The clean copy did not come back.", fix: "Check the connection, then try again." } });
    }
    this.changed();
  }

  /** Whether photos wait to go through the server. As soon as none does, the page deletes what the server holds. */
  wantsServer() {
    return this.mode === "attach" && this.photos.some((photo) => ["ready", "sending", "pausing"].includes(photo.state));
  }

  // Uploading

  pump() {
    if (this.stale || !this.ticket) return;
    const room = UPLOADS_AT_ONCE - this.photos.filter((photo) => photo.state === "sending").length;
    for (const photo of this.photos.filter((one) => one.state === "ready").slice(0, Math.max(room, 0))) this.send(photo);
  }

  send(photo) {
    const request = (photo.request = new XMLHttpRequest());
    let clock;
    const wind = (seconds) => {
      clearTimeout(clock);
      clock = setTimeout(() => request.abort(), seconds * 1000);
    };
    Object.assign(photo, { state: "sending", sent: 0, allSent: false });
    request.open("POST", `${this.address("/photos")}?max_side=${this.limits.maxSide}`);
    request.setRequestHeader("Content-Type", photo.blob.type || "application/octet-stream");
    request.setRequestHeader("X-File-Name", encodeURIComponent(photo.name.toWellFormed?.() ?? photo.name));
    request.setRequestHeader("X-Removed", photo.removed.join(","));
    request.setRequestHeader("X-Original-Bytes", String(photo.originalSize));
    request.setRequestHeader("X-Upload-Key", photo.key);
    request.upload.onprogress = ({ loaded }) => {
      photo.sent = loaded;
      wind(STALLED_S);
      this.changed();
    };
    request.upload.onload = () => {
      photo.sent = photo.blob?.size ?? photo.sent;
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
    request.send(photo.blob);
    this.changed();
  }

  answered(photo, request) {
    let answer = null;
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      answer = null;
    }
    const status = request.status;
    if (status >= 200 && status < 300 && answer?.id) return this.arrived(photo, answer);
    if (status === 0) return this.pause(photo);
    if ([401, 403, 404, 410].includes(status)) return this.ticketRefused(photo, answer);
    if (status === 408 || status === 425 || status === 429 || status >= 500) {
      if (photo.tries + 1 < SERVER_TRIES && status !== 507) return this.pause(photo, Number(request.getResponseHeader("Retry-After")) || 0);
      return Object.assign(photo, { state: "failed", problem: answer?.problem ?? { happened: "The server could not take it.", fix: "Wait a moment, then try again." } });
    }
    const problem = answer?.problem ?? { happened: `The server did not take ${inWords(photo.name)}.`, fix: "Choose another file." };
    this.refuse(photo, problem.happened, problem.fix);
  }

  arrived(photo, answer) {
    if (this.mode === "attach") return void this.bringBack(photo, answer);
    const shareable = photo.decoded ? photo.blob : null; // kept to be shared without a link
    Object.assign(photo, { state: "done", id: answer.id, shareable, width: answer.width, height: answer.height, size: answer.size_bytes,
      report: answer.report ?? {}, notes: answer.notes ?? [], blob: null, tries: 0, media_type: answer.media_type ?? "image/jpeg" });
    if (!photo.thumbnail) this.fetchThumbnail(photo);
    this.error = "";
    this.remember();
    // Photos arrive in any order; the server learns ours once all are there.
    if (!this.uploading() && this.photos.length > 1) this.reordered();
  }

  /** The answer for a photo that was removed meanwhile. */
  answeredLate(photo, request) {
    if (this.mode === "attach") return;
    try {
      photo.id = JSON.parse(request.responseText).id ?? null;
    } catch {
      photo.id = null;
    }
    if (photo.id) this.owe("DELETE", `/photos/${photo.id}`);
    else if (photo.allSent) this.lookAgain();
    if (photo.id) photo.state = "done";
  }

  pause(photo, seconds = 0) {
    const wait = Math.max(seconds, PAUSES_S[Math.min(photo.tries, PAUSES_S.length - 1)]);
    photo.tries += 1;
    Object.assign(photo, { state: "pausing", sent: 0, until: Date.now() + wait * 1000 });
    photo.clock = setTimeout(() => this.resume(photo), wait * 1000);
  }

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

  ticketRefused(photo, answer) {
    photo.tries += 1;
    if (photo.tries > 2) {
      this.error = answer?.problem?.happened ?? "These photos have waited too long and were cleared.";
      Object.assign(photo, { state: "failed", problem: answer?.problem ?? { happened: this.error, fix: "Reload the page and choose them again." } });
      return;
    }
    Object.assign(photo, { state: "ready", sent: 0 });
    this.askForTicket();
  }

  askForTicket() {
    this.stale = true; // until a fresh one comes
    for (const view of this.views) view.wantsTicket();
  }

  // The draft on the server

  /** What the server has may differ from what is on screen: show what it has, so that nothing goes along unseen. */
  lookAgain() {
    if (this.mode !== "upload") return;
    clearTimeout(this.lookClock);
    this.lookClock = setTimeout(() => (this.photos.some((photo) => photo.state === "sending") ? this.lookAgain() : this.list()), 2000);
  }

  async list() {
    const before = new Set(this.photos.filter((photo) => photo.state === "done").map((photo) => photo.id));
    try {
      const response = await fetch(this.address(), { credentials: "same-origin" });
      if (!response.ok) return;
      this.listed = true;
      const { photos } = await response.json();
      if (this.photos.some((photo) => photo.state === "sending") && this.photos.some((photo) => !photo.earlier)) return this.lookAgain();
      const known = new Set(this.photos.map((photo) => photo.id));
      if (this.owed.length) return this.lookAgain();
      for (const { id, key } of photos) {
        if (!this.gone.delete(key)) continue;
        known.add(id);
        if (this.undoable?.photo.key === key) Object.assign(this.undoable.photo, { id, state: "done" });
        this.owe("DELETE", `/photos/${id}`);
      }
      const earlier = photos.filter((photo) => !known.has(photo.id)).map((photo) => this.away?.get(photo.id) ?? ({
        number: ++this.serial, id: photo.id, name: photo.name, state: "done", originalSize: photo.original_size_bytes ?? photo.size_bytes,
        size: photo.size_bytes, width: photo.width, height: photo.height, sent: 0, tries: 0,
        findings: [...(photo.report?.findings ?? []), ...(photo.report?.removed ?? []).map((kind) => ({ kind, label: "removed on your device", value: "" }))],
        removed: [], position: null, thumbnail: null, decoded: true, blanked: true, notes: photo.notes ?? [], report: photo.report ?? {}, earlier: true,
        video: photo.media_type === "video/mp4",
      }));
      this.photos.unshift(...earlier);
      if (this.following) this.follow(photos, before);
      const lost = (this.lost ?? []).filter((name) => !earlier.some((photo) => photo.name === name));
      this.lost = [];
      if (lost.length)
        this.notice(`The page was loaded again before ${lost.length === 1 ? "this photo" : "these photos"} had arrived. Please choose again: ${lost.map(inWords).join(", ")}`, "again");
      for (const photo of earlier) if (!photo.thumbnail) this.fetchThumbnail(photo);
      this.changed();
    } catch {
      // Offline: the event "online" asks again.
    }
  }

  /** What the page took out of the draft goes here too, and comes back as it was; the order there is the order here. */
  follow(photos, before) {
    this.following = false;
    const places = new Map(photos.map(({ id }, at) => [id, at]));
    const gone = this.photos.filter((photo) => photo.state === "done" && before.has(photo.id) && !places.has(photo.id));
    this.away = new Map([...(this.away ?? []), ...gone.map((photo) => [photo.id, photo])]);
    const place = (photo) => places.get(photo.id) ?? photos.length;
    this.photos = this.photos.filter((photo) => !gone.includes(photo)).sort((one, other) => place(one) - place(other));
  }

  async fetchThumbnail(photo) {
    try {
      const response = await fetch(this.address(`/photos/${photo.id}/thumb`), { credentials: "same-origin" });
      if (!response.ok) return;
      const picture = await createImageBitmap(await response.blob());
      const small = await encode(draw(picture, ...fitInside(picture.width, picture.height, THUMBNAIL_SIDE), "#fff"), "image/jpeg", 0.8);
      picture.close?.();
      photo.thumbnail = URL.createObjectURL(small);
      this.changed();
    } catch {
      // A card without a picture still has its name.
    }
  }

  /** Tell the server, in order, and again until it has heard. Until then the page is told that work is left. */
  owe(method, path, body = null) {
    this.owed = this.owed.filter((one) => one.path !== path || one.sending || body === null);
    this.owed.push({ method, path, body });
    this.changed();
    this.pay();
  }

  async pay() {
    if (this.paying) return;
    this.paying = true;
    clearTimeout(this.payClock);
    while (this.owed.length) {
      const [first] = this.owed;
      first.sending = true;
      try {
        const response = await fetch(this.address(first.path), {
          method: first.method, credentials: "same-origin",
          headers: first.body ? { "Content-Type": "application/json" } : {}, body: first.body && JSON.stringify(first.body),
        });
        if (response.status >= 500) throw new Error("later");
        if (!response.ok) this.lookAgain(); // it knows better: show what it has
        this.owed.shift();
        this.untold = true; // the page has to look again
      } catch {
        first.sending = false;
        this.payClock = setTimeout(() => this.pay(), 3000);
        break;
      }
    }
    this.paying = false;
    this.changed();
  }

  reordered() {
    this.changed();
    if (this.mode !== "upload") return;
    clearTimeout(this.orderClock);
    this.orderClock = setTimeout(() => this.sendOrder(), 250);
  }

  sendOrder() {
    const ids = this.photos.map((photo) => photo.id).filter(Boolean);
    if (ids.length > 1) this.owe("PUT", "/order", { ids });
  }

  /** The clean photos as files, in their order; what the device did not keep comes from the draft. */
  async files() {
    const list = this.photos.filter((photo) => photo.state === "done" || photo.state === "clean");
    for (const photo of list.filter((one) => one.state === "done" && !one.shareable)) {
      const response = await fetch(this.address(`/photos/${photo.id}/full`), { credentials: "same-origin" });
      if (!response.ok) throw new Error("gone");
      photo.shareable = await response.blob();
    }
    return filesOf(list);
  }

  // Telling

  notice(words, kind) {
    this.notices = [...this.notices.filter((one) => one.kind !== kind), { words, kind }];
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

  /** Tell Python: when uploading starts, when it is done, and when the order or the choice changes in between. */
  tellPage() {
    const uploading = this.uploading() + this.owed.length;
    const photos = this.photos.filter((photo) => photo.state === "done" || photo.state === "clean").map((photo) => ({
      id: photo.id ?? "", name: photo.name, width: photo.width, height: photo.height, size_bytes: photo.size,
      original_size_bytes: photo.originalSize, on_server: !photo.decoded, removed: photo.removed,
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
