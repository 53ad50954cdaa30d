// Subscribes this browser to messages of this server, when its owner presses the button, and tells the page where they
// go. Nothing is asked before that.

/** @typedef {{worker: string, keys: string[], label: string, labels: Record<string, string>}} Told */

/** @param {ArrayBuffer | null | undefined} bytes */
const written = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0)))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** @param {string} text */
const read = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

/** @param {ServiceWorkerRegistration} registration */
async function active(registration) {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!worker || worker.state === "activated") return;
  await new Promise((done, fail) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") done(undefined);
      if (worker.state === "redundant") fail(new Error("redundant"));
    });
  });
}

/** What keeps this browser from showing messages; empty where nothing does. */
function hindrance() {
  if (!window.isSecureContext) return "not_secure";
  if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) return "";
  return /iPhone|iPad|Macintosh.*Mobile/.test(navigator.userAgent) ? "home_screen" : "not_here";
}

/** @param {Told} told */
async function subscribe({ worker, keys }) {
  const registration = await navigator.serviceWorker.register(new URL(worker, document.baseURI));
  await active(registration);
  let found = await registration.pushManager.getSubscription();
  if (found && !keys.includes(written(found.options.applicationServerKey))) {
    await found.unsubscribe(); // made with a key that this server no longer knows
    found = null;
  }
  found ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: read(keys[0]) });
  const { endpoint, keys: own } = found.toJSON();
  return JSON.stringify({ endpoint, keys: own, key: written(found.options.applicationServerKey) || keys[0] });
}

/** @param {{data: Told, parentElement: Element | ShadowRoot, setTriggerValue: (name: string, value: string) => void}} call */
export default function ({ data, parentElement: root, setTriggerValue }) {
  const button = /** @type {HTMLButtonElement} */ (root.querySelector("button"));
  const said = /** @type {HTMLElement} */ (root.querySelector(".said"));
  /** @type {HTMLElement} */ (button.querySelector("span")).textContent = data.label;
  const hindered = hindrance();
  button.hidden = Boolean(hindered);
  if (hindered) said.textContent = data.labels[hindered];
  button.onclick = async () => {
    button.disabled = true;
    said.textContent = "";
    try {
      if ((await Notification.requestPermission()) === "granted") setTriggerValue("subscribed", await subscribe(data));
      else said.textContent = data.labels.denied;
    } catch (error) {
      console.warn("push:", error instanceof Error ? error.name : error);
      said.textContent = data.labels.failed;
    } finally {
      button.disabled = false;
    }
  };
}
