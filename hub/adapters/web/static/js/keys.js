/** The keyboard's short ways; never while somebody types a text, and never with Ctrl or Alt. */

import { focusBoard } from "./board.js";
import { byId } from "./dom.js";
import { takeNewestOffer } from "./toast.js";

/** @param {() => void} newCode */
export function startKeys(newCode) {
  const may_act = document.body.dataset.mayAct === "true";
  const help = byId("help");
  byId("help-open").addEventListener("click", () => help.showModal());
  /** @type {Record<string, () => void>} */
  const acts = {
    "/": () => byId("filter").focus(),
    "?": () => help.showModal(),
    u: takeNewestOffer,
    ...(may_act ? { n: newCode } : {}),
  };
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape" && target.id === "filter") clearFilter(target);
    if (target.closest("input, select, textarea, dialog") || !(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
  });
}

/** @param {HTMLElement} field */
function clearFilter(field) {
  const input = /** @type {HTMLInputElement} */ (field);
  input.value = "";
  input.dispatchEvent(new Event("input"));
  focusBoard();
}
