// The worker's door: one job in, one answer out.

import { Refusal, cleanPhoto, peek, show } from "./clean.js";

/** @param {MessageEvent<{number: number, job: "peek" | "clean" | "show", file: File, limits: import("./clean.js").Limits, edit: import("./edit.js").Edit | null}>} event */
self.onmessage = async ({ data: { number, job, file, limits, edit } }) => {
  try {
    const answer = job === "peek" ? await peek(file) : job === "show" ? await show(file) : await cleanPhoto(file, limits, edit);
    self.postMessage({ number, answer }, { transfer: answer && "bitmap" in answer ? [answer.bitmap] : [] });
  } catch (error) {
    const refused = error instanceof Refusal;
    self.postMessage({ number, problem: error instanceof Error ? error.message : String(error), refused, values: refused ? error.values : {} });
  }
};
