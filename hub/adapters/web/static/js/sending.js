/** Forms that hold what somebody has typed: sent once, and only while the hub is there to take them. */

import { signedIn } from "./api.js";
import { setAttribute, setText } from "./dom.js";
import { t } from "./texts.js";

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
