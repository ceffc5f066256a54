/** A dialog for one post or one stay: all that is known of it and all that can be done. */

import { endsAt } from "./card_says.js";
import { asDuration, asHour, secondsUntil } from "./clock.js";
import { byId, el, setAttribute, setText } from "./dom.js";
import { postGroups } from "./post_groups.js";
import { freePosts, onChange, posts, sessionAt, sessions } from "./room.js";
import { stayGroups } from "./stay_groups.js";
import { grouped, spelled, t } from "./texts.js";
import { faultWord, pendingWord, phaseWord, postStatus, sessionStatus } from "./words.js";

/** @typedef {{kind: "post" | "session", id: string}} About */

const TICK_MS = 1_000;
const dialog = byId("sheet");
const body = byId("sheet-body");
const may_act = document.body.dataset.mayAct === "true";
/** @type {About | null} */
let about = null;
/** What was written into the fields, by their ids: it outlives whatever happens to the room meanwhile. */
const typed = new Map();
/** @type {(post_id: string) => void} */
let newCodeFor = () => undefined;

/** What the groups of buttons need of the dialog that they are in. */
const sheet = {
  /** @param {() => unknown} act */
  leave(act) {
    dialog.close();
    act();
  },
  /** @param {Promise<boolean>} act one that leaves the dialog as it is when it was refused */
  async leaveAfter(act) {
    complain("");
    if (await act) dialog.close();
  },
  complain,
  /** @param {string} post_id */
  newCodeFor: (post_id) => newCodeFor(post_id),
};

/** @param {(post_id: string) => void} newCode */
export function startSheet(newCode) {
  newCodeFor = newCode;
  dialog.addEventListener("close", () => {
    about = null;
    typed.clear();
    complain("");
  });
  body.addEventListener("input", (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    typed.set(field.id, field.value);
  });
  const renewed = () => about && draw(about);
  onChange(renewed);
  // Time runs down without a word from the hub.
  window.setInterval(renewed, TICK_MS);
}

/**
 * @param {About} what
 * @param {string} [field] where the focus goes; else to the first button
 */
export function openSheet(what, field) {
  about = what;
  delete body.dataset.key;
  draw(what);
  if (!dialog.open) dialog.showModal();
  if (field) document.getElementById(field)?.focus();
}

/** @param {string} text why something was refused; empty: nothing was */
function complain(text) {
  setText(byId("sheet-error-text"), text);
  setAttribute(byId("sheet-error"), "hidden", !text);
}

/**
 * Facts are renewed in place; the buttons are made anew only when what can be done has changed.
 * @param {About} what
 */
function draw(what) {
  const post = what.kind === "post" ? posts.get(what.id) : undefined;
  const session = what.kind === "session" ? sessions.get(what.id) : post && sessionAt(post);
  if (what.kind === "post" ? !post : !session) return dialog.close();
  const code = session?.code ? t("Code {code}", { code: grouped(session.code) }) : t("Code hidden");
  setText(byId("sheet-title"), post ? post.name : code);
  drawFacts(post ? postFacts(post, session ?? null) : sessionFacts(/** @type {any} */ (session)));
  const free = freePosts(session?.bound_post_id ?? null).filter((other) => other.id !== post?.id);
  const state = [post?.status, post?.phase === "fault", post?.maintenance !== null];
  const doable = [...state, session?.id, session?.status, session?.pending_action];
  const key = JSON.stringify([...doable, ...free.map((other) => other.id)]);
  if (body.dataset.key === key) return undefined;
  body.dataset.key = key;
  const stay = may_act && session ? stayGroups(session, free, sheet) : [];
  renew(...stay, ...(may_act && post ? postGroups(post, sheet) : []));
  return undefined;
}

/**
 * Other buttons, and the same texts in the same fields, with the focus where it was.
 * @param {...Node} groups
 */
function renew(...groups) {
  const held = body.contains(document.activeElement) ? document.activeElement : null;
  const open = [...body.querySelectorAll("details[open]")].map((one) => one.id);
  body.replaceChildren(...groups);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, value] of typed) {
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById(id));
    if (field) field.value = value;
  }
  if (held) (document.getElementById(held.id) ?? byId("sheet-title")).focus();
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

/** @param {string | null} at */
function hour(at) {
  return at && asHour(Date.parse(at));
}

/**
 * @param {import("./room.js").Post} post
 * @param {import("./room.js").Session | null} session
 */
function postFacts(post, session) {
  const ends_ms = endsAt(post, session);
  return [
    [t("Status"), [postStatus(post.status).word, phaseWord(post.phase)].filter(Boolean).join(" · ")],
    [t("Time left"), ends_ms === null ? null : asDuration(secondsUntil(ends_ms))],
    [t("Asked for"), pendingWord(session?.pending_action ?? null)],
    ...(session ? sessionFacts(session).slice(1) : []),
    [t("Calls since"), hour(post.calling_since)],
    [t("Closed because"), post.maintenance?.reason ?? null],
    [t("Power for staff until"), hour(post.maintenance?.until ?? null)],
    [t("Faults"), post.faults.map(faultWord).join(", ")],
    [t("Zone"), post.zone],
    [t("Notes"), post.notes],
    [t("Last seen"), hour(post.last_seen_at)],
  ];
}

/** @param {import("./room.js").Session} session */
function sessionFacts(session) {
  const bound = session.bound_post_id;
  return [
    [t("Status"), sessionStatus(session.status)],
    [t("Person"), session.user_name ?? null],
    [t("Code"), session.code && `${grouped(session.code)}  (${spelled(session.code).join(", ")})`],
    [t("Given"), asDuration(session.initial_s + session.added_s)],
    [t("Rest"), session.status === "active" ? null : asDuration(session.remaining_s)],
    [t("Works only at"), bound && (posts.get(bound)?.name ?? bound)],
    [t("Since"), hour(session.started_at)],
    [t("Valid until"), hour(session.valid_until)],
    [t("Given by"), session.operator],
    [t("Remark"), session.notes],
  ];
}
