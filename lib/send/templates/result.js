// @ts-check
/** The finished link: share and copy with one tap. Without this file the link is pressed and held. */

const link = /** @type {HTMLInputElement} */ (document.getElementById("link"));
const message = /** @type {HTMLTextAreaElement} */ (document.getElementById("message"));
const said = /** @type {HTMLElement} */ (document.getElementById("said"));

/** @param {string} id @param {() => Promise<unknown>} act */
function button(id, act) {
  const found = /** @type {HTMLButtonElement} */ (document.getElementById(id));
  found.hidden = false;
  found.addEventListener("click", async () => {
    try {
      await act();
      said.textContent = found.dataset.done ?? "";
    } catch (error) {
      if (!(error instanceof Error && error.name === "AbortError")) link.select();
    }
  });
}

/** @param {HTMLInputElement | HTMLTextAreaElement} field */
async function copy(field) {
  if (navigator.clipboard) return navigator.clipboard.writeText(field.value);
  field.select(); // no clipboard without https: the old way
  if (!document.execCommand("copy")) throw new Error("no copying here");
  return undefined;
}

if (typeof navigator.share === "function") button("share", () => navigator.share({ text: message.value }));
button("copy", () => copy(link));
button("copy-message", () => copy(message));
document.getElementById("ready")?.focus();
