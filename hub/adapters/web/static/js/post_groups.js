/** What can be done to a post, as groups of buttons for its dialog. */

import { startHere } from "./acts.js";
import { asDuration } from "./clock.js";
import { el, group, icon } from "./dom.js";
import { beginMaintenance, endMaintenance, identify, notify, release } from "./post_acts.js";
import { isFree } from "./room.js";
import { t } from "./texts.js";

/** @typedef {import("./stay_groups.js").Sheet} Sheet */

const presets_s = JSON.parse(document.body.dataset.presets || "[]");
const is_admin = document.body.dataset.admin === "true";
const SHOWN_S = [60, 300, 900, 3600];
const POWER_S = [900, 1800, 3600, 7200, 14_400, 28_800];

/**
 * @param {import("./room.js").Post} post
 * @param {Sheet} sheet
 * @returns {Node[]}
 */
export function postGroups(post, sheet) {
  return [
    ...(isFree(post) ? [startGroup(post.id, sheet)] : []),
    messageGroup(post.id, sheet),
    el("div", { class: "row" },
      el("button", { type: "button", id: "sheet-identify", onclick: () => identify(post.id, sheet.complain) },
        icon("eye"), t("Let it blink")),
      ...(post.session_id ? [] : [newCodeButton(post.id, sheet)])),
    ...(post.session_id ? [] : [maintenanceGroup(post, sheet)]),
    ...(post.session_id && is_admin ? [releaseGroup(post.id, sheet)] : []),
  ];
}

/**
 * @param {string} post_id
 * @param {Sheet} sheet
 */
function newCodeButton(post_id, sheet) {
  const give = () => sheet.leave(() => sheet.newCodeFor(post_id));
  return el("button", { type: "button", onclick: give }, icon("ticket"), t("New code for this post…"));
}

/**
 * @param {string} post_id
 * @param {Sheet} sheet
 */
function startGroup(post_id, sheet) {
  const minutes = el("input", {
    id: "sheet-minutes", type: "number", min: 1, max: 1440, required: true, inputmode: "numeric",
  });
  const form = formOf(() => sheet.leave(() => startHere(post_id, Number(minutes.value) * 60)),
    el("label", { for: "sheet-minutes", text: t("Minutes") }), minutes, el("button", { text: t("Start") }));
  const presets = presets_s.map((/** @type {number} */ seconds) => el("button", {
    type: "button", text: asDuration(seconds), onclick: () => sheet.leave(() => startHere(post_id, seconds)),
  }));
  return group(t("Start here"), ...presets, form);
}

/**
 * @param {string} post_id
 * @param {Sheet} sheet
 */
function messageGroup(post_id, sheet) {
  const text = el("input", {
    id: "sheet-message", class: "wide", maxlength: 200, required: true, "aria-label": t("Message on its screen"),
    placeholder: t("We close in ten minutes."), autocomplete: "off",
  });
  const shown = choice("sheet-message-for", t("Shown for"), SHOWN_S);
  return group(t("Message on its screen"), formOf(
    () => sheet.leaveAfter(notify(post_id, text.value, Number(shown.value), sheet.complain)),
    text, shown, el("button", { text: t("Send") })));
}

/**
 * @param {import("./room.js").Post} post
 * @param {Sheet} sheet
 */
function maintenanceGroup(post, sheet) {
  if (post.maintenance !== null) {
    return group(t("Maintenance"), el("button", {
      type: "button", text: t("Open again"), onclick: () => sheet.leave(() => endMaintenance(post.id)),
    }));
  }
  const reason = el("input", {
    id: "sheet-reason", class: "wide", maxlength: 200, "aria-label": t("Reason"), placeholder: t("Reason"),
    autocomplete: "off",
  });
  const power = choice("sheet-power", t("Power for staff"), POWER_S, t("without power"));
  return group(t("Close for maintenance"), formOf(
    () => sheet.leaveAfter(beginMaintenance(post.id, reason.value, Number(power.value), sheet.complain)),
    reason, power, el("button", {}, icon("wrench"), t("Close the post"))));
}

/**
 * @param {string} post_id
 * @param {Sheet} sheet
 */
function releaseGroup(post_id, sheet) {
  const reason = el("input", {
    id: "sheet-release", class: "wide", maxlength: 200, required: true, "aria-label": t("Reason"),
    placeholder: t("Reason"), autocomplete: "off",
  });
  const question = `${t("Only for a post that is dead for good.")} ${t("Its session ends, charged by the clock.")}`;
  return el("details", { class: "careful", id: "sheet-force" },
    el("summary", { class: "button end" }, t("Release by force…")),
    el("div", { class: "question" }, el("p", { text: question }),
      formOf(() => sheet.leaveAfter(release(post_id, reason.value, sheet.complain)),
        reason, el("button", { class: "end", text: t("Release") }))));
}

/**
 * @param {string} id
 * @param {string} label
 * @param {number[]} options_s
 * @param {string} [none] the words for no time at all, where that is a choice
 */
function choice(id, label, options_s, none) {
  const nothing = none === undefined ? [] : [el("option", { value: "0", text: none })];
  const options = options_s.map((seconds) => el("option", { value: String(seconds), text: asDuration(seconds) }));
  return el("select", { id, "aria-label": label }, ...nothing, ...options);
}

/**
 * @param {() => unknown} submit
 * @param {...Node} content
 */
function formOf(submit, ...content) {
  return el("form", { class: "row", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    submit();
  } }, ...content);
}
