// Names for what Streamlit shows as a picture without words, such as the button that opens the list of pages on a phone.
// The app says them in the visitor's language, as values of the style; English where it says nothing.
const NAMES = {
  stExpandSidebarButton: ["--front-menu", "Menu"],
  stSidebarCollapseButton: ["--front-close-menu", "Close menu"],
};

// What Streamlit says in English only, and the same in the visitor's language; nothing for English.
const words = document.querySelector("meta[name=front-words]");
/** @type {Record<string, string>} */
const THEIRS = JSON.parse((words instanceof HTMLElement && words.dataset.theirs) || "{}");
const SAID = ["aria-label", "placeholder", "title"];
const LABELLED = Object.keys(THEIRS).flatMap((text) => SAID.map((one) => `[${one}=${JSON.stringify(text)}]`)).join(",");
const WITH_HELP = "[aria-label^='Help for ']";
const WRITTEN = "[data-testid=stSkipToContent], [data-testid=stFileUploaderDropzone] :is(button p, span)";

/** @param {string} value @param {string} english @returns {string} */
function said(value, english) {
  const text = getComputedStyle(document.documentElement).getPropertyValue(value).trim();
  return text ? JSON.parse(text) : english;
}

/** @param {Element} root */
function translate(root) {
  for (const found of root.querySelectorAll(LABELLED)) {
    for (const one of SAID) {
      const theirs = THEIRS[found.getAttribute(one) ?? ""];
      if (theirs && found.getAttribute(one) !== theirs) found.setAttribute(one, theirs);
    }
  }
  for (const found of root.querySelectorAll(WITH_HELP)) {
    const what = (found.getAttribute("aria-label") ?? "").replace("Help for ", "");
    found.setAttribute("aria-label", (THEIRS["Help for {what}"] ?? "").replace("{what}", () => what));
  }
  for (const found of root.querySelectorAll(WRITTEN)) {
    const text = found.firstChild; // its value is changed and not the node: that one stays Streamlit's own
    if (!(text instanceof Text)) continue;
    const [limit, n] = /^(\d+)MB per file/.exec(text.data) ?? [];
    const theirs = limit ? text.data.replace(limit, (THEIRS["{n}MB per file"] ?? "").replace("{n}", n ?? "")) : THEIRS[text.data];
    if (theirs && theirs !== text.data) text.data = theirs;
  }
}

function name() {
  for (const [part, [value, english]] of Object.entries(NAMES)) {
    for (const found of document.querySelectorAll(`[data-testid=${part}]`)) {
      const text = said(value, english);
      const button = found.closest("button") ?? found.querySelector("button") ?? found;
      if (button.getAttribute("aria-label") !== text) button.setAttribute("aria-label", text);
    }
  }
  if (root && LABELLED) translate(root);
}

const root = document.getElementById("root");
if (root) new MutationObserver(name).observe(root, { childList: true, subtree: true });
