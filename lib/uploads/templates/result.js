// @ts-check
/** The finished link: share and copy with one tap. Without this file the link is pressed and held. */

const link = /** @type {HTMLInputElement} */ (document.getElementById("link"));
const message = /** @type {HTMLTextAreaElement} */ (document.getElementById("message"));
const said = /** @type {HTMLElement} */ (document.getElementById("said"));
const byHand = /** @type {HTMLElement} */ (document.getElementById("by-hand")); // how to copy where no button can
byHand.hidden = true;

/** @param {string} id @param {() => Promise<unknown>} act */
function button(id, act) {
  const found = /** @type {HTMLButtonElement} */ (document.getElementById(id));
  found.hidden = false;
  found.addEventListener("click", async () => {
    try {
      await act();
      said.textContent = found.dataset.done ?? "";
    } catch (error) {
      if (error instanceof Error && error.name === "AbortError") return;
      byHand.hidden = false;
      link.select();
    }
  });
}

/** @param {HTMLInputElement | HTMLTextAreaElement} field */
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select(); // no clipboard without https, or not allowed: the old way
    if (!document.execCommand("copy")) throw new Error("no copying here");
  }
}

if (typeof navigator.share === "function") button("share", () => navigator.share({ text: message.value }));
button("copy", () => copy(link));
button("copy-message", () => copy(message));
// The server knows no time zone of a browser: until when it works is said again, to the minute, by the clock of this one.
const until = /** @type {HTMLTimeElement} */ (document.getElementById("until"));
// English with the day first, as everywhere else: 3/4 would be two days.
const here = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
until.textContent = (until.dataset.words ?? "").replace("{moment}", here.format(new Date(until.dateTime)));
document.getElementById("ready")?.focus();
