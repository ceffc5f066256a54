/** What pages of forms and paper do beyond plain links: each part starts where its page has a place for it. */

import { startAwaiting } from "./awaiting.js";
import { copy } from "./copying.js";
import { byId } from "./dom.js";
import { startPatrons } from "./patrons.js";
import { startPresent } from "./present.js";
import { startSending } from "./sending.js";

/**
 * @template {HTMLElement} E
 * @param {string} selector
 * @param {(node: E) => void} start
 */
function each(selector, start) {
  document.querySelectorAll(selector).forEach((node) => start(/** @type {E} */ (node)));
}

// Whoever filled in a form that came back goes on where it is wrong.
/** @type {HTMLElement | null} */ (document.querySelector('[aria-invalid="true"]'))?.focus();
// What the last form has done is told once: not again by a reload, or on the way back.
const told = new URL(location.href);
if (told.searchParams.has("said")) {
  told.searchParams.delete("said");
  history.replaceState(null, "", told);
}
startPresent();
startSending();
each("[data-find-users]", startPatrons);
each("[data-awaited]", startAwaiting);
each("#new-code #minutes", (/** @type {HTMLInputElement} */ field) => {
  const other = /** @type {HTMLInputElement} */ (field.form?.querySelector('[name="duration_s"][value=""]'));
  field.addEventListener("input", () => {
    if (field.value) other.checked = true;
  });
  other.addEventListener("change", () => field.focus());
});
each("[data-copy]", (button) => {
  const shown = byId(button.dataset.copy ?? "");
  const told = /** @type {HTMLElement} */ (document.querySelector("[data-copied]"));
  button.hidden = false;
  button.addEventListener("click", () => copy(shown.dataset.code ?? "", shown, told));
});
each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  if (location.hash === "#print") window.print();
});
