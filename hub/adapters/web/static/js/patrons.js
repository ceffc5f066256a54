/** Looking for a user by name or card, as one types; those found are choices beside "nobody". */

import { get, Refused } from "./api.js";
import { byId, el, setText } from "./dom.js";
import { t, tn } from "./texts.js";

const PAUSE_MS = 250;
const MOST = 8;

/** @param {HTMLElement} field around the search */
export function startPatrons(field) {
  const search = byId("user-q");
  let waiting = 0;
  field.hidden = false;
  search.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(look, PAUSE_MS);
  });
  // Enter looks at once; it must not send the form.
  search.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    window.clearTimeout(waiting);
    look();
  });
}

async function look() {
  const words = byId("user-q").value.trim();
  if (!words) return offer([], "");
  try {
    const found = await get(`/users?${new URLSearchParams({ q: words, page_size: String(MOST) })}`);
    if (byId("user-q").value.trim() !== words) return undefined;
    const more = found.total > found.items.length ? t("The first {n} are shown.", { n: found.items.length }) : "";
    const text = found.total ? tn("{n} user found.", "{n} users found.", found.total) : t("Nobody is called so.");
    return offer(found.items, `${text} ${more}`.trim());
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return offer([], error.message);
  }
}

/**
 * Whoever is chosen stays among the choices.
 * @param {{id: string, display_name: string, card_number: string | null, blocked: boolean}[]} found
 * @param {string} told
 */
function offer(found, told) {
  const box = byId("users");
  const kept = [...box.children].filter((one, at) => at === 0 || one.querySelector("input").checked);
  const ids = new Set(kept.map((one) => one.querySelector("input").value));
  const others = found.filter((user) => !ids.has(user.id)).map(choiceOf);
  box.replaceChildren(...kept, ...others);
  setText(byId("user-told"), told);
}

/** @param {{id: string, display_name: string, card_number: string | null, blocked: boolean}} user */
function choiceOf(user) {
  const hints = [user.card_number, user.blocked ? t("blocked") : null].filter(Boolean).join(" · ");
  return el("label", {},
    el("input", { type: "radio", name: "user_id", value: user.id, disabled: user.blocked }),
    el("span", { text: user.display_name }), hints ? el("span", { class: "hint", text: hints }) : null);
}
