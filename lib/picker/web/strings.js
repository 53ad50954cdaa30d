// Every word that a person reads in the picker, in English. A page passes its own language as `strings`: any of these
// names; what is missing stays English. {name} is filled in; where a number decides, there is one form for each of
// the language's plurals (Intl.PluralRules).

/** @typedef {string | Record<string, string>} Words */

/** @type {Record<string, Words>} */
export const ENGLISH = {
  language: "en",
  choose: "Choose photos",
  more: "Add more photos",
  camera: "Take a photo",
  hint: "Up to {n} photos; drop or paste them too. Where they were taken is removed on this device, before anything is sent.",
  hintAttach: "Up to {n} photos. They are cleaned on this device and are not uploaded.",
  yourPhotos: "Your photos",
  orderHint: "Drag to change the order. Tap a photo for what was found inside.",
  orderKeys: "The arrow keys walk. Alt and an arrow key moves a photo, Enter opens it, Delete removes it.",
  allPhotos: "All photos",
  photos: { one: "{n} photo", other: "{n} photos" },
  videos: { one: "{n} video", other: "{n} videos" },
  andVideos: { one: "a video", other: "{n} videos" },
  both: "{photos} and {videos}",
  kilobytes: "{n} kB",
  megabytes: "{n} MB",
  ready: "{what} ready.",
  cleanReady: "{what} clean and ready.",
  uploadedOf: "{done} of {what} uploaded",
  cleanOf: "{done} of {what} clean",
  bytesOf: "{done} of {all}",
  became: "{before} became {after}.",
  notUploaded: "{what} ready, {n} not uploaded.",
  notCleaned: { one: "{n} not cleaned yet: see below.", other: "{n} not cleaned yet: see below." },
  offlineNow: "You are offline; it goes on by itself.",
  onServer: "Made smaller on our server, because this browser cannot do it right: {names}.",
  tryAll: "Try all again",
  tryAgain: "Try again",
  ok: "OK",
  undo: "Undo",
  removed: "Removed {name}",
  removedSaid: "{name} removed. Undo is below.",
  backSaid: "{name} is back.",
  movedSaid: "{name} is now photo {at} of {n}.",
  place: "photo {at} of {n}",
  earlier: "Move earlier",
  later: "Move later",
  remove: "Remove",
  cover: "Cover and crop",
  holds: "Upload only after I covered things",
  save: "Save",
  close: "Close",
  full: { one: "{most} photos fit. One was not added: {names}", other: "{most} photos fit. {n} were not added: {names}" },
  again: { one: "The page was loaded again before this photo had arrived. Please choose again: {names}", other: "The page was loaded again before these photos had arrived. Please choose again: {names}" },
  brokenPicker: "The picker stopped working in this browser. Reload the page, or use the simple upload page.",
  // What became of a photo
  cleaning: "Cleaning on this device …",
  waiting: "waiting",
  checking: "checking",
  uploading: "uploading",
  lost: "connection lost, trying again",
  offline: "offline, goes on by itself",
  uploaded: "uploaded",
  uploadedEarlier: "uploaded earlier",
  clean: "clean",
  stillFormat: "clean, still {format}",
  notCleanedYet: "not cleaned",
  video: "Video, {n} s",
  // Why a file was not taken
  empty: "{name} is empty.",
  tooLarge: "{name} is {size}; the limit is {limit} a photo.",
  noPhoto: "{name} is not a photo. Passalong takes JPEG, PNG, WebP, HEIC, AVIF, GIF, BMP and TIFF photos.",
  cutOff: "{name} is cut off: the file ends in the middle of the picture.",
  broken: "{name} is broken, or too large for this device to open.",
  another: "Choose another file.",
  simplePage: "The simple upload page can try it on our server.",
  unreadable: "{name} could not be read on this device.",
  unreadableFix: "Close other apps and try once more, or use the simple upload page.",
  notTaken: "The server did not take {name}.",
  serverTrouble: "The server could not take it.",
  serverTroubleFix: "Wait a moment, then try again.",
  noReturn: "The clean copy did not come back.",
  noReturnFix: "Check the connection, then try again.",
  waitedTooLong: "These photos have waited too long and were cleared.",
  waitedTooLongFix: "Reload the page and choose them again.",
  // What was found inside
  locationRemoved: "Location removed",
  locationFound: "Location found",
  thingsRemoved: { one: "{n} hidden thing removed", other: "{n} hidden things removed" },
  thingsFound: { one: "{n} hidden thing found", other: "{n} hidden things found" },
  nothingFound: "Nothing private was found inside.",
  removedHere: "Removed on this device.",
  removedHereBefore: "Removed on this device, before anything was sent.",
  notRemovedYet: "Not removed yet.",
  removedThere: "Removed on our server: this browser could not do it.",
  removedEarlier: "removed on your device",
  elsewhere: "This browser cannot open this {format} photo right, so the picture itself is made smaller on our server.",
  madeThere: "Made a JPEG on our server, where no copy is kept.",
  photo: "",
  drawing: "A screenshot or drawing: kept {width} × {height}, so that its words stay readable.",
  long: "A long picture: kept {width} × {height}, so that its words stay readable.",
  panorama: "A panorama: kept {width} × {height}, so that it stays sharp when somebody zooms in.",
  white: "Transparent parts are white now.",
  glow: "The extra brightness (HDR) is left out; the colours stay.",
  frames: "Only the first of {n} frames was kept.",
  // What cannot be done here, where nothing is uploaded by itself
  stuck: "This browser cannot open this {format} photo. Hidden data is removed, but the picture stays {format}, which some apps do not take.",
  stuckClosed: "This browser cannot open this {format} photo and could not clean it.",
  offer: "Our server can make it a JPEG. Only this photo is uploaded, and deleted there at once.",
  offerNot: "Use Create a link for this one.",
  makeJpeg: "Make it a JPEG on our server",
  // Handing over
  share: "Share {what}",
  shareWithout: "Share {what} without a link",
  saveAll: "Save {what}",
  savedAll: "{what} saved. Attach them from your gallery or downloads.",
  cannotShare: { one: "{names} cannot be shared from this browser: save it, or see below.", other: "{names} cannot be shared from this browser: save them, or see below." },
  onceMore: "Ready. Tap once more.",
  shared: "Shared.",
  shareFailedAttach: "Sharing did not work. Save the photos instead, then attach them.",
  shareFailed: "Sharing did not work. Create a link instead.",
  // Kinds of hidden data
  kind_position: "Where it was taken", kind_owner: "People", kind_serial: "Serial numbers", kind_time: "When", kind_device: "Camera or phone", kind_lens: "Lens",
  kind_preview: "Hidden preview", kind_trailer: "Behind the picture", kind_credentials: "Content Credentials", kind_caption: "Caption", kind_comment: "Comment", kind_text: "Text",
  kind_software: "Software", kind_maker_note: "Maker's notes", kind_xmp: "XMP data", kind_iptc: "Press data", kind_profile: "Colour profile", kind_other: "Other",
};

/** The kinds, most telling first. */
export const KINDS = Object.keys(ENGLISH).filter((name) => name.startsWith("kind_")).map((name) => name.slice(5));

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name within a sentence: one that runs from right to left must not turn the words around it. @param {string} name */
export const isolated = (name) => (RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name);

/** Says the sentences of one language. */
export class Speaker {
  /** @param {Record<string, Words>} [strings] */
  constructor(strings = {}) {
    this.strings = { ...ENGLISH, ...strings };
    const language = String(this.strings.language);
    this.plurals = new Intl.PluralRules(language);
    this.list = new Intl.ListFormat(language, { type: "unit", style: "short" });
    this.format = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  }

  /** @param {string} name @param {Record<string, string | number>} [values] `n` chooses the plural */
  say(name, values = {}) {
    const text = this.strings[name] ?? name;
    const chosen = typeof text === "string" ? text : (text[this.plurals.select(Number(values.n ?? 1))] ?? text.other ?? "");
    return chosen.replace(/\{(\w+)\}/g, (whole, key) => {
      const value = values[key] ?? whole;
      return typeof value === "number" ? this.format.format(value) : value;
    });
  }

  /** @param {number} bytes */
  size(bytes) {
    if (bytes < 1e6) return this.say("kilobytes", { n: Math.max(1, Math.round(bytes / 1000)) });
    return this.say("megabytes", { n: new Intl.NumberFormat(String(this.strings.language), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(bytes / 1e6) });
  }

  /** "3 photos", "1 video", "3 photos and a video". @param {{video?: boolean}[]} list */
  contents(list) {
    const videos = list.filter((one) => one.video).length, rest = list.length - videos;
    if (!videos) return this.say("photos", { n: rest });
    if (!rest) return this.say("videos", { n: videos });
    return this.say("both", { photos: this.say("photos", { n: rest }), videos: this.say("andVideos", { n: videos }) });
  }

  /** Names in a row, within a sentence. @param {string[]} names */
  names(names) {
    return names.map(isolated).join(", ");
  }
}
