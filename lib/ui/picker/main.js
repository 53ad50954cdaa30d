// The component's door: Streamlit calls this at every run of the page.

const queues = new Map(); // one for each key: uploads go on while another page of the app is looked at
const views = new WeakMap();

export default function (call) {
  try {
    return start(call);
  } catch (error) {
    console.error(error);
    call.setTriggerValue("broken", Date.now()); // the page puts another picker in this one's place
  }
}

function start({ data, parentElement, setStateValue, setTriggerValue }) {
  const queue = queues.get(data.key) ?? new Queue(data.key);
  queues.set(data.key, queue);
  let view = views.get(parentElement);
  if (!view || view.queue !== queue) {
    view?.close();
    view = new View(parentElement, queue, {});
    views.set(parentElement, view);
    queue.said = ""; // a fresh page has not been told yet
  }
  Object.assign(view.port, { setStateValue, setTriggerValue });
  queue.configure(data);
  view.render();
  queue.changed();
  return () => {
    views.get(parentElement)?.close();
    views.delete(parentElement);
  };
}
