// The service worker of the app: shows what this server tells a sender, and leads to My links. It keeps no page and
// answers no request.

const worker = /** @type {any} */ (self);
const at = (/** @type {string} */ path) => new URL(path, worker.location.href).href;

/** @param {{title?: string, text?: string, tag?: string}} told */
const show = (told) =>
  worker.registration.showNotification(told.title || "Passalong", {
    body: told.text || "",
    tag: `${told.title}\n${told.tag}`, // the same news of one album replaces what is there
    icon: at("../icons/icon-192.png"),
  });

worker.addEventListener("push", (/** @type {any} */ event) => {
  event.waitUntil(show(event.data?.json() ?? {}));
});

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(lead());
});

async function lead() {
  const links = at("../links");
  /** @type {{url: string, focus: () => Promise<any>}[]} */
  const open = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = open.find((one) => one.url.split(/[?#]/)[0] === links);
  return there ? there.focus() : worker.clients.openWindow(links);
}
