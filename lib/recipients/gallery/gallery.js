// @ts-check
/**
 * The gallery of a share page: a dark stage over the page, to swipe, zoom, watch and save photos one after the other.
 * The page works without this file; whatever fails here leaves the links of the page as they are.
 *
 * @typedef {Record<"close" | "previous" | "next" | "play" | "pause" | "save" | "keep" | "again" | "photos", string>}
 *   Labels texts in the recipient's language, as the page carries them
 * @typedef {{n: number, link: HTMLAnchorElement, alt: string, large: string, save: string, kind: string}} Photo
 */

const SLIDE_S = 4; // how long a slideshow stays on one photo
const ZOOM = 2.5; // a double tap
const MAX_ZOOM = 6;
const TAP_MS = 300;
const TAP_PX = 24;

/**
 * Make an element. `on` are listeners, `html` is never used: every text is text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name @param {Record<string, string>} [attributes] @param {(Node | string)[]} [inside]
 * @returns {HTMLElementTagNameMap[K]}
 */
function make(name, attributes = {}, inside = []) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}

/** @param {HTMLElement} main @returns {Photo[]} the photos of the page, in their order; videos play where they stand */
function photosOf(main) {
  return [...main.querySelectorAll("a[data-large]")].map((found) => {
    const link = /** @type {HTMLAnchorElement} */ (found);
    const { large = "", save = "", n = "" } = link.dataset;
    const kind = large.endsWith(".png") ? "image/png" : "image/jpeg";
    return { n: Number(n), link, alt: link.querySelector("img")?.alt ?? "", large, save, kind };
  });
}

/** One photo on the stage: loaded when it comes near, zoomed and moved with fingers, mouse or keys. */
class Slide {
  /** @param {Photo} photo */
  constructor(photo) {
    this.photo = photo;
    this.image = make("img", { alt: photo.alt, draggable: "false", decoding: "async" });
    this.box = make("div", { class: "slide", "data-n": String(photo.n) }, [this.image]);
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    /** @type {Map<number, {x: number, y: number}>} */
    this.fingers = new Map();
    this.lastTap = { at: 0, x: 0, y: 0 };
    this.box.addEventListener("pointerdown", (event) => this.down(event));
    this.box.addEventListener("pointermove", (event) => this.move(event));
    for (const kind of ["pointerup", "pointercancel"]) {
      this.box.addEventListener(kind, (event) => this.up(/** @type {PointerEvent} */ (event)));
    }
    this.box.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  load() {
    if (!this.image.src) this.image.src = this.photo.large;
  }

  /** @param {number} scale @param {number} [atX] @param {number} [atY] the point that stays where it is */
  zoom(scale, atX = innerWidth / 2, atY = innerHeight / 2) {
    const next = Math.min(MAX_ZOOM, Math.max(1, scale));
    const [fromX, fromY] = [atX - innerWidth / 2 - this.x, atY - innerHeight / 2 - this.y];
    this.x -= fromX * (next / this.scale - 1);
    this.y -= fromY * (next / this.scale - 1);
    this.scale = next;
    this.draw();
  }

  draw() {
    const roomX = Math.max(0, (this.image.clientWidth * this.scale - innerWidth) / 2);
    const roomY = Math.max(0, (this.image.clientHeight * this.scale - innerHeight) / 2);
    this.x = this.scale === 1 ? 0 : Math.min(roomX, Math.max(-roomX, this.x));
    this.y = this.scale === 1 ? 0 : Math.min(roomY, Math.max(-roomY, this.y));
    this.image.style.transform = this.scale === 1 ? "" : `translate(${this.x}px,${this.y}px) scale(${this.scale})`;
    this.box.classList.toggle("zoomed", this.scale > 1);
    this.box.parentElement?.classList.toggle("held", this.scale > 1);
  }

  /** @param {PointerEvent} event */
  down(event) {
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.scale > 1 || this.fingers.size > 1) this.box.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const [old, spread] = [before, now].map((at) => Math.hypot(at.x - other.x, at.y - other.y));
      this.zoom((this.scale * spread) / Math.max(1, old), (now.x + other.x) / 2, (now.y + other.y) / 2);
    } else if (this.scale > 1) {
      this.x += now.x - before.x;
      this.y += now.y - before.y;
      this.draw();
    }
    this.fingers.set(event.pointerId, now);
  }

  /** @param {PointerEvent} event */
  up(event) {
    const alone = this.fingers.delete(event.pointerId) && this.fingers.size === 0 && event.type === "pointerup";
    if (!alone) return;
    const { at, x, y } = this.lastTap;
    const near = Math.hypot(event.clientX - x, event.clientY - y) < TAP_PX;
    if (near && event.timeStamp - at < TAP_MS) {
      this.zoom(this.scale > 1 ? 1 : ZOOM, event.clientX, event.clientY);
      this.lastTap.at = 0;
    } else {
      this.lastTap = { at: event.timeStamp, x: event.clientX, y: event.clientY };
    }
  }

  /** @param {WheelEvent} event  a pinch on a trackpad arrives as a wheel with Ctrl */
  wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(this.scale * Math.exp(-event.deltaY / 100), event.clientX, event.clientY);
  }
}

/**
 * Say whether this device can put photos of this kind where its own photos are: phones and tablets with a share sheet.
 * @param {string} kind
 */
function canSave(kind) {
  if (!navigator.canShare || !matchMedia("(pointer: coarse)").matches) return false;
  return navigator.canShare({ files: [new File([], "photo.jpg", { type: kind })] });
}

/** @param {Photo} photo @returns {Promise<File>} */
async function fileOf(photo) {
  const answer = await fetch(photo.save);
  if (!answer.ok) throw new Error(String(answer.status));
  return new File([await answer.blob()], photo.save.split("/").pop() ?? "photo.jpg", { type: photo.kind });
}

/**
 * Make a button that hands photos to the share sheet: all at once where the device takes them so, else one by one.
 * Browsers open the sheet only right after a tap, and loading may take longer than that: then a second tap opens it.
 * @param {HTMLElement} button @param {() => Photo[]} photos @param {Labels} labels
 */
function saving(button, photos, labels) {
  const label = button.textContent ?? "";
  /** @type {File[]} */
  let files = [];
  let loadedFor = "";
  let busy = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const wanted = photos();
    const key = wanted.map((photo) => photo.n).join();
    try {
      if (key !== loadedFor) {
        files = [];
        for (const photo of wanted) {
          if (wanted.length > 1) button.textContent = `${label} · ${files.length + 1}/${wanted.length}`;
          files.push(await fileOf(photo));
        }
        loadedFor = key;
      }
      while (files.length) {
        const together = navigator.canShare({ files }) ? files.length : 1;
        await navigator.share({ files: files.slice(0, together) });
        files = files.slice(together);
      }
      loadedFor = "";
      button.textContent = label;
    } catch (error) {
      const refused = error instanceof Error ? error.name : "";
      if (refused === "NotAllowedError") button.textContent = labels.again;
      else if (refused === "AbortError") button.textContent = label;
      else location.assign(wanted[0].save); // the plain way: a download
    } finally {
      busy = false;
    }
  });
}

/** The stage: one history entry however many photos are looked at; Esc, Back and × close it. */
class Stage {
  /** @param {Photo[]} photos @param {Labels} labels */
  constructor(photos, labels) {
    this.labels = labels;
    this.slides = photos.map((photo) => new Slide(photo));
    this.now = 0;
    this.timer = 0;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.count = make("span", { class: "count", "aria-hidden": "true" });
    this.told = make("p", { class: "unseen", role: "status", "aria-live": "polite" });
    this.strip = make("div", { class: "strip", tabindex: "0" }, this.slides.map((slide) => slide.box));
    const close = this.button("×", labels.close, () => this.close(), "close");
    this.player = this.button("▶", labels.play, () => this.play(!this.timer), "play");
    this.player.setAttribute("aria-pressed", "false");
    this.save = make("a", { class: "act save", download: "" }, [labels.save]);
    const several = photos.length > 1;
    const bar = make("div", { class: "top" }, [close, this.count, ...(several ? [this.player] : []), this.save]);
    const turns = several
      ? [this.button("‹", labels.previous, () => this.go(this.now - 1), "step before"),
         this.button("›", labels.next, () => this.go(this.now + 1), "step after")]
      : [];
    this.dialog = make("dialog", { class: "stage", "aria-label": labels.photos }, [bar, this.strip, ...turns, this.told]);
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.strip.addEventListener("pointerdown", () => this.play(false));
    addEventListener("popstate", () => this.dialog.open && this.closed());
    addEventListener("resize", () => this.dialog.open && this.go(this.now, "instant"));
    const seen = new IntersectionObserver((entries) => this.seen(entries), { root: this.strip, threshold: 0.6 });
    for (const slide of this.slides) seen.observe(slide.box);
    if (this.slides.some((slide) => slide.photo.save) && canSave(photos[0].kind)) {
      this.save.textContent = labels.keep;
      saving(this.save, () => [this.slides[this.now].photo], labels);
    }
    document.body.append(this.dialog);
  }

  /** @param {string} sign @param {string} label @param {() => void} press @param {string} kind */
  button(sign, label, press, kind) {
    const button = make("button", { type: "button", class: `act ${kind}`, "aria-label": label, title: label }, [sign]);
    button.addEventListener("click", press);
    return button;
  }

  /** @param {number} index */
  open(index) {
    history.pushState({ stage: true }, "");
    this.dialog.showModal();
    document.documentElement.classList.add("staged");
    this.show(index);
    this.go(index, "instant");
  }

  close() {
    if (history.state?.stage) history.back();
    else this.closed();
  }

  closed() {
    this.play(false);
    this.slides[this.now].zoom(1);
    document.documentElement.classList.remove("staged");
    this.dialog.close();
    const { link } = this.slides[this.now].photo;
    link.focus();
    link.scrollIntoView({ block: "nearest" });
  }

  /** @param {IntersectionObserverEntry[]} entries */
  seen(entries) {
    const found = entries.find((entry) => entry.isIntersecting);
    const index = found ? this.slides.findIndex((slide) => slide.box === found.target) : -1;
    if (index >= 0 && index !== this.now && this.dialog.open) this.show(index);
  }

  /** @param {number} index */
  show(index) {
    if (index !== this.now) this.slides[this.now].zoom(1);
    this.now = index;
    const { photo } = this.slides[index];
    for (const near of [index, index + 1, index - 1]) this.slides[near]?.load();
    this.count.textContent = `${index + 1} / ${this.slides.length}`;
    this.told.textContent = photo.alt;
    this.save.hidden = !photo.save;
    this.save.href = photo.save;
    this.dialog.classList.toggle("first", index === 0);
    this.dialog.classList.toggle("last", index === this.slides.length - 1);
  }

  /** @param {number} index @param {ScrollBehavior} [how] */
  go(index, how = this.still.matches ? "instant" : "smooth") {
    const slide = this.slides[index];
    if (!slide) return;
    if (index !== this.now) this.show(index);
    slide.box.scrollIntoView({ inline: "center", block: "nearest", behavior: how });
  }

  /** @param {boolean} on */
  play(on) {
    clearInterval(this.timer);
    this.timer = on ? Number(setInterval(() => this.go((this.now + 1) % this.slides.length), SLIDE_S * 1000)) : 0;
    this.player.setAttribute("aria-pressed", String(on));
    this.player.textContent = on ? "❚❚" : "▶";
    this.player.setAttribute("aria-label", on ? this.labels.pause : this.labels.play);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const ahead = document.dir === "rtl" ? -1 : 1;
    const slide = this.slides[this.now];
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowRight: () => this.go(this.now + ahead),
      ArrowLeft: () => this.go(this.now - ahead),
      PageDown: () => this.go(this.now + 1),
      PageUp: () => this.go(this.now - 1),
      Home: () => this.go(0),
      End: () => this.go(this.slides.length - 1),
      "+": () => slide.zoom(slide.scale * 1.5),
      "-": () => slide.zoom(slide.scale / 1.5),
    };
    const act = keys[event.key];
    if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (event.key !== "+" && event.key !== "-") this.play(false);
    act();
  }
}

const main = document.getElementById("photos");
const photos = main ? photosOf(main) : [];
if (main && photos.length && typeof HTMLDialogElement === "function") {
  const labels = /** @type {Labels} */ (/** @type {unknown} */ (main.dataset));
  /** @type {Stage | undefined} */
  let stage;
  photos.forEach((photo, index) => {
    photo.link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      stage ??= new Stage(photos, labels);
      stage.open(index);
    });
  });
  const toPhone = /** @type {HTMLElement | null} */ (main.querySelector("[data-to-phone]"));
  if (toPhone && canSave(photos[0].kind)) {
    toPhone.hidden = false;
    saving(toPhone, () => photos, labels);
  }
}
