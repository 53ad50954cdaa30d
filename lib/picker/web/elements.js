// Making and changing what stands on the page, without ever parsing text.

/** @type {Record<string, string>} */
const ICONS = {
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4", video: "M4 5h16v14H4zM10 9l5 3-5 3z", done: "M5 12l5 5 9-10", wrong: "M12 5v9M12 18.5v.01",
  place: "M12 21s-6-5.7-6-10.5a6 6 0 0 1 12 0C18 15.300 12 21 12 21zM12 11.500v-1.500", earlier: "M19 12H5M11 6l-6 6 6 6", later: "M5 12h14M13 6l6 6-6 6", close: "M6 6l12 12M18 6L6 18", cover: "M7 3v14h14M3 7h14v14M10 10h4v4h-4z",
};

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, unknown>} [properties] @param {...(Node | string)} children @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** @param {string} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A button that says what it does. @param {string} text @param {string} className @param {() => void} onclick @param {string} [picture] */
export function button(text, className, onclick, picture) {
  return make("button", { type: "button", className, onclick }, ...(picture ? [icon(picture)] : []), make("span", { textContent: text }));
}
