/** What can be done to a stay, as groups of buttons for its dialog. */

import { addTime, end, suspend, transfer, voidCode } from "./acts.js";
import { asDuration } from "./clock.js";
import { el, group, icon } from "./dom.js";
import { t } from "./texts.js";

const ADD_MIN = [5, 15, 30, 60];
const OPEN = ["pending", "active", "suspended"];

/**
 * @typedef {{leave: (act: () => unknown) => void, leaveAfter: (act: Promise<boolean>) => Promise<void>,
 *   complain: (text: string) => void, newCodeFor: (post_id: string) => void}} Sheet
 */

/**
 * @param {import("./room.js").Session} session
 * @param {import("./room.js").Post[]} free where it could go
 * @param {Sheet} sheet
 * @returns {Node[]}
 */
export function stayGroups(session, free, sheet) {
  const open = OPEN.includes(session.status);
  if (!open || session.pending_action) return [];
  return [
    addGroup(session.id),
    ...(free.length ? [moveGroup(session, free, sheet)] : []),
    closeGroup(session, sheet),
    ...(session.status === "pending" ? [voidGroup(session, sheet)] : []),
  ];
}

/** @param {string} session_id */
function addGroup(session_id) {
  return group(t("Add time"), ...ADD_MIN.map((minutes) => el("button", {
    type: "button", text: `+${asDuration(minutes * 60)}`, onclick: () => addTime(session_id, minutes * 60),
  })));
}

/**
 * @param {import("./room.js").Session} session
 * @param {import("./room.js").Post[]} free
 * @param {Sheet} sheet
 */
function moveGroup(session, free, sheet) {
  const label = session.status === "active" ? t("Move to") : t("Start at");
  const options = free.map((post) => el("option", { value: post.id, text: post.name }));
  const choice = el("select", { id: "sheet-move", "aria-label": label }, ...options);
  const go = el("button", { type: "button", text: session.status === "active" ? t("Move") : t("Start"),
    onclick: () => sheet.leave(() => transfer(session.id, choice.value)) });
  return group(label, choice, go);
}

/**
 * @param {import("./room.js").Session} session
 * @param {Sheet} sheet
 */
function closeGroup(session, sheet) {
  const pause = el("button", { type: "button", onclick: () => sheet.leave(() => suspend(session.id)) },
    icon("pause"), t("Suspend"));
  const close = el("button", { type: "button", class: "end", onclick: () => sheet.leave(() => end(session.id)) },
    icon("stop"), t("End"));
  const ticket = el("a", { class: "button", href: `/sessions/${session.id}/ticket`, target: "_blank" },
    icon("print"), t("Ticket"));
  const more = el("a", { class: "button quiet", href: `/sessions/${session.id}` }, icon("info"), t("More"));
  return el("div", { class: "row" }, ...(session.status === "active" ? [pause, close] : [close]), ticket, more);
}

/**
 * @param {import("./room.js").Session} session
 * @param {Sheet} sheet
 */
function voidGroup(session, sheet) {
  const act = () => sheet.leaveAfter(voidCode(session.id, sheet.complain));
  return el("details", { class: "careful", id: "sheet-void" },
    el("summary", { class: "button end" }, t("Withdraw for good…")),
    el("div", { class: "question" },
      el("p", { text: t("The code is wiped at once and works nowhere any more. There is no way back.") }),
      el("button", { type: "button", class: "end", text: t("Withdraw it"), onclick: act })));
}
