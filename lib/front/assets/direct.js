// Say where the server is, so that Streamlit opens its line at once: without it, a page such as /create asks for
// /create/_stcore/health and waits for two answers "not found" before it looks in the right place.
const here = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "";
if (here && !("__streamlit" in window)) {
  const server = new URL("..", here).href;
  Object.assign(window, { __streamlit: { BACKEND_BASE_URL: server, HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false } } });
}
