// An open list closes as soon as anything scrolls (React Aria, of which Streamlit's lists are made). A page also moves
// by itself: a photo that has just arrived takes room above, and the browser moves the page so that what is looked at
// stays where it is. Nobody wanted to close the list then: only a person who scrolls closes it.
const SCROLLED_WITHIN_MS = 300; // between the wheel, finger or key and the scrolling that comes of it
const KEYS = new Set(["PageUp", "PageDown", "Home", "End"]);
let scrolled = -Infinity; // when a person last asked for it

/** @param {Event} event */
function asked(event) {
  if (event instanceof KeyboardEvent && !KEYS.has(event.key)) return;
  // A press beside every element of the page is on its scroll bar.
  if (event instanceof PointerEvent && !(event.target instanceof Element && event.target.matches("html, [data-testid=stMain]"))) return;
  scrolled = performance.now();
}

/** @param {Event} event */
function keepOpen(event) {
  if (performance.now() - scrolled < SCROLLED_WITHIN_MS) return;
  const list = document.querySelector("[data-testid$=Dropdown] [role=listbox], [role=dialog] [role=grid]");
  if (!list || (event.target instanceof Node && list.contains(event.target))) return;
  event.stopImmediatePropagation();
  dispatchEvent(new Event("resize")); // the list goes along with its field
}

for (const one of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(one, asked, { capture: true, passive: true });
addEventListener("scroll", keepOpen, true);
