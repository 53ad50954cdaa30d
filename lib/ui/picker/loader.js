// All of the picker that travels with the page: it loads the picker from its own address and passes every run on to it.

/** @typedef {(call: any) => () => void} Run */

/** @type {WeakMap<object, {latest: any, end: (() => void) | null, gone: boolean}>} */
const rooms = new WeakMap();

/** @param {any} call @returns {() => void} */
export default function (call) {
  const room = rooms.get(call.parentElement) ?? { latest: null, end: null, gone: false };
  Object.assign(room, { latest: call, gone: false });
  rooms.set(call.parentElement, room);
  start(room).catch((error) => {
    console.error(error);
    call.setTriggerValue("broken", Date.now()); // the page puts another picker in this one's place
  });
  return () => {
    room.gone = true;
    room.end?.();
  };
}

/** @param {{latest: any, end: (() => void) | null, gone: boolean}} room */
async function start(room) {
  const { script, ahead } = room.latest.data, at = (/** @type {string} */ path) => new URL(path, document.baseURI).href;
  for (const path of ahead) {
    if (document.head.querySelector(`link[href="${at(path)}"]`)) continue;
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: at(path) }));
  }
  /** @type {{run: Run}} */
  const { run } = await import(at(script));
  if (!room.gone) room.end = run(room.latest);
}
