/** Short words about what has just happened, with the way back where there is one. */

import { el, icon } from "./dom.js";
import { t } from "./texts.js";

const STAY_MS = 6_000;

/**
 * @typedef {{label: string, act: () => void, undoes?: boolean}} Offer
 * @typedef {{close: () => void, say: (text: string) => void, withdraw: () => void}} Toast
 */

/** The ways back that are still open, the newest last. @type {{toast: Toast, offer: Offer}[]} */
const undos = [];

/**
 * Show a line; it stays as long as its offer holds.
 * @param {string} text
 * @param {{offer?: Offer, stay_ms?: number, tone?: "plain" | "bad" | "call"}} [options]
 * @returns {Toast}
 */
export function toast(text, { offer, stay_ms = STAY_MS, tone = "plain" } = {}) {
  const words = el("p", { text });
  const close = el("button", { type: "button", class: "quiet square", "aria-label": t("Dismiss") }, icon("close"));
  const line = el("div", { class: "toast", "data-tone": tone }, words, close);
  /** @type {Toast} */
  const shown = {
    close: () => {
      withdrawOffer(shown);
      line.remove();
    },
    say: (now) => {
      words.textContent = now;
    },
    withdraw: () => {
      withdrawOffer(shown);
      line.querySelector(".offer")?.remove();
    },
  };
  if (offer) {
    if (offer.undoes) undos.push({ toast: shown, offer });
    close.before(el("button", { type: "button", class: "offer", text: offer.label, onclick: offer.act }));
  }
  close.addEventListener("click", shown.close);
  // Errors interrupt, the rest waits its turn.
  boxIn(document.querySelector("dialog[open]") ?? document.body, tone === "plain" ? "status" : "alert").append(line);
  if (Number.isFinite(stay_ms)) window.setTimeout(shown.close, stay_ms);
  return shown;
}

/**
 * Where lines are shown. An open dialog has a box of its own: nobody sees, hears or reaches what lies beneath it.
 * @param {Element} front
 * @param {string} role
 */
function boxIn(front, role) {
  return /** @type {Element} */ (front.querySelector(`:scope > .toasts > [role="${role}"]`));
}

// What a dialog still says when it is closed is said on.
document.addEventListener("close", ({ target }) => {
  for (const role of ["alert", "status"]) {
    boxIn(document.body, role).append(...boxIn(/** @type {Element} */ (target), role).children);
  }
}, true);

/** Take the newest way back, as the key `u` does; nothing when there is none. */
export function undoNewest() {
  undos.at(-1)?.offer.act();
}

/** @param {Toast} shown */
function withdrawOffer(shown) {
  const at = undos.findIndex((one) => one.toast === shown);
  if (at >= 0) undos.splice(at, 1);
}
