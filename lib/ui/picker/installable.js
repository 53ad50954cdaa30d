// Tell the browser, once, that this app can be installed. Streamlit writes the page's head; this adds what it lacks.
export default function ({ parentElement }) {
  const add = (rel, href) => {
    if (!document.head.querySelector(`link[rel="${rel}"]`)) document.head.append(Object.assign(document.createElement("link"), { rel, href }));
  };
  add("manifest", "/manifest.webmanifest");
  add("apple-touch-icon", "/icons/apple-touch-icon.png");
  // It draws nothing, so it takes no room either: out of the page's flow.
  const host = parentElement.getRootNode().host ?? parentElement;
  host.closest("[data-testid=stElementContainer]")?.style.setProperty("position", "absolute");
}
