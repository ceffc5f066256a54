/** The keyboard's short ways; never while somebody types a text or a dialog is open, and never with Ctrl or Alt. */

import { addTime, end, suspend } from "./acts.js";
import { focusBoard, postInFocus } from "./board.js";
import { byId } from "./dom.js";
import { clearFilter } from "./filter.js";
import { preference } from "./preferences.js";
import { sessionAt } from "./room.js";
import { t } from "./texts.js";
import { toast, undoNewest } from "./toast.js";

const PLUS_S = 900;
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

/** @param {{newCode: () => void, message: (post_id: string) => void}} on */
export function startKeys(on) {
  const may_act = document.body.dataset.mayAct === "true";
  const letters = preference("letters", true);
  const help = byId("help");
  byId("help-open").addEventListener("click", () => help.showModal());
  const tick = byId("letters");
  tick.checked = letters.on;
  tick.addEventListener("change", () => letters.set(tick.checked));
  /** @type {Record<string, () => unknown>} */
  const acts = {
    "/": () => byId("filter").focus(),
    "?": () => help.showModal(),
    ...(may_act ? {
      u: undoNewest,
      n: on.newCode,
      "+": () => onStay((id) => addTime(id, PLUS_S)),
      p: () => onStay(suspend),
      e: () => onStay(end),
      m: () => onPost((post) => on.message(post.id)),
    } : {}),
  };
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape" && target.id === "filter") {
      clearFilter();
      focusBoard();
    }
    if (target.closest("input, select, textarea, dialog")) return;
    const act = ARROWS.includes(event.key) && target === document.body ? focusBoard : letters.on && acts[event.key];
    if (!act || event.repeat) return;
    event.preventDefault();
    act();
  });
}

/**
 * Act on the post in focus; without one, show which it would be, and do nothing yet.
 * @param {(post: import("./room.js").Post) => unknown} act
 */
function onPost(act) {
  const post = postInFocus();
  if (post) act(post);
  else focusBoard();
}

/** @param {(session_id: string) => unknown} act */
function onStay(act) {
  onPost((post) => {
    const session = sessionAt(post);
    if (session?.status === "active" && !session.pending_action) act(session.id);
    else toast(t("No session runs at {post}.", { post: post.name }));
  });
}
