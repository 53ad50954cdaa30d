// Names for what Streamlit shows as a sign only: on a phone, the way to all other pages.
const NAMES = { stExpandSidebarButton: "Menu", stSidebarCollapseButton: "Close menu" };

function name() {
  for (const [part, words] of Object.entries(NAMES)) {
    for (const found of document.querySelectorAll(`[data-testid=${part}]`)) {
      const button = found.closest("button") ?? found.querySelector("button") ?? found;
      if (button.getAttribute("aria-label") !== words) button.setAttribute("aria-label", words);
    }
  }
}

const root = document.getElementById("root");
if (root) new MutationObserver(name).observe(root, { childList: true, subtree: true });
