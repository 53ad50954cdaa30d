// The worker's door: one job in, one answer out.

import { Refusal, cleanPhoto, peek } from "./clean.js";

/** @param {MessageEvent<{number: number, job: "peek" | "clean", file: File, limits: import("./clean.js").Limits}>} event */
self.onmessage = async ({ data: { number, job, file, limits } }) => {
  try {
    self.postMessage({ number, answer: job === "peek" ? await peek(file) : await cleanPhoto(file, limits) });
  } catch (error) {
    const refused = error instanceof Refusal;
    self.postMessage({ number, problem: error instanceof Error ? error.message : String(error), refused, values: refused ? error.values : {} });
  }
};
