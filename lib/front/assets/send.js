// The first page's main button leads to the plain page where that one serves better: on a small screen, on a slow line,
// and for who saves data. However the first page was reached: it is asked when the button is pressed, not before.
const SMALL = "(max-width: 40rem)";
const SLOW_MBIT = 1.5; // below it the app takes more than six seconds to come

/** What a browser may know about its line. @typedef {{saveData?: boolean, effectiveType?: string, downlink?: number}} Line */

/** @returns {boolean} */
function plainIsBetter() {
  const line = /** @type {Line} */ ("connection" in navigator ? navigator.connection : {});
  const slow = line.saveData || /2g|3g/.test(line.effectiveType ?? "") || (line.downlink ?? Infinity) < SLOW_MBIT;
  return matchMedia(SMALL).matches || Boolean(slow);
}

addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest(".st-key-front-send a") : null;
  if (!(link instanceof HTMLAnchorElement) || !plainIsBetter()) return;
  link.href = new URL("send", document.baseURI).href; // another tab, if one was asked for, opens the same
  event.stopImmediatePropagation(); // else the app goes to its own page
}, { capture: true });
