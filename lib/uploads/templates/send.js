// @ts-check
/**
 * The plain page with script: photos are cleaned on this device and go up while the options are chosen. Whatever fails
 * here leaves the form as it is, which does the whole job without script.
 */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-picker]"));
const home = form?.getAttribute("action")?.replace(/\/send$/, "") ?? ""; // below which path of its host this app lives
const AGAIN_MS = 2000;
const room = /** @type {HTMLElement | null} */ (document.getElementById("picker"));

/** @returns {Promise<{album: string, ticket: string} | null>} */
async function asked() {
  const known = /** @type {HTMLInputElement} */ (form?.elements.namedItem("album"));
  const answer = await fetch(`${home}/send/_/ticket`, { method: "POST", body: new URLSearchParams({ album: known.value }) });
  return answer.ok ? answer.json() : null;
}

/** The form says whose photos it is about, also for a browser that keeps no cookie. @param {HTMLFormElement} page @param {string} ticket */
function keepTicket(page, ticket) {
  /** @type {HTMLInputElement} */ (page.elements.namedItem("ticket")).value = ticket;
}

/** @param {HTMLFormElement} page @param {HTMLElement} place */
async function begin(page, place) {
  const { picker: address = "", language = "en" } = page.dataset;
  const [told, { mount }] = await Promise.all([asked(), import(address)]);
  if (!told) return;
  const album = /** @type {HTMLInputElement} */ (page.elements.namedItem("album"));
  const photos = /** @type {HTMLInputElement} */ (page.elements.namedItem("photos"));
  const size = /** @type {HTMLSelectElement} */ (page.elements.namedItem("size"));
  const create = /** @type {HTMLButtonElement} */ (page.querySelector("button[name=do]"));
  const plain = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-plain]"));
  const shown = (/** @type {boolean} */ simple) => {
    for (const one of plain) one.hidden = !simple;
    place.hidden = simple;
    photos.disabled = !simple;
    create.disabled = !simple;
  };
  const longest = () => Number(size.selectedOptions[0]?.dataset.side ?? 2048);
  album.value = told.album;
  keepTicket(page, told.ticket);
  const picker = mount(place, {
    mode: "upload", key: told.album, base: `${home}/api/drafts`, ticket: told.ticket, language, maxSide: longest(),
    maxPhotos: Number(page.dataset.most), maxBytes: Number(page.dataset.bytes), sharePhotos: false,
    /** @param {{photos: unknown[], uploading: number}} state */
    onState: (state) => {
      create.disabled = state.uploading > 0 || state.photos.length === 0;
    },
    onTicket: async () => {
      const fresh = await asked();
      if (fresh) {
        keepTicket(page, fresh.ticket);
        picker.update({ ticket: fresh.ticket });
      }
    },
    onBroken: () => shown(true),
  });
  const takeOver = () => { // chosen in the plain field before this script had come, or while its dialog stood open
    if (place.hidden || !photos.files?.length) return;
    picker.queue.add([...photos.files]);
    photos.value = "";
  };
  photos.addEventListener("change", takeOver);
  shown(false);
  takeOver();
  size.addEventListener("change", () => picker.update({ maxSide: longest() }));
}

/**
 * Sends the form once this server answers: a form sent to nobody would leave the browser's own error in place of all that
 * was chosen here. @param {HTMLFormElement} page
 */
function sendWhenReached(page) {
  const create = /** @type {HTMLButtonElement} */ (page.querySelector("button[name=do]"));
  const told = /** @type {HTMLElement} */ (document.getElementById("told"));
  const { busy = "", away = "", offline = "" } = page.dataset;
  let pressed = false;
  page.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (pressed) return;
    pressed = true;
    told.textContent = busy;
    while (!(await asked().then(() => true, () => false))) {
      told.textContent = navigator.onLine ? away : offline;
      told.className = "refused";
      await new Promise((wake) => setTimeout(wake, AGAIN_MS));
    }
    told.className = "small";
    told.textContent = busy;
    // Not by the button: while this server was away the picker may have switched it off, and then it would not be sent.
    page.append(Object.assign(document.createElement("input"), { type: "hidden", name: create.name, value: create.value }));
    page.submit();
  });
  // Back from the finished link: the browser may show this page as it was left. Photos and choices are on the server.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

if (form?.querySelector("button[name=do]")) sendWhenReached(form);
if (form && room) begin(form, room).catch(() => undefined);
