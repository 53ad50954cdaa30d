// Photos that wait on this device until the person has covered what nobody should see. Loaded where that was asked for.

import { button, make, setText } from "./elements.js";
import { speakerOf } from "./cover_words.js";

/** A line above the photos, and the button that lets them go. @param {import("./view.js").View} view */
export async function wait(view) {
  if (view.waiting) return; // asked for twice before it had loaded
  view.waiting = () => {};
  const speaker = await speakerOf(view.queue.speaker), told = make("p", { textContent: speaker.say("held") });
  const go = button("", "main", () => view.queue.hold(view.queue.holds, false));
  const bar = make("div", { className: "held", hidden: true }, told, go);
  view.list.before(bar);
  view.waiting = () => {
    const held = view.queue.held ? view.queue.photos.filter((photo) => photo.state === "ready") : [];
    bar.hidden = !held.length;
    if (held.length) setText(go, speaker.say("uploadNow", { what: view.queue.speaker.contents(held) }));
  };
  view.waiting();
}
