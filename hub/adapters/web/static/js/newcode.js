/** Issue a code: choose a time, read the code out. */

import { issue } from "./acts.js";
import { newKey, Refused } from "./api.js";
import { asDuration } from "./clock.js";
import { aboutOf } from "./codes.js";
import { copy } from "./copying.js";
import { byId, el, setAttribute, setText } from "./dom.js";
import { patiently } from "./once.js";
import { byPlace } from "./order.js";
import { posts } from "./room.js";
import { grouped, spelled, t } from "./texts.js";

const dialog = byId("newcode");
const presets_s = JSON.parse(document.body.dataset.presets || "[]");
/** The order that is being tried, and its key: tried again, it is the same order. */
let tried = { wish: "", key: "" };
let code = "";
let busy = false;

/** Make the dialog ready. */
export function startNewCode() {
  byId("newcode-presets").replaceChildren(...presets_s.map((/** @type {number} */ seconds) => el("button", {
    type: "button", class: "big", text: asDuration(seconds), onclick: () => order(seconds),
  })));
  byId("newcode-form").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    order(Number(byId("newcode-minutes").value) * 60);
  });
  byId("newcode-copy").addEventListener("click", () => copy(code, byId("newcode-code"), byId("newcode-copied")));
  byId("newcode-again").addEventListener("click", () => openNewCode());
  dialog.addEventListener("close", () => {
    setText(byId("newcode-code"), "");
    setText(byId("newcode-spelled"), "");
    code = "";
  });
}

/** @param {string} [post_id] the only post where the code should work */
export function openNewCode(post_id = "") {
  const choice = byId("newcode-post");
  const options = [...posts.values()].sort(byPlace).map((post) => el("option", { value: post.id, text: post.name }));
  choice.replaceChildren(el("option", { value: "", text: t("any post") }), ...options);
  choice.value = post_id;
  show(false);
  complain("");
  if (!dialog.open) dialog.showModal();
  (byId("newcode-presets").querySelector("button") ?? byId("newcode-minutes")).focus();
}

/** @param {number} duration_s */
async function order(duration_s) {
  if (busy) return;
  busy = true;
  complain("");
  try {
    const post_id = byId("newcode-post").value;
    const wish = post_id ? { duration_s, post_id } : { duration_s };
    if (tried.wish !== JSON.stringify(wish)) tried = { wish: JSON.stringify(wish), key: newKey() };
    present(await patiently(issue(wish, tried.key)));
    tried.wish = "";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    complain(error.message);
    if (error.status !== 0) tried.wish = "";
  } finally {
    busy = false;
  }
}

/** @param {import("./room.js").Session} session */
function present(session) {
  code = session.code ?? "";
  setText(byId("newcode-code"), grouped(code));
  setText(byId("newcode-spelled"), spelled(code).join(" · "));
  setText(byId("newcode-about"), [asDuration(session.remaining_s), aboutOf(session)].join(" · "));
  setText(byId("newcode-copied"), "");
  setAttribute(byId("newcode-print"), "href", `/sessions/${session.id}/ticket#print`);
  show(true);
  byId("newcode-done").focus();
}

/** @param {boolean} done */
function show(done) {
  setAttribute(byId("newcode-form"), "hidden", done);
  setAttribute(byId("newcode-result"), "hidden", !done);
  setText(byId("newcode-title"), done ? t("The code") : t("New code"));
}

/** @param {string} text */
function complain(text) {
  setText(byId("newcode-error"), text);
  setAttribute(byId("newcode-error"), "hidden", !text);
}
