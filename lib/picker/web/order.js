// Putting tiles in order: dragging by mouse at once, by finger after holding it for a moment (so that the page still scrolls).

/** @typedef {{root: Document | ShadowRoot, list: HTMLElement, move: (number: number, to: number) => boolean, places: () => number[]}} Board */

const HOLD_MS = 280; // shorter than the system's own menu of a picture
const SLIP_PX = 8; // a finger that moves more while holding wants to scroll

/** Let the tiles of `list` be dragged. @param {Board} board */
export function draggable({ root, list, move, places }) {
  /** @type {{card: HTMLElement, x: number, y: number, clock: ReturnType<typeof setTimeout> | undefined, moving: boolean} | null} */
  let held = null;
  let justMoved = false;
  const begin = () => {
    if (!held) return;
    held.moving = true;
    held.card.classList.add("dragged");
    list.classList.add("moving");
    navigator.vibrate?.(10);
  };
  const end = () => {
    if (!held) return;
    clearTimeout(held.clock);
    justMoved = held.moving;
    held.card.classList.remove("dragged");
    list.classList.remove("moving");
    held = null;
    setTimeout(() => { justMoved = false; }); // the click that follows is not a tap
  };
  list.addEventListener("pointerdown", (event) => {
    const card = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest(".card")) : null;
    if (event.button || !card || places().length < 2) return;
    held = { card, x: event.clientX, y: event.clientY, clock: undefined, moving: false };
    if (event.pointerType !== "mouse") held.clock = setTimeout(begin, HOLD_MS);
    const far = (/** @type {PointerEvent} */ { clientX, clientY }) => held && Math.hypot(clientX - held.x, clientY - held.y) > SLIP_PX;
    const moved = (/** @type {PointerEvent} */ now) => {
      if (!held || now.pointerId !== event.pointerId) return;
      if (!held.moving) {
        if (!far(now)) return;
        if (now.pointerType !== "mouse") return end();
        begin();
      }
      const under = root.elementsFromPoint(now.clientX, now.clientY).map((one) => one.closest(".card")).find((one) => one && one !== held?.card);
      const to = under instanceof HTMLElement ? places().indexOf(Number(under.dataset.number)) : -1;
      if (to >= 0) move(Number(held.card.dataset.number), to);
    };
    const stop = (/** @type {PointerEvent} */ now) => {
      if (now.pointerId !== event.pointerId) return;
      end();
      removeEventListener("pointermove", moved);
      removeEventListener("pointerup", stop);
      removeEventListener("pointercancel", stop);
    };
    addEventListener("pointermove", moved);
    addEventListener("pointerup", stop);
    addEventListener("pointercancel", stop);
  });
  // While a tile is dragged the page under the finger stays, and the system's menu of a picture does not open.
  list.addEventListener("touchmove", (event) => { if (held?.moving) event.preventDefault(); }, { passive: false });
  list.addEventListener("contextmenu", (event) => { if (held) event.preventDefault(); });
  list.addEventListener("click", (event) => {
    if (!justMoved) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
}

/** Where an arrow key leads from place `at`. @param {string} key @param {number} at @param {number} count @param {number} columns */
export function walk(key, at, count, columns) {
  /** @type {Record<string, number>} */
  const steps = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns, ArrowDown: at + columns, Home: 0, End: count - 1 };
  const to = steps[key];
  return to === undefined || to < 0 || to >= count ? -1 : to;
}
