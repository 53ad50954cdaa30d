// The worker's door: one job in, one answer out.
self.onmessage = async ({ data: { number, job, file, limits } }) => {
  try {
    const answer = job === "peek" ? await peek(file) : await cleanPhoto(file, limits);
    self.postMessage({ number, answer });
  } catch (error) {
    self.postMessage({ number, refused: error instanceof Refusal, problem: error.message });
  }
};
