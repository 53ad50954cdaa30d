// @ts-check
/**
 * The plain page with script: photos are cleaned on this device and go up while the options are chosen. Whatever fails
 * here leaves the form as it is, which does the whole job without script.
 */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-picker]"));
const room = /** @type {HTMLElement | null} */ (document.getElementById("picker"));

/** @returns {Promise<{album: string, ticket: string} | null>} */
async function asked() {
  const known = /** @type {HTMLInputElement} */ (form?.elements.namedItem("album"));
  const answer = await fetch("/send/_/ticket", { method: "POST", body: new URLSearchParams({ album: known.value }) });
  return answer.ok ? answer.json() : null;
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
  const picker = mount(place, {
    mode: "upload", key: told.album, base: "/api/drafts", ticket: told.ticket, language, maxSide: longest(),
    maxPhotos: Number(page.dataset.most), maxBytes: Number(page.dataset.bytes), sharePhotos: false,
    /** @param {{photos: unknown[], uploading: number}} state */
    onState: (state) => {
      create.disabled = state.uploading > 0 || state.photos.length === 0;
    },
    onTicket: async () => {
      const fresh = await asked();
      if (fresh) picker.update({ ticket: fresh.ticket });
    },
    onBroken: () => shown(true),
  });
  shown(false);
  size.addEventListener("change", () => picker.update({ maxSide: longest() }));
}

if (form && room) begin(form, room).catch(() => undefined);
