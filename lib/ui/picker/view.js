// What a person sees of a queue: one card for each photo, kept up to date in place.

// How a card names what was found, most telling first.
const KINDS = {
  position: "Where it was taken", owner: "People", serial: "Serial numbers", time: "When", device: "Camera or phone", lens: "Lens",
  preview: "Hidden preview", trailer: "Behind the picture", caption: "Caption", comment: "Comment", text: "Text", software: "Software",
  maker_note: "Maker's notes", xmp: "XMP data", iptc: "Press data", profile: "Colour profile", other: "Other",
};

const ICONS = {
  grip: "M9 5h.01M9 12h.01M9 19h.01M15 5h.01M15 12h.01M15 19h.01", earlier: "M12 19V5M6 11l6-6 6 6", later: "M12 5v14M6 13l6 6 6-6",
  remove: "M6 6l12 12M18 6L6 18", photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4",
  film: "M4 5h16v14H4zM10 9l5 3-5 3z",
};

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  if (name === "photo") { path.setAttribute("fill", "none"); path.setAttribute("stroke", "currentColor"); path.setAttribute("stroke-width", "1.5"); }
  svg.append(path);
  return svg;
}

const AT_REST = new Set(["done", "clean", "closed", "failed"]); // nothing happens to it by itself any more

const setText = (element, words) => { if (element.textContent !== words) element.textContent = words; };
const photos = (count) => (count === 1 ? "1 photo" : `${count} photos`);

/** "3 photos", "1 video", "3 photos and a video". */
function contents(list) {
  const videos = list.filter((photo) => photo.video).length, rest = list.length - videos;
  if (!videos) return photos(rest);
  if (!rest) return videos === 1 ? "1 video" : `${videos} videos`;
  return `${photos(rest)} and ${videos === 1 ? "a video" : `${videos} videos`}`;
}

/** "2014:07:12 16:17:10" as a person writes it. */
const plainTime = (value) => value.replace(/^(\d{4}):(\d\d):(\d\d)/, "$1-$2-$3").replace(/:\d\d$/, "");

class View {
  constructor(root, queue, tell) {
    this.root = root;
    this.queue = queue;
    this.port = tell;
    this.cards = new Map();
    this.find = (selector) => root.querySelector(selector);
    this.wire();
    queue.views.add(this);
  }

  close() {
    this.queue.views.delete(this);
    document.removeEventListener("paste", this.pasted);
  }

  tell(state) {
    this.port.setStateValue("state", state);
  }

  wantsTicket() {
    this.port.setTriggerValue("ticket", Date.now());
  }

  say(words) {
    setText(this.find(".said"), words);
  }

  take(files) {
    try {
      this.queue.add(files);
    } catch (error) {
      console.error(error);
      this.queue.notice("The picker stopped working in this browser. Reload the page, or use the simple upload page.", "broken");
      this.port.setTriggerValue("broken", Date.now());
    }
  }

  wire() {
    const drop = this.find(".drop"), picker = this.find(".picker");
    for (const selector of [".pick", ".shoot"]) {
      this.find(selector).onchange = ({ target }) => {
        this.take(target.files);
        target.value = "";
      };
    }
    const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    picker.ondragover = (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      drop.classList.add("over");
    };
    picker.ondragleave = (event) => { if (!picker.contains(event.relatedTarget)) drop.classList.remove("over"); };
    picker.ondrop = (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      drop.classList.remove("over");
      this.take(event.dataTransfer.files);
    };
    this.pasted = (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length || event.target?.closest?.("[data-testid=stFileUploaderDropzone]")) return;
      event.preventDefault();
      this.take(files);
    };
    document.addEventListener("paste", this.pasted);
    this.find(".again-all").onclick = () => {
      for (const photo of this.queue.photos.filter((one) => one.state === "failed")) this.queue.again(photo.number);
      this.find(".pick").focus({ preventScroll: true }); // the button goes; its place must not be lost
    };
    this.find(".undo-button").onclick = () => {
      const photo = this.queue.undo();
      if (!photo) return;
      this.render();
      this.say(`${inWords(photo.name)} is back.`);
      this.cards.get(photo.number)?.remove.focus();
    };
    this.find(".cards").onkeydown = (event) => this.keyed(event);
  }

  keyed(event) {
    const number = Number(event.target.closest?.(".card")?.dataset.number);
    if (!number || !event.target.classList.contains("grip")) return;
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.step(number, step, "grip");
  }

  step(number, step, focus) {
    const at = this.queue.photos.findIndex((photo) => photo.number === number);
    if (!this.queue.move(number, at + step)) return;
    this.render();
    const card = this.cards.get(number), button = card[focus];
    (button.disabled ? (step < 0 ? card.later : card.earlier) : button).focus();
    this.say(`${inWords(this.queue.photos[at + step].name)} is now photo ${at + step + 1} of ${this.queue.photos.length}.`);
  }

  render() {
    const { queue } = this;
    const attach = queue.mode === "attach";
    const some = queue.photos.length > 0;
    this.find(".drop").classList.toggle("some", some);
    setText(this.find(".pick-words"), some ? "Add more photos" : "Choose photos");
    setText(this.find(".hint"), some ? "" : attach
      ? `Up to ${queue.maxPhotos} photos. They are cleaned on this device and are not uploaded.`
      : `Up to ${queue.maxPhotos} photos; drop or paste them too. Where they were taken is removed on this device, before anything is sent.`);
    this.find(".hint").hidden = some;
    this.renderNotices();
    this.renderTotal(attach);
    const list = this.find(".cards");
    const there = new Set(queue.photos.map((photo) => photo.number));
    for (const [number, card] of this.cards) {
      if (there.has(number)) continue;
      const held = card.item.contains(this.root.activeElement ?? document.activeElement);
      const next = card.item.nextElementSibling ?? card.item.previousElementSibling;
      card.item.remove();
      this.cards.delete(number);
      if (held) (next?.querySelector(".remove") ?? this.find(".pick")).focus();
    }
    queue.photos.forEach((photo, at) => {
      const card = this.cards.get(photo.number) ?? this.newCard(photo);
      if (list.children[at] !== card.item) list.insertBefore(card.item, list.children[at] ?? null);
      this.renderCard(card, photo, at);
    });
    list.hidden = !some;
    const undo = queue.undoable;
    this.find(".undo").hidden = !undo;
    if (undo) setText(this.find(".undo-words"), `Removed ${inWords(undo.photo.name)}`);
    this.renderFinish();
  }

  renderNotices() {
    const box = this.find(".notices");
    const signature = JSON.stringify(this.queue.notices);
    if (box.dataset.shown === signature) return;
    box.dataset.shown = signature;
    box.replaceChildren(...this.queue.notices.map((one) => {
      const ok = make("button", { type: "button", textContent: "OK" });
      ok.onclick = () => {
        this.queue.notices = this.queue.notices.filter((other) => other !== one);
        this.render();
      };
      return make("div", { className: "notice" }, make("span", { textContent: one.words }), ok);
    }));
  }

  renderTotal(attach) {
    const all = this.queue.active();
    const open = all.filter((photo) => !AT_REST.has(photo.state));
    const before = all.reduce((sum, photo) => sum + photo.originalSize, 0);
    const after = all.reduce((sum, photo) => sum + photo.size, 0);
    this.find(".total").hidden = all.length === 0;
    if (!all.length) return this.said("");
    const ready = all.filter((photo) => photo.state === "done" || photo.state === "clean");
    const done = ready.length;
    const sent = all.reduce((sum, photo) => sum + (photo.state === "done" || photo.state === "clean" ? photo.size : photo.sent), 0);
    const bar = this.find(".total-bar");
    bar.hidden = open.length === 0;
    bar.value = after ? Math.min(1, sent / after) : 0;
    const failed = all.filter((photo) => photo.state === "failed").length;
    const verb = attach ? "clean" : "uploaded";
    const saved = before > after * 1.1 ? ` ${megabytes(before)} became ${megabytes(after)}.` : "";
    this.find(".again-all").hidden = failed < 2;
    const closed = all.filter((photo) => photo.state === "closed").length;
    let words = open.length
      ? `${done} of ${contents(all)} ${verb}${sent && !attach ? `, ${megabytes(sent)} of ${megabytes(after)}` : ""}`
      : `${contents(ready)} ${attach ? "clean and ready" : "ready"}.${saved}`;
    if (!open.length && failed) words = `${contents(ready)} ready, ${failed} not uploaded.`;
    if (!open.length && closed) words = `${done ? `${photos(done)} clean and ready, ` : ""}${closed} not cleaned yet: see below.`;
    const waiting = all.some((photo) => photo.state === "pausing");
    if (waiting && !navigator.onLine) words += ". You are offline; it goes on by itself.";
    const here = all.filter((photo) => photo.state === "done" && !photo.decoded).map((photo) => inWords(photo.name));
    if (here.length && !open.length) words += ` This browser could not open ${here.join(", ")}: ${here.length === 1 ? "it was" : "they were"} made smaller on our server.`;
    setText(this.find(".total-words"), words);
    this.said(open.length ? `${done} of ${all.length} ${verb}` : words);
  }

  said(words) {
    if (this.lastSaid === words) return;
    this.lastSaid = words;
    this.say(words);
  }

  button(name, label, onclick) {
    const element = make("button", { type: "button", className: name, onclick, title: label }, icon(name));
    element.setAttribute("aria-label", label);
    return element;
  }

  newCard(photo) {
    const { number } = photo;
    const card = {
      thumb: make("div", { className: "thumb" }, icon("photo")),
      name: make("p", { className: "name", dir: "auto", textContent: photo.name, title: photo.name }),
      status: make("p", { className: "status" }),
      bar: make("progress", { max: 1, value: 0, hidden: true }),
      through: make("div", { className: "through", hidden: true }, make("p"), make("button", { type: "button", className: "wide",
        textContent: "Make it a JPEG on our server", onclick: () => this.queue.again(number) })),
      tell: make("button", { type: "button", className: "tell", hidden: true }),
      found: make("div", { className: "found", hidden: true }),
      again: make("button", { type: "button", className: "wide", textContent: "Try again", hidden: true, onclick: () => this.queue.again(number) }),
      save: make("button", { type: "button", className: "wide", textContent: "Save", hidden: true, onclick: () => save(this.queue, number) }),
      grip: this.button("grip", `Move ${inWords(photo.name)}: drag, or press the arrow keys`, null),
      earlier: this.button("earlier", `Move ${inWords(photo.name)} earlier`, () => this.step(number, -1, "earlier")),
      later: this.button("later", `Move ${inWords(photo.name)} later`, () => this.step(number, 1, "later")),
      remove: this.button("remove", `Remove ${inWords(photo.name)}`, () => {
        this.queue.remove(number);
        this.render();
        if (photo.state !== "refused") this.say(`${inWords(photo.name)} removed. Undo is below.`);
      }),
    };
    card.bar.setAttribute("aria-label", `Upload of ${inWords(photo.name)}`);
    card.item = make("li", { className: "card" }, card.thumb, make("div", { className: "what" }, card.name, card.status, card.bar), card.through,
      make("div", { className: "tools" }, card.grip, card.tell, make("span", { className: "space" }), card.save, card.again, card.earlier, card.later, card.remove), card.found);
    card.tell.setAttribute("aria-expanded", "false");
    card.tell.onclick = () => {
      card.found.hidden = !card.found.hidden;
      card.tell.setAttribute("aria-expanded", String(!card.found.hidden));
    };
    card.item.dataset.number = number;
    this.dragging(card, number);
    this.cards.set(number, card);
    return card;
  }

  /** Drag by the grip, with finger or mouse. */
  dragging(card, number) {
    card.grip.onpointerdown = (down) => {
      if (down.button) return;
      down.preventDefault();
      card.grip.focus();
      card.grip.setPointerCapture(down.pointerId);
      const move = (event) => {
        card.item.classList.add("dragged");
        const under = this.root.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest?.(".card")).find(Boolean);
        const to = this.queue.photos.findIndex((photo) => String(photo.number) === under?.dataset.number);
        if (to >= 0 && this.queue.move(number, to)) this.render();
      };
      card.grip.onpointermove = move;
      card.grip.onpointerup = card.grip.onpointercancel = () => {
        card.item.classList.remove("dragged");
        card.grip.onpointermove = null;
      };
    };
  }

  renderCard(card, photo, at) {
    card.item.dataset.state = photo.state;
    const last = this.queue.photos.length - 1;
    card.earlier.disabled = at === 0;
    card.later.disabled = at === last;
    // Where trying again is what counts, it gets the room.
    for (const tool of [card.grip, card.earlier, card.later]) tool.hidden = last === 0 || photo.state === "refused" || photo.state === "failed";
    if (this.queue.mode === "attach") card.grip.hidden = true; // room for saving; the arrows remain
    card.again.hidden = photo.state !== "failed";
    card.save.hidden = photo.state !== "clean";
    if (photo.thumbnail && card.shown !== photo.thumbnail) {
      card.shown = photo.thumbnail;
      card.thumb.replaceChildren(make("img", { src: photo.thumbnail, alt: "", draggable: false }), ...(photo.video ? [icon("film")] : []));
    }
    card.bar.hidden = photo.state !== "sending";
    card.bar.value = photo.size ? photo.sent / photo.size : 0;
    setText(card.status, this.status(photo));
    this.renderThrough(card, photo);
    this.renderFound(card, photo);
  }

  /** What can be done about a photo that this browser cannot open, where nothing is uploaded. */
  renderThrough(card, photo) {
    const stuck = this.queue.mode === "attach" && !photo.decoded && !photo.through && ["clean", "closed"].includes(photo.state);
    card.through.hidden = !stuck;
    if (!stuck) return;
    const why = photo.state === "closed"
      ? `This browser cannot open ${photo.format} photos and could not clean this one.`
      : `This browser cannot open ${photo.format} photos. Hidden data is removed, but the picture stays ${photo.format}, which some apps do not take.`;
    const [words, button] = card.through.children;
    button.hidden = !this.queue.offersServer;
    setText(words, `${why} ${this.queue.offersServer ? "Our server can make it a JPEG. Only this photo is uploaded, and deleted there at once." : "Use Create a link for this one."}`);
  }

  status(photo) {
    const smaller = photo.size < photo.originalSize ? `${megabytes(photo.originalSize)} → ${megabytes(photo.size)}` : megabytes(photo.size);
    switch (photo.state) {
      case "waiting": case "cleaning": return "Cleaning on this device …";
      case "ready": return `${smaller} · waiting`;
      case "sending": return photo.sent >= photo.size ? `${smaller} · checking` : `${smaller} · uploading`;
      case "pausing": return navigator.onLine ? `${smaller} · connection lost, trying again` : `${smaller} · offline, goes on by itself`;
      case "done": return photo.video ? `Video, ${Math.round(photo.report.seconds)} s · ${megabytes(photo.size)}` : photo.earlier ? `${megabytes(photo.size)} · uploaded earlier` : `${smaller} · uploaded`;
      case "clean": return `${smaller} · clean${photo.decoded || photo.through ? "" : `, still ${photo.format}`}`;
      case "closed": return `${megabytes(photo.size)} · not cleaned`;
      default: return `${photo.problem.happened} ${photo.problem.fix}`;
    }
  }

  renderFound(card, photo) {
    const show = !["waiting", "cleaning", "refused"].includes(photo.state) && (photo.findings.length > 0 || !photo.decoded || photo.notes.length > 0);
    card.tell.hidden = !show;
    if (!show) card.found.hidden = true;
    const signature = JSON.stringify([photo.findings, photo.decoded, photo.state, photo.through, photo.notes]);
    if (!show || card.told === signature) return;
    card.told = signature;
    const groups = new Map();
    for (const kind of Object.keys(KINDS)) {
      const values = [...new Set(photo.findings.filter((one) => one.kind === kind).map((one) =>
        kind === "time" ? plainTime(one.value) : ["serial", "owner", "preview", "trailer"].includes(kind) ? [one.label, one.value].filter(Boolean).join(": ") : one.value || one.label))];
      if (values.length) groups.set(kind, values.filter(Boolean).join(", "));
    }
    const many = groups.size;
    const removed = photo.state === "closed" ? "found" : "removed";
    const verdict = groups.has("position") ? `Location ${removed}` : many ? `${many} hidden ${many === 1 ? "thing" : "things"} ${removed}` : photo.video ? "About this video" : "About this photo";
    const list = make("dl", {}, ...[...groups].flatMap(([kind, value]) => [make("dt", { textContent: KINDS[kind] }), make("dd", { dir: "auto", textContent: value })]));
    const words = photo.earlier ? "" : photo.blanked
      ? many ? `Removed on this device${this.queue.mode === "attach" ? "" : ", before anything was sent"}.` : ""
      : photo.state === "closed" ? "Not removed yet." : "Removed on our server: this browser could not do it.";
    const elsewhere = this.queue.mode === "upload" ? `This browser cannot open ${photo.format} photos, so the picture itself is made smaller on our server.`
      : photo.through ? "Made a JPEG on our server, where no copy is kept." : "";
    const lines = [words, photo.decoded ? "" : elsewhere, ...photo.notes];
    card.tell.textContent = verdict;
    card.tell.classList.toggle("position", groups.has("position"));
    card.found.replaceChildren(list, ...lines.filter(Boolean).map((textContent) => make("p", { textContent })));
  }

  /** Hand over the clean photos themselves: the whole purpose of attaching; a quiet offer beside making a link. */
  renderFinish() {
    const { queue } = this, attach = queue.mode === "attach", box = this.find(".finish");
    const list = queue.photos.filter((photo) => photo.state === (attach ? "clean" : "done"));
    // What was only blanked here is no JPEG or PNG: Chrome says that it can share HEIC and AVIF, and then does not.
    const some = list.filter((photo) => !attach || SHAREABLE.has(photo.blob.type)), left = list.filter((photo) => !some.includes(photo));
    const files = some.map((_, at) => new File([""], `photo-${at + 1}.jpg`, { type: "image/jpeg" }));
    const shares = files.length > 0 && Boolean(navigator.canShare?.({ files }));
    box.hidden = attach ? list.length === 0 : !queue.sharePhotos || !shares || list.length > queue.attachPhotos || queue.uploading() > 0;
    if (!attach && box.previousElementSibling !== this.find(".cards")) this.find(".cards").after(box); // an offer, behind what was picked
    const signature = JSON.stringify([box.hidden, list.map((photo) => [photo.number, photo.through]), shares, left.length]);
    if (box.dataset.shown === signature) return;
    box.dataset.shown = signature;
    const words = make("p", { className: "finish-words", role: "status" });
    const button = (label, main, onclick) => make("button", { type: "button", textContent: label, className: main ? "main" : "", onclick });
    const share = button(attach ? `Share ${photos(some.length)}` : `Share ${list.length === 1 ? `this ${list[0].video ? "video" : "photo"}` : `these ${contents(list)}`} without a link`, attach, async () => {
      share.disabled = true;
      setText(words, await this.share(attach ? () => filesOf(some) : () => queue.files()));
      share.disabled = false;
    });
    const saveAll = button(`Save ${photos(list.length)}`, !shares, async () => {
      for (const photo of list) {
        save(queue, photo.number);
        await new Promise((done) => setTimeout(done, 300)); // browsers drop downloads that come all at once
      }
      setText(words, `${photos(list.length)} saved. Attach ${list.length === 1 ? "it" : "them"} from your gallery or downloads.`);
    });
    if (shares && left.length) words.textContent = `${left.map((photo) => inWords(photo.name)).join(", ")} cannot be shared from this browser: save ${left.length === 1 ? "it" : "them"}, or see below.`;
    box.replaceChildren(...(shares ? [share] : []), ...(attach ? [saveAll] : []), words);
  }

  /** Open the system's share sheet, and return what to say about it. */
  async share(files) {
    try {
      const ready = await files();
      if (navigator.userActivation?.isActive === false) return "Ready. Tap once more."; // fetching took too long for the first tap
      await navigator.share({ files: ready });
      return "Shared.";
    } catch (error) {
      if (error.name === "AbortError") return ""; // the person closed the sheet
      return this.queue.mode === "attach" ? "Sharing did not work. Save the photos instead, then attach them." : "Sharing did not work. Create a link instead.";
    }
  }
}

const SHAREABLE = new Set(["image/jpeg", "image/png"]);
const EXTENSIONS = { "image/jpeg": "jpg", "image/png": "png", "image/heic": "heic", "image/avif": "avif", "image/tiff": "tiff", "video/mp4": "mp4" };

/** New names: a camera's own file name tells the date. */
function filesOf(list) {
  return list.map((photo, at) => {
    const blob = photo.shareable ?? photo.blob;
    return new File([blob], `${photo.video ? "video" : "photo"}-${at + 1}.${EXTENSIONS[blob.type] ?? "jpg"}`, { type: blob.type });
  });
}

function save(queue, number) {
  const clean = queue.photos.filter((photo) => photo.state === "clean");
  const at = clean.findIndex((photo) => photo.number === number);
  if (at < 0) return;
  const file = filesOf(clean)[at];
  const url = URL.createObjectURL(file);
  make("a", { href: url, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
