/** A dialog for one post or one stay: all that is known of it and all that can be done. */

import { addTime, end, startHere, suspend, transfer } from "./acts.js";
import { asDuration, asHour } from "./clock.js";
import { byId, el, icon, setText } from "./dom.js";
import { freePosts, isFree, onChange, posts, sessionAt, sessions } from "./room.js";
import { grouped, spelled, t } from "./texts.js";
import { faultWord, pendingWord, phaseWord, postStatus, sessionStatus } from "./words.js";

/** @typedef {{kind: "post" | "session", id: string}} About */

const dialog = byId("sheet");
const presets_s = JSON.parse(document.body.dataset.presets || "[]");
const may_act = document.body.dataset.mayAct === "true";
/** @type {About | null} */
let about = null;
/** @type {(post_id: string) => void} */
let newCodeFor = () => undefined;

/** @param {(post_id: string) => void} newCode */
export function startSheet(newCode) {
  newCodeFor = newCode;
  dialog.addEventListener("close", () => {
    about = null;
  });
  onChange(() => about && draw(about));
}

/** @param {About} what */
export function openSheet(what) {
  about = what;
  delete byId("sheet-body").dataset.key;
  draw(what);
  if (!dialog.open) dialog.showModal();
}

/**
 * Facts are renewed in place; the buttons are made anew only when what can be done has changed.
 * @param {About} what
 */
function draw(what) {
  const post = what.kind === "post" ? posts.get(what.id) : undefined;
  const session = what.kind === "session" ? sessions.get(what.id) : post && sessionAt(post);
  if (what.kind === "post" ? !post : !session) return dialog.close();
  setText(byId("sheet-title"), post ? post.name : t("Code {code}", { code: grouped(session?.code ?? "") }));
  drawFacts(post ? postFacts(post, session ?? null) : sessionFacts(/** @type {any} */ (session)));
  const free = freePosts(session?.bound_post_id ?? null).filter((other) => other.id !== post?.id);
  const doable = [post?.status, post?.phase === "fault", session?.id, session?.status, session?.pending_action];
  const key = JSON.stringify([...doable, ...free.map((other) => other.id)]);
  const body = byId("sheet-body");
  if (body.dataset.key === key) return undefined;
  const held = body.contains(document.activeElement);
  body.dataset.key = key;
  body.replaceChildren(...(may_act ? groups(post, session ?? undefined, free) : []));
  if (held) byId("sheet-title").focus();
  return undefined;
}

/** @param {(string | null)[][]} facts */
function drawFacts(facts) {
  const list = byId("sheet-facts");
  const shown = facts.filter(([, value]) => value);
  const key = JSON.stringify(shown);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...shown.map(([name, value]) =>
    el("div", {}, el("dt", { text: name }), el("dd", { text: value }))));
}

/**
 * @param {import("./room.js").Post} post
 * @param {import("./room.js").Session | null} session
 */
function postFacts(post, session) {
  const left = post.session_id ? asDuration(post.remaining_s ?? 0) : null;
  return [
    [t("Status"), [postStatus(post.status).word, phaseWord(post.phase)].filter(Boolean).join(" · ")],
    [t("Time left"), left],
    [t("Asked for"), pendingWord(session?.pending_action ?? null)],
    ...(session ? sessionFacts(session).slice(1) : []),
    [t("Faults"), post.faults.map(faultWord).join(", ")],
    [t("Zone"), post.zone],
    [t("Notes"), post.notes],
    [t("Last seen"), post.last_seen_at && asHour(Date.parse(post.last_seen_at))],
  ];
}

/** @param {import("./room.js").Session} session */
function sessionFacts(session) {
  return [
    [t("Status"), sessionStatus(session.status)],
    [t("Person"), session.user_name ?? null],
    [t("Code"), session.code && `${grouped(session.code)}  (${spelled(session.code).join(", ")})`],
    [t("Given"), asDuration(session.initial_s + session.added_s)],
    [t("Rest"), session.status === "active" ? null : asDuration(session.remaining_s)],
    [t("Since"), session.started_at && asHour(Date.parse(session.started_at))],
    [t("Valid until"), session.valid_until && asHour(Date.parse(session.valid_until))],
    [t("Given by"), session.operator],
    [t("Remark"), session.notes],
  ];
}

/**
 * @param {import("./room.js").Post | undefined} post
 * @param {import("./room.js").Session | undefined} session
 * @param {import("./room.js").Post[]} free
 */
function groups(post, session, free) {
  const shown = [];
  if (post && isFree(post)) shown.push(startGroup(post.id));
  if (session && !session.pending_action && ["pending", "active", "suspended"].includes(session.status)) {
    shown.push(addGroup(session.id));
    if (free.length) shown.push(moveGroup(session, free));
    shown.push(closeGroup(session));
  }
  if (post && !post.session_id) {
    const give = () => leave(() => newCodeFor(post.id));
    shown.push(el("div", { class: "row" },
      el("button", { type: "button", onclick: give }, icon("ticket"), t("New code for this post…"))));
  }
  return shown;
}

/** @param {() => unknown} act */
function leave(act) {
  dialog.close();
  act();
}

/**
 * @param {string} title
 * @param {...Node} content
 */
function group(title, ...content) {
  return el("fieldset", {}, el("legend", { text: title }), el("div", { class: "row" }, ...content));
}

/** @param {string} post_id */
function startGroup(post_id) {
  const minutes = el("input", {
    id: "sheet-minutes", type: "number", min: 1, max: 1440, required: true, inputmode: "numeric",
  });
  const form = el("form", { class: "row", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    leave(() => startHere(post_id, Number(minutes.value) * 60));
  } }, el("label", { for: "sheet-minutes", text: t("Minutes") }), minutes, el("button", { text: t("Start") }));
  const presets = presets_s.map((/** @type {number} */ seconds) => el("button", {
    type: "button", text: asDuration(seconds), onclick: () => leave(() => startHere(post_id, seconds)),
  }));
  return group(t("Start here"), ...presets, form);
}

/** @param {string} session_id */
function addGroup(session_id) {
  return group(t("Add time"), ...[5, 15, 30, 60].map((minutes) => el("button", {
    type: "button", text: `+${minutes}\u00a0min`, onclick: () => addTime(session_id, minutes * 60),
  })));
}

/**
 * @param {import("./room.js").Session} session
 * @param {import("./room.js").Post[]} free
 */
function moveGroup(session, free) {
  const label = session.status === "active" ? t("Move to") : t("Start at");
  const options = free.map((post) => el("option", { value: post.id, text: post.name }));
  const choice = el("select", { "aria-label": label }, ...options);
  const go = el("button", { type: "button", text: session.status === "active" ? t("Move") : t("Start"),
    onclick: () => leave(() => transfer(session.id, choice.value)) });
  return group(label, choice, go);
}

/** @param {import("./room.js").Session} session */
function closeGroup(session) {
  const pause = el("button", { type: "button", onclick: () => leave(() => suspend(session.id)) },
    icon("pause"), t("Suspend"));
  const close = el("button", { type: "button", class: "end", onclick: () => leave(() => end(session.id)) },
    icon("stop"), t("End"));
  return el("div", { class: "row" }, ...(session.status === "active" ? [pause, close] : [close]));
}
