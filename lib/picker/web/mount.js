// The picker's one door for pages: mount(root, options). The same in the app and on a plain page.

import { Queue } from "./queue.js";
import { View } from "./view.js";

/** @typedef {Partial<import("./queue.js").Options> & import("./view.js").Port & {language?: string}} MountOptions */
/** @typedef {{update: (options: MountOptions) => void, close: () => void, queue: Queue}} Picker */

/** @type {Map<string, Queue>} one for each key: uploads go on while another page of the app is looked at */
const queues = new Map();

/** @type {import("./queue.js").Options} */
const DEFAULTS = {
  mode: "upload", key: "picker", base: "/api/drafts", ticket: "", maxPhotos: 30, maxBytes: 25_000_000, maxSide: 2048, attachPhotos: 9, sharePhotos: false, offersServer: false,
  problem: null, changes: undefined, strings: {},
};

/**
 * Draw a picker inside `root` (an element or a shadow root). Its style sheet comes along, from beside this file.
 * `update` changes any option; `close` takes the picker off the page, while its uploads go on.
 * @param {Element | ShadowRoot} root @param {MountOptions} options @returns {Picker}
 */
export function mount(root, options) {
  let told = { ...DEFAULTS, ...options };
  const queue = queues.get(told.key) ?? new Queue(told.key);
  queues.set(told.key, queue);
  style(root);
  queue.configure(told);
  queue.said = ""; // a fresh page has not been told yet
  let view = new View(root, queue, told);
  view.render();
  queue.changed();
  /** @param {MountOptions} more */
  const update = (more) => {
    told = { ...told, ...more };
    view.port = told;
    queue.configure(told);
    view.render();
    queue.changed();
  };
  // Its own file for each language but English, which strings.js has: nobody loads the words of seven others.
  if (told.language && told.language !== "en") {
    import(`./words.${told.language}.js`).then(({ WORDS, NAMES }) => {
      const strings = { ...NAMES, ...WORDS, ...told.strings };
      queue.configure({ ...told, strings });
      view.close(); // drawn anew: its labels were written once
      view = new View(root, queue, told);
      update({ strings });
    }, () => {});
  }
  return { queue, update, close: () => view.close() };
}

/** @param {Element | ShadowRoot} root */
function style(root) {
  const place = root instanceof ShadowRoot || root.getRootNode() instanceof ShadowRoot ? root : document.head;
  const href = new URL("picker.css", import.meta.url).href;
  if ([...place.querySelectorAll("link")].some((one) => one.href === href)) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  place.prepend(link);
}
