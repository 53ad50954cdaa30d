// Workers that clean photos, as many as this device has cores; on the page itself where there are none.

/** @typedef {import("./clean.js").Limits} Limits */
/** @typedef {import("./clean.js").Cleaned} Cleaned */
/** @typedef {import("./edit.js").Edit} Edit */
/** @typedef {{number: number, name: "peek" | "clean" | "show", file: File, limits: Limits, edit: Edit | null, done: (answer: any) => void, failed: (error: Error) => void, slot?: Slot, clock?: ReturnType<typeof setTimeout>}} Job */
/** @typedef {{worker: Worker, job: Job | null}} Slot */

const LIMIT_WORKERS = 4; // more wait for memory, not for each other
const LIMIT_BYTES = 30_000_000; // of originals in work at the same time: four photos of 12 megapixels, or one of 200
const CLEANING_S = 90; // the largest photo on a slow phone, with room

/** A file that is no photo, or one that cannot be used. Its reason is the name of a sentence in strings.js. */
export class NotTaken extends Error {
  /** @param {string} name @param {Record<string, string | number>} values */
  constructor(name, values) {
    super(name);
    this.values = values;
  }
}

export class Cleaner {
  /** @param {number} [size] how many workers at most; by itself as many as there are cores */
  constructor(size) {
    this.size = Math.max(1, Math.min(LIMIT_WORKERS, size ?? (navigator.hardwareConcurrency || 2)));
    /** @type {Slot[]} */
    this.slots = [];
    /** @type {Job[]} */
    this.waiting = [];
    this.number = 0;
    this.proved = false; // whether a worker has ever answered here
  }

  /** Load the worker's script before it is needed. */
  warm() {
    if (!this.slots.length) this.#start();
  }

  #start() {
    try {
      /** @type {Slot} */
      const slot = { worker: new Worker(new URL("worker.js", import.meta.url), { type: "module" }), job: null };
      slot.worker.onmessage = ({ data }) => this.#answered(slot, data);
      slot.worker.onerror = (event) => {
        event.preventDefault();
        this.#lost(slot);
      };
      this.slots.push(slot);
      return slot;
    } catch {
      return null;
    }
  }

  /** @param {Slot} slot */
  #lost(slot) {
    slot.worker.terminate();
    this.slots = this.slots.filter((one) => one !== slot);
    clearTimeout(slot.job?.clock);
    slot.job?.failed(new Error("worker"));
    this.#next();
  }

  /** @param {Slot} slot @param {{number: number, answer?: unknown, problem?: string, refused?: boolean, values?: Record<string, string | number>}} answer */
  #answered(slot, { number, answer, problem, refused, values }) {
    const { job } = slot;
    if (job?.number !== number) return;
    clearTimeout(job.clock);
    slot.job = null;
    this.proved = true;
    if (problem === undefined) job.done(answer);
    else job.failed(refused ? new NotTaken(problem, values ?? {}) : new Error(problem));
    this.#next();
  }

  #next() {
    while (this.waiting.length) {
      const [job] = this.waiting, busy = this.slots.flatMap((slot) => slot.job ?? []);
      const bytes = busy.reduce((sum, one) => sum + (one.name === "clean" ? one.file.size : 0), 0);
      if (bytes && job.name === "clean" && bytes + job.file.size > LIMIT_BYTES) return;
      const slot = this.slots.find((one) => !one.job) ?? (this.slots.length < this.size ? this.#start() : null);
      if (!slot && !this.slots.length) return void this.#onPage();
      if (!slot) return;
      this.waiting.shift();
      slot.job = job;
      job.clock = setTimeout(() => this.#lost(slot), CLEANING_S * 1000);
      slot.worker.postMessage({ number: job.number, job: job.name, file: job.file, limits: job.limits, edit: job.edit });
    }
  }

  async #onPage() {
    const { peek, show } = await import("./clean.js");
    const work = (/** @type {Job} */ { name, file, limits, edit }) => (name === "peek" ? peek(file) : name === "show" ? show(file) : cleanHere(file, limits, edit));
    for (const job of this.waiting.splice(0)) work(job).then(job.done, job.failed);
  }

  /** @param {Job["name"]} name @param {File} file @param {Limits} limits @param {Edit | null} [edit] @returns {Promise<any>} */
  run(name, file, limits, edit = null) {
    return new Promise((done, failed) => {
      /** @type {Job} */
      const job = { number: ++this.number, name, file, limits, edit, done, failed };
      // A look at the small preview never waits behind a photo that has to be decoded.
      if (name !== "clean") this.waiting.unshift(job);
      else this.waiting.push(job);
      this.#next();
    });
  }

  /** The camera's own small preview, or null. @param {File} file @param {Limits} limits @returns {Promise<Blob | null>} */
  peek(file, limits) {
    return this.run("peek", file, limits).catch(() => null);
  }

  /** Clean one photo, covered and cropped where it has an edit. Throws `NotTaken` for what is no photo.
   * @param {File} file @param {Limits} limits @param {Edit | null} [edit] @returns {Promise<Cleaned>} */
  async clean(file, limits, edit = null) {
    /** @type {Cleaned | null} */
    let answer = null;
    try {
      answer = await this.run("clean", file, limits, edit);
    } catch (error) {
      // A worker that has worked before was ended by this photo: on the page it would take the page with it.
      if (error instanceof NotTaken || this.proved) throw error;
    }
    // Some browsers read more on the page than in a worker (HEIC and TIFF in older Safari).
    return answer?.decoded ? answer : cleanHere(file, limits, edit);
  }
}

/** @param {File} file @param {Limits} limits @param {Edit | null} edit */
async function cleanHere(file, limits, edit) {
  const { Refusal, cleanPhoto } = await import("./clean.js");
  try {
    return await cleanPhoto(file, limits, edit);
  } catch (error) {
    throw error instanceof Refusal ? new NotTaken(error.message, error.values) : error;
  }
}
