/** What a card says of its post, and what waits there for somebody. */

import { asHour, endOf } from "./clock.js";
import { answerCall, endMaintenance, unlock } from "./post_acts.js";
import { isLocked, reservationOf } from "./room.js";
import { grouped, t } from "./texts.js";
import { faultWord, pendingWord, phaseWord } from "./words.js";

/**
 * Lines beneath the time, the weightiest first, each with the icon that it has.
 * @param {import("./room.js").Post} post
 * @param {import("./room.js").Session | null} session the one that runs there
 * @param {boolean} starting whether one was told to start there
 */
export function notesOf(post, session, starting) {
  const until = post.maintenance?.until;
  return [
    post.calling_since
      ? ["hand", t("Calls the desk since {hour}", { hour: asHour(Date.parse(post.calling_since)) })] : null,
    session?.user_name ? ["user", session.user_name] : null,
    session?.pending_action ? ["wait", pendingWord(session.pending_action)] : null,
    starting && post.session_id === null ? ["wait", t("Starting…")] : null,
    isLocked(post) ? ["lock", phaseWord("locked_out")] : null,
    post.status !== "offline" && !isLocked(post) && phaseWord(post.phase) ? ["phase", phaseWord(post.phase)] : null,
    post.status === "offline" && post.session_id ? ["info", t("Counts on by itself")] : null,
    post.status === "offline" && post.last_seen_at
      ? ["info", t("Last seen {hour}", { hour: asHour(Date.parse(post.last_seen_at)) })] : null,
    reservationOf(post)?.code ? ["ticket", grouped(reservationOf(post)?.code ?? "")] : null,
    post.maintenance?.reason ? ["wrench", post.maintenance.reason] : null,
    until ? ["info", t("Power for staff until {hour}", { hour: asHour(Date.parse(until)) })] : null,
    ...post.faults.map((fault) => ["warn", faultWord(fault)]),
  ].filter((line) => line !== null);
}

/**
 * One click for each thing that waits for somebody.
 * @param {import("./room.js").Post} post
 * @returns {{text: string, name: string, act: (id: string) => unknown}[]}
 */
export function careFor(post) {
  const { name: at } = post;
  return [
    ...(post.calling_since !== null
      ? [{ text: t("On my way"), name: t("On my way to {post}", { post: at }), act: answerCall }] : []),
    ...(isLocked(post) ? [{ text: t("Unlock"), name: t("Unlock {post}", { post: at }), act: unlock }] : []),
    ...(post.maintenance !== null
      ? [{ text: t("Open again"), name: t("Open {post} again", { post: at }), act: endMaintenance }] : []),
  ];
}

/**
 * The instant at which the time at a post runs out; null where none runs down.
 * @param {import("./room.js").Post} post
 * @param {import("./room.js").Session | null} session the one that runs there
 * @param {number | null} [before] the instant shown so far
 */
export function endsAt(post, session, before = null) {
  const told = newest(post, session);
  const runs = told !== null && post.session_id !== null && post.phase !== "grace";
  return runs ? endOf(told.remaining_s, told.as_of, before) : null;
}

/**
 * Who knows best what is left: the stay, which knows of time that was just added, unless the post has spoken since.
 * @param {import("./room.js").Post} post
 * @param {import("./room.js").Session | null} session
 * @returns {{remaining_s: number, as_of: string | null} | null}
 */
function newest(post, session) {
  const posts_word = post.remaining_s === null ? null : { remaining_s: post.remaining_s, as_of: post.as_of };
  if (session === null || posts_word === null) return posts_word ?? session;
  return Date.parse(post.as_of ?? "") > Date.parse(session.as_of ?? "") ? posts_word : session;
}
