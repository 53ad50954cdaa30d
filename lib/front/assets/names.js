// Names for what Streamlit shows as a sign only: on a phone, the way to all other pages.
// The app says them in the visitor's language, as values of the style; English where it says nothing.
const NAMES = {
  stExpandSidebarButton: ["--front-menu", "Menu"],
  stSidebarCollapseButton: ["--front-close-menu", "Close menu"],
};

/** @param {string} value @param {string} english @returns {string} */
function said(value, english) {
  const text = getComputedStyle(document.documentElement).getPropertyValue(value).trim();
  return text ? JSON.parse(text) : english;
}

function name() {
  for (const [part, [value, english]] of Object.entries(NAMES)) {
    for (const found of document.querySelectorAll(`[data-testid=${part}]`)) {
      const words = said(value, english);
      const button = found.closest("button") ?? found.querySelector("button") ?? found;
      if (button.getAttribute("aria-label") !== words) button.setAttribute("aria-label", words);
    }
  }
}

const root = document.getElementById("root");
if (root) new MutationObserver(name).observe(root, { childList: true, subtree: true });
