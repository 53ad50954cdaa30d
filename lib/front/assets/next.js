// What a page shows after the first tap is asked for with that tap: while somebody looks through the gallery for photos
// the line is free, and before it every byte delays the moment at which a photo can be chosen.
const waits = document.querySelector("meta[name=front-next]");

function ask() {
  for (const href of waits?.getAttribute("content")?.split(" ") ?? []) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", crossOrigin: "", href }));
  }
}

if (waits) {
  const first = new AbortController();
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, () => { first.abort(); ask(); }, { signal: first.signal, capture: true, passive: true });
  }
}
