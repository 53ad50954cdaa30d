// What becomes of a photo that was covered: made anew from its own pixels, here where that is possible. Loaded with the editor.

import { changes, counted, told } from "./edit.js";

/** @typedef {import("./queue.js").Queue} Queue */
/** @typedef {import("./queue.js").Photo} Photo */
/** @typedef {import("./edit.js").Edit} Edit */
/** @typedef {import("./strings.js").Speaker} Speaker */
/** What was covered: as it can be changed, as numbers for the server, in words; `arrived` once the server has it; `body` is what goes there instead of
 * the bytes: what this device cannot open is covered by the server, before anything of it is kept.
 * @typedef {{edit: Edit, numbers: string, text: string, arrived: () => void, body: (request: XMLHttpRequest, photo: Photo) => FormData | null}} Covered */

/** The picture as it can be covered here, or null where this browser cannot open it. @param {Queue} queue @param {Photo} photo */
export async function picture(queue, photo) {
  const own = photo.decoded && photo.original && (await show(queue, photo.original));
  if (own) return own;
  if (photo.decoded) photo.original = null; // it cannot be read any more: then the server's is covered
  let blob = photo.through ? photo.blob : null;
  if (!blob && photo.id) {
    const response = await fetch(queue.address(`/photos/${photo.id}/full`), { credentials: "same-origin" }).catch(() => null);
    blob = response?.ok ? await response.blob() : null;
  }
  return blob && show(queue, fileOf(photo, blob));
}

/** @param {Queue} queue @param {File} file @returns {Promise<import("./clean.js").Shown | null>} */
async function show({ cleaner, limits }, file) {
  const there = await cleaner.run("show", file, limits).catch(() => null);
  if (there) return there;
  return (await import("./clean.js")).show(file).catch(() => null); // some browsers read more on the page than in a worker
}

/** @param {Photo} photo @param {Blob} blob */
const fileOf = (photo, blob) => new File([blob], photo.name, { type: blob.type });

/** Cover and crop a photo. What was there before is deleted. @param {Queue} queue @param {Photo} photo @param {Edit} edit @param {Speaker} speaker */
export async function cover(queue, photo, edit, speaker) {
  const own = photo.through && photo.blob ? fileOf(photo, photo.blob) : photo.original, before = { ...photo }, unsure = photo.state === "pausing" || photo.state === "failed";
  /** @type {Covered} */
  const covered = { edit, numbers: told(edit), text: edit.covers.length ? speaker.say("covered", { n: edit.covers.length }) : "", arrived: () => withoutVideos(queue, speaker),
    body: (request, { decoded, blob }) => {
      request.setRequestHeader("X-Covered", counted(edit));
      if (decoded || !blob) return null;
      const form = new FormData();
      form.append("edit", covered.numbers);
      form.append("photo", blob, "photo");
      return form;
    } };
  photo.edit = changes(edit) ? covered : null;
  clearTimeout(photo.clock);
  Object.assign(photo, { state: "cleaning", problem: null });
  queue.changed();
  try {
    if (!own) await coverThere(queue, photo, covered);
    else {
      const { blob, width, height, thumbnail, decoded, notes } = await queue.cleaner.clean(own, queue.limits, photo.edit && edit);
      if (unsure) queue.gone.add(photo.key); // it may have arrived as it was
      Object.assign(photo, { blob, width, height, size: blob.size, decoded, shareable: null, original: own, key: queue.newKey(), tries: 0, instead: photo.id ? `&instead_of=${photo.id}` : "",
        notes: notes.map((note) => queue.speaker.say(note.name, note.with)), state: queue.mode === "upload" ? "ready" : queue.onDevice(photo) });
      if (thumbnail) queue.show(photo, thumbnail);
      if (unsure) queue.lookAgain();
    }
  } catch (error) {
    Object.assign(photo, before, { state: before.state === "pausing" ? "ready" : before.state, thumbnail: photo.thumbnail });
    const name = queue.speaker.names([photo.name]), why = error instanceof ServerRefusal ? error.message : "";
    queue.notice([speaker.say(error instanceof Error && error.message === "notCovered" ? "notCovered" : "coverFailed", { name }), why].filter(Boolean).join(" "), "cover");
  }
  queue.changed();
  queue.pump();
}

/** What the server said about it, in its own words. */
class ServerRefusal extends Error {}

/** Only the server has it: the numbers go there. @param {Queue} queue @param {Photo} photo @param {Covered} covered */
async function coverThere(queue, photo, { edit, numbers, text, arrived }) {
  const headers = { "Content-Type": "application/json", "X-Covered": counted(edit) };
  const response = await fetch(queue.address(`/photos/${photo.id}/edit`), { method: "POST", credentials: "same-origin", headers, body: numbers });
  const answer = await response.json().catch(() => null);
  if (!response.ok || !answer?.id) throw new ServerRefusal([answer?.problem?.happened, answer?.problem?.fix].filter(Boolean).join(" "));
  Object.assign(photo, { state: "done", id: answer.id, width: answer.width, height: answer.height, size: answer.size_bytes, shareable: null, edit: null });
  if (text) photo.notes = [text, ...photo.notes.filter((note) => note !== text)];
  queue.show(photo, null);
  arrived();
  await queue.fetchThumbnail(photo);
}

/** Videos showed the photo as it was; the server deleted them. @param {Queue} queue @param {Speaker} speaker */
function withoutVideos(queue, speaker) {
  if (!queue.photos.some((photo) => photo.video)) return;
  queue.photos = queue.photos.filter((photo) => !photo.video);
  queue.untold = true;
  queue.notice(speaker.say("videoGone"), "video");
}

/** Whether this server can look for faces and codes. @param {Queue} queue @returns {Promise<boolean>} */
export async function findsThere(queue) {
  const response = await fetch(queue.address(), { credentials: "same-origin" }).catch(() => null);
  return Boolean(response?.ok && (await response.json()).finds);
}

/** Let the server look for faces and codes in a photo that it has. @param {Queue} queue @param {Photo} photo @returns {Promise<{kind: string, box: number[]}[]>} */
export async function findThere(queue, photo) {
  const response = await fetch(queue.address(`/photos/${photo.id}/find`), { method: "POST", credentials: "same-origin" });
  if (!response.ok) throw new Error("not looked");
  return (await response.json()).found;
}
