// Copy, or the system's own share sheet where there is one. A video is fetched and shared as a file.

const COPIED_S = 4; // how long a button says so

/** @type {WeakMap<Element, {url: string, file: File}>} what a button has fetched already */
const fetched = new WeakMap();
/** @type {WeakMap<object, string>} the link that took the focus last */
const shownLinks = new WeakMap();

/** @param {string} text @param {Element | ShadowRoot} root */
async function copy(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No clipboard without https: the old way, by selecting.
    const box = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    box.style.cssText = "position:fixed;opacity:0";
    root.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
}

/** @param {string} url */
async function fetchVideo(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error("gone");
  return new File([await response.blob()], "photos.mp4", { type: "video/mp4" });
}

/** @param {File} file */
function save(file) {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: url, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** @param {{data: {text: string, link: string, video: boolean, page: boolean, label: string, heading: string, labels: Record<string, string>}, parentElement: Element | ShadowRoot}} call */
export default function ({ data, parentElement: root }) {
  const find = (/** @type {string} */ name) => /** @type {HTMLButtonElement} */ (root.querySelector(name));
  const said = find(".said"), send = find(".send"), copyLink = find(".copy-link"), copyAll = find(".copy-all");
  const say = (/** @type {string} */ told) => { said.textContent = told; };
  const labels = data.labels;
  const ready = find(".ready"), address = find(".address");
  ready.hidden = address.hidden = !data.heading;
  ready.textContent = data.heading;
  address.textContent = data.link;
  find(".copy-link span").textContent ||= labels.copy_link;
  find(".copy-all span").textContent ||= labels.copy_message;
  // What was just made takes the focus, once: then a screen reader says it, and the thumb finds the buttons below it.
  if (data.heading && shownLinks.get(root) !== data.link) {
    shownLinks.set(root, data.link);
    requestAnimationFrame(() => { ready.scrollIntoView({ block: "start" }); ready.focus({ preventScroll: true }); });
  }
  const video = () => [...document.querySelectorAll("video")].map((one) => one.currentSrc || one.src).find(Boolean);
  find(".send-words").textContent = data.label;
  copyLink.hidden = !data.link;
  copyAll.hidden = data.page || !data.link || data.text === data.link || !data.text;
  send.hidden = typeof navigator.share !== "function" && !data.video;
  send.classList.toggle("main", !data.page);
  copyLink.classList.toggle("main", send.hidden && !data.page);

  const copying = (/** @type {HTMLButtonElement & {clock?: ReturnType<typeof setTimeout>}} */ button, /** @type {string} */ text) => async () => {
    const done = await copy(text, root);
    const label = /** @type {HTMLSpanElement} */ (button.querySelector("span"));
    const before = (button.dataset.label ??= label.textContent);
    label.textContent = done ? labels.copied : before;
    say(done ? labels.copied_long : labels.no_copying);
    clearTimeout(button.clock);
    button.clock = setTimeout(() => { label.textContent = before; }, COPIED_S * 1000);
  };
  copyLink.onclick = copying(copyLink, data.link);
  copyAll.onclick = copying(copyAll, data.text);

  const shared = async (/** @type {ShareData} */ what) => {
    if (navigator.userActivation?.isActive === false) return say(labels.again); // fetching took too long for this tap
    try {
      await navigator.share(what);
      say(labels.shared);
    } catch (error) {
      if (error instanceof Error && error.name === "AbortError") say(""); // the person closed the sheet
      else say(data.link ? labels.copy_instead : labels.save_instead);
    }
  };
  // The message usually holds the link already: it is not sent twice.
  const message = data.text.includes(data.link) ? { text: data.text } : { text: data.text, url: data.link };
  send.onclick = async () => {
    if (!data.video) return shared(message);
    send.disabled = true;
    try {
      // Fetched once: a second tap, needed where fetching took too long for the first, shares at once.
      const url = video();
      if (!url) throw new Error("gone");
      const known = fetched.get(send), loaded = known?.url === url ? known : { url, file: await fetchVideo(url) };
      fetched.set(send, loaded);
      const files = [loaded.file];
      if (navigator.canShare?.({ files })) await shared({ files });
      else {
        save(loaded.file);
        say(labels.saved);
      }
    } catch {
      say(labels.not_fetched);
    } finally {
      send.disabled = false;
    }
  };
}
