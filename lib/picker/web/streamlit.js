// The picker as a Streamlit component: told by the page's runs, and telling the page.

import { mount } from "./mount.js";

/** What the component's script gets at every run (st.components.v2).
 * @typedef {{data: any, parentElement: HTMLElement | ShadowRoot, setStateValue: (name: string, value: unknown) => void, setTriggerValue: (name: string, value: unknown) => void}} Call */

/** @type {WeakMap<object, {key: string, picker: import("./mount.js").Picker}>} */
const mounted = new WeakMap();

/** @param {Call} call @returns {() => void} */
export function run({ data, parentElement, setStateValue, setTriggerValue }) {
  const options = {
    mode: data.mode, key: data.key, base: data.api_base, ticket: data.ticket, maxPhotos: data.max_photos, maxBytes: data.max_bytes, maxSide: data.max_side,
    attachPhotos: data.attach_photos, sharePhotos: data.share_photos, offersServer: data.offers_server, problem: data.problem, changes: data.changes, language: data.language,
    onState: (/** @type {unknown} */ state) => setStateValue("state", state),
    onTicket: () => setTriggerValue("ticket", Date.now()),
    onBroken: () => setTriggerValue("broken", Date.now()),
  };
  const known = mounted.get(parentElement);
  if (known?.key === data.key) known?.picker.update(options);
  else {
    known?.picker.close();
    mounted.set(parentElement, { key: data.key, picker: mount(parentElement, options) });
  }
  return () => {
    mounted.get(parentElement)?.picker.close();
    mounted.delete(parentElement);
  };
}
