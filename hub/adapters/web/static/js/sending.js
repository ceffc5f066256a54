/** Forms: each is sent once, and only while the hub is there to take it, so that what somebody has typed stays. */

import { signedIn } from "./api.js";
import { byId, copyOf } from "./dom.js";

/** Within this time a second click is the same click; later it is a wish of its own, as for a file once more. */
const ONE_CLICK_MS = 2_000;

export function startSending() {
  /** @type {WeakSet<HTMLFormElement>} */
  let underway = new WeakSet();
  // At the document, also for a form that comes to the page later.
  document.addEventListener("submit", async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.method !== "post") return;
    event.preventDefault();
    if (underway.has(form)) return;
    underway.add(form);
    document.querySelector("[data-refused]")?.remove();
    if ((await signedIn()) === "unreachable") {
      refuse(form);
      underway.delete(form);
    } else {
      form.submit();
      window.setTimeout(() => underway.delete(form), ONE_CLICK_MS);
    }
  });
  // A page that the browser has kept comes back as it was left: in the middle of sending.
  window.addEventListener("pageshow", () => {
    underway = new WeakSet();
  });
}

/**
 * Say beneath a form that nobody took it; beneath the page's heading for one that is in its frame.
 * @param {HTMLFormElement} form
 */
function refuse(form) {
  const [line] = copyOf("refused");
  if (form.closest("main")) form.append(line);
  else byId("main").prepend(line);
  line.scrollIntoView({ block: "nearest" });
}
