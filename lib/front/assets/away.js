// When this server cannot be reached, people read our words. Streamlit's own speak to whoever programmed the page.
// What was typed and chosen stays on screen: nothing is reloaded, and Streamlit connects again by itself.
const AFTER_MS = 1500; // a short gap, such as a change from Wi-Fi to mobile data, is nobody's concern
const THEIR_WORDS = /streamlit run|Is Streamlit still running|Streamlit server is not responding|Cannot connect to Streamlit/;

const note = Object.assign(document.createElement("div"), { className: "front-away", hidden: true });
note.setAttribute("role", "alert");
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
let met = false; // it was connected once

function say() {
  const theirs = document.querySelector("meta[name=front-words]");
  const words = theirs instanceof HTMLElement ? theirs.dataset : {}; // in the visitor's language; none for English
  note.textContent = navigator.onLine
    ? words.away ?? "This server cannot be reached right now. What you did stays on this page; it goes on by itself as soon as the server is back."
    : words.offline ?? "You are offline. What you did stays on this page; it goes on by itself as soon as you are online again.";
  note.hidden = false;
}

function connected() {
  clearTimeout(waiting);
  waiting = undefined;
  note.hidden = true;
}

function look() {
  const state = document.querySelector("[data-testid=stApp]")?.getAttribute("data-test-connection-state");
  if (state === "CONNECTED") {
    met = true;
    connected();
  } else if (state && (met || closeTheirs())) {
    closeTheirs();
    waiting ??= setTimeout(say, met ? AFTER_MS : 0);
  }
}

/** Put Streamlit's own dialog away: it would cover the page. @returns {boolean} whether there was one */
function closeTheirs() {
  for (const dialog of document.querySelectorAll("[role=dialog]")) {
    if (!THEIR_WORDS.test(dialog.textContent ?? "")) continue;
    const close = dialog.querySelector("button[aria-label=Close]");
    if (close instanceof HTMLElement) close.click();
    return true;
  }
  return false;
}

document.body.append(note);
new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-test-connection-state"] });
addEventListener("offline", look);
addEventListener("online", () => { if (!note.hidden) say(); });
