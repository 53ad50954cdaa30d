// The words of the editor, in English; cover_words.*.js hold those of other languages. They load when it is opened.

import { Speaker } from "./strings.js";

/** @type {Record<string, import("./strings.js").Words>} */
export const ENGLISH = {
  title: "Cover and crop",
  done: "Done",
  cancel: "Cancel",
  coverTab: "Cover",
  cropTab: "Crop",
  box: "Box",
  paint: "Paint",
  hand: "Move picture",
  add: "Add a cover",
  remove: "Delete this cover",
  undo: "Undo",
  redo: "Redo",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  brush: "Width of the brush",
  shape: "Shape of the crop",
  free: "Free",
  turn: "Turn right",
  straighten: "Straighten",
  degrees: "{n}°",
  picture: "The photo. Arrow keys move it when it is zoomed.",
  part: "Cover {n}: {x} % from the left, {y} % from the top, {w} % wide, {h} % high",
  line: "Painted cover {n}",
  crop: "Crop: keeps {w} × {h} pixels",
  keys: "Arrow keys move it, Shift and an arrow key change its size, Delete removes it.",
  cropKeys: "Arrow keys move the crop, Shift and an arrow key change its size.",
  help: "Draw over what nobody should see. Two fingers zoom.",
  cropHelp: "Drag the corners. What is outside is cut away.",
  opening: "Opening …",
  cannot: "This browser cannot show this photo before it is on our server. Upload it, then cover it here: the photo as it was is deleted there at once.",
  there: "This photo is on our server already. It is covered there, and the photo as it was is deleted at once.",
  leave: "Press Cancel once more to leave without these changes.",
  most: "One photo takes {n} covers.",
  find: "Look for faces and codes",
  findThere: "Look for faces and codes on our server",
  whereThere: "Your clean photo is there already; it is looked at, and nothing more of it is kept.",
  looking: "Looking …",
  found: { one: "{n} place to look at. Tap it to cover it. This misses things: look yourself too.", other: "{n} places to look at. Tap one to cover it. This misses things: look yourself too." },
  nothing: "Nothing was found. This misses things: look yourself too.",
  notLooked: "That did not work. Look yourself, please.",
  face: "Face {n}: cover it",
  code: "Code {n}: cover it",
  dismiss: "Not this one",
  allFaces: { one: "Cover the face", other: "Cover all {n} faces" },
  allCodes: { one: "Cover the code", other: "Cover all {n} codes" },
  covered: { one: "{n} part covered.", other: "{n} parts covered." },
  coverFailed: "{name} was not covered.",
  notCovered: "{name} was not covered: it is too large for this device to change, or cannot be read any more. It is as it was.",
  videoGone: "The video showed that photo as it was, so it was deleted. Make it again.",
  held: "Nothing is uploaded yet. Tap a photo to cover or crop it.",
  uploadNow: "Upload {what}",
};

/** Who says them, in the language of the page. @param {Speaker} page */
export async function speakerOf({ strings }) {
  const language = String(strings.language), spoken = language !== "en" ? await import(`./cover_words.${language}.js`).catch(() => null) : null;
  return new Speaker({ ...ENGLISH, ...spoken?.WORDS, language });
}
