/** Forms: sent once, and those that hold much that somebody has typed only while the hub is there to take them. */

import { signedIn } from "./api.js";
import { setAttribute, setText } from "./dom.js";
import { t } from "./texts.js";

/** Within this time a second click is the same click; later it is a wish of its own, as for a file once more. */
const ONE_CLICK_MS = 2_000;

/** @param {HTMLFormElement} form with a line `[data-refused]` in it */
export function startSending(form) {
  const line = /** @type {Element} */ (form.querySelector("[data-refused]"));
  let underway = false;
  /** @param {string} text */
  const complain = (text) => {
    setText(/** @type {Element} */ (line.querySelector("span")), text);
    setAttribute(line, "hidden", !text);
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (underway) return;
    underway = true;
    complain("");
    if ((await signedIn()) === "unreachable") {
      complain(t("The hub cannot be reached. What you have typed stays here: send it again in a moment."));
      underway = false;
    } else {
      form.submit();
    }
  });
  // A page that the browser has kept comes back as it was left: in the middle of sending.
  window.addEventListener("pageshow", () => {
    underway = false;
  });
}

/** Whoever clicks twice means once, also on a form that has come to the page since. */
export function startSendingOnce() {
  /** @type {WeakMap<EventTarget, number>} */
  const sent_at = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.method !== "post" || "careful" in form.dataset) return;
    const at = performance.now();
    if (at - (sent_at.get(form) ?? -Infinity) < ONE_CLICK_MS) event.preventDefault();
    else sent_at.set(form, at);
  });
}
