// Copy, or the system's own share sheet where there is one. Photos are fetched and shared as files.

const COPIED_S = 4; // how long a button says so

async function copy(words, root) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    // No clipboard without https: the old way, by selecting.
    const box = Object.assign(document.createElement("textarea"), { value: words, readOnly: true });
    box.style.cssText = "position:fixed;opacity:0";
    root.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
}

async function fetchFiles(urls) {
  return Promise.all(urls.map(async (url, at) => {
    const response = await fetch(url, { credentials: "same-origin" });
    if (!response.ok) throw new Error("gone");
    const blob = await response.blob();
    const extension = { "image/png": "png", "video/mp4": "mp4" }[blob.type] ?? "jpg";
    const stem = extension === "mp4" ? "photos" : `photo-${at + 1}`;
    return new File([blob], `${stem}.${extension}`, { type: blob.type });
  }));
}

export default function ({ data, parentElement: root }) {
  const find = (name) => root.querySelector(name);
  const said = find(".said"), send = find(".send"), copyLink = find(".copy-link"), copyAll = find(".copy-all");
  const say = (words) => { said.textContent = words; };
  const files = data.video || data.urls.length > 0;
  const urls = () => (data.video ? [...document.querySelectorAll("video")].map((one) => one.currentSrc || one.src).slice(0, 1) : data.urls);
  find(".send-words").textContent = data.label;
  copyLink.hidden = !data.link;
  copyAll.hidden = !data.link || data.text === data.link || !data.text;
  send.hidden = typeof navigator.share !== "function" && !files;
  send.classList.add("main");
  copyLink.classList.toggle("main", send.hidden);

  const copying = (button, words) => async () => {
    const done = await copy(words, root);
    const label = button.querySelector("span");
    const before = (button.dataset.words ??= label.textContent);
    label.textContent = done ? "Copied" : before;
    say(done ? "Copied. Paste it into the chat, alone in its own message." : "This browser does not allow copying. Press and hold the link above, then copy.");
    clearTimeout(button.clock);
    button.clock = setTimeout(() => { label.textContent = before; }, COPIED_S * 1000);
  };
  copyLink.onclick = copying(copyLink, data.link);
  copyAll.onclick = copying(copyAll, data.text);

  const shared = async (what) => {
    try {
      await navigator.share(what);
      say("Shared.");
    } catch (error) {
      if (error.name === "AbortError") say(""); // the person closed the sheet
      else if (error.name === "NotAllowedError" && what.files) say("Ready. Tap Share once more.");
      else say(data.link ? "Sharing did not work here. Copy the link instead." : "Sharing did not work here. Save the file instead.");
    }
  };
  // The message usually holds the link already: it is not sent twice.
  const message = data.text.includes(data.link) ? { text: data.text } : { text: data.text, url: data.link };
  send.onclick = async () => {
    if (!files) return shared(message);
    send.disabled = true;
    try {
      // Fetched once: a second tap, needed where fetching took too long for the first, shares at once.
      const wanted = urls(), name = JSON.stringify(wanted);
      if (send.dataset.urls !== name) Object.assign(send, { files: null }).dataset.urls = name;
      const ready = (send.files ??= await fetchFiles(wanted));
      if (navigator.canShare?.({ files: ready })) await shared({ files: ready });
      else {
        for (const file of ready) {
          const url = URL.createObjectURL(file);
          Object.assign(document.createElement("a"), { href: url, download: file.name }).click();
          setTimeout(() => URL.revokeObjectURL(url), 60_000);
          await new Promise((done) => setTimeout(done, 300)); // browsers drop downloads that come all at once
        }
        say("Saved. Attach from your gallery or downloads.");
      }
    } catch {
      say("The photos could not be fetched. Check the connection, then try again.");
    } finally {
      send.disabled = false;
    }
  };
}
