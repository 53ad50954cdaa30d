// Tell the browser, once, that this app can be installed. Streamlit writes the page's head; this adds what it lacks.
export default function ({ parentElement }) {
  const add = (rel, href) => {
    if (!document.head.querySelector(`link[rel="${rel}"]`)) document.head.append(Object.assign(document.createElement("link"), { rel, href }));
  };
  add("manifest", "/manifest.webmanifest");
  add("apple-touch-icon", "/icons/apple-touch-icon.png");
  // It draws nothing, so it takes no room either: out of the page's flow, and never wider than a narrow screen.
  const host = parentElement.getRootNode().host ?? parentElement;
  const box = host.closest("[data-testid=stElementContainer]");
  if (box) Object.assign(box.style, { position: "absolute", width: "1px", overflow: "hidden" });
}
