// The first look stands in the page from its first byte on. It makes room as soon as the app has drawn its own page.
const look = document.getElementById("front-first");
const root = document.getElementById("root");
const SLOW_MS = 20000; // on the slowest line measured, the app stands after 6 s

/** @returns {boolean} whether the app shows a page, or words of its own that somebody has to read */
function drawn() {
  return Boolean(root?.querySelector("[data-testid=stMain] h1, [data-testid=stMain] [data-testid=stAlert]") || document.querySelector("[data-testid=stDialog]"));
}

if (look && root) {
  const watch = new MutationObserver(() => {
    if (!drawn()) return;
    watch.disconnect();
    look.remove();
  });
  watch.observe(root, { childList: true, subtree: true });
  setTimeout(() => {
    const wait = look.querySelector(".front-wait");
    if (wait instanceof HTMLElement) wait.textContent = wait.dataset.long ?? "This takes longer than usual. Is the connection slow? The page goes on opening.";
  }, SLOW_MS);
}
