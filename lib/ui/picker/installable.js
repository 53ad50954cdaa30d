// Tell the browser that this app can be installed, and the colour of its frame. Streamlit writes the page's head; this
// adds what it lacks.
export default function ({ parentElement }) {
  const add = (rel, href) => {
    if (!document.head.querySelector(`link[rel="${rel}"]`)) document.head.append(Object.assign(document.createElement("link"), { rel, href }));
  };
  add("manifest", "/manifest.webmanifest");
  add("apple-touch-icon", "/icons/apple-touch-icon.png");
  const frame = document.head.querySelector("meta[name=theme-color]") ?? Object.assign(document.createElement("meta"), { name: "theme-color" });
  frame.content = getComputedStyle(parentElement.host ?? parentElement).getPropertyValue("--st-background-color").trim();
  document.head.append(frame);
  // It draws nothing, so it takes no room either: out of the page's flow, and never wider than a narrow screen.
  const host = parentElement.getRootNode().host ?? parentElement;
  const box = host.closest("[data-testid=stElementContainer]");
  if (box) Object.assign(box.style, { position: "absolute", width: "1px", overflow: "hidden" });
}
