// The first look stands in the page from its first byte on. It makes room as soon as the app has drawn its own page.
const look = document.getElementById("front-first");
const root = document.getElementById("root");
const SLOW_MS = 20000; // on the slowest line measured, the app stands after 6 s

/** @returns {boolean} whether the app shows a page, or words of its own that somebody has to read */
function drawn() {
  if (document.querySelector("[data-testid=stDialog]")) return true;
  const page = root?.querySelector("[data-testid=stMain]");
  if (page?.querySelector("[data-testid=stAlert]")) return true;
  if (!page?.querySelector("h1")) return false;
  // Grey bars stand for what is still on its way: this look says more than they do.
  const bars = [...page.querySelectorAll("[data-testid=stSkeleton]")].filter((bar) => bar.getBoundingClientRect().top < innerHeight);
  return bars.length === 0 || performance.now() > SLOW_MS;
}

if (look && root) {
  const makeRoom = () => {
    if (!drawn()) return;
    watch.disconnect();
    look.remove();
  };
  const watch = new MutationObserver(makeRoom);
  watch.observe(root, { childList: true, subtree: true });
  setTimeout(() => {
    makeRoom();
    const wait = look.querySelector(".front-wait");
    if (wait instanceof HTMLElement) wait.textContent = wait.dataset.long ?? "This takes longer than usual. Is the connection slow? The page goes on opening.";
  }, SLOW_MS);
}
