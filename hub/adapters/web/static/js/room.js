/** The room as this page knows it: posts and stays, as the hub last told them. */

import { setHubTime } from "./clock.js";
import { byPlace } from "./order.js";

/**
 * @typedef {{id: string, name: string, zone: string, status: string, phase: string | null, session_id: string | null,
 *   remaining_s: number | null, as_of: string | null, faults: string[], calling_since: string | null,
 *   locked_for_s: number, maintenance: any, notes: string,
 *   client_version: string | null, ip_address: string | null, last_seen_at: string | null}} Post
 * @typedef {{id: string, code: string | null, status: string, pending_action: string | null, post_id: string | null,
 *   bound_post_id: string | null, user_id: string | null, user_name?: string | null, initial_s: number,
 *   added_s: number, remaining_s: number, as_of: string | null, valid_until: string | null, started_at: string | null,
 *   operator: string | null, notes: string,
 *   created_at: string, updated_at: string}} Session
 * @typedef {{kind: "all"} | {kind: "post", post: Post} | {kind: "session", session: Session}
 *   | {kind: "log", entry: any}} Change
 */

/** @type {Map<string, Post>} */
export const posts = new Map();
/** @type {Map<string, Session>} */
export const sessions = new Map();
/** @type {Set<(change: Change) => void>} */
const listeners = new Set();

/**
 * Be told of every change, after it is in the maps.
 * @param {(change: Change) => void} listener
 * @returns {() => void} ends it
 */
export function onChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @param {Change} change */
function tell(change) {
  for (const listener of listeners) listener(change);
}

/**
 * Take in a frame of the live connection; types that we do not know are from a newer hub, and ignored.
 * @param {{type: string, data: any}} frame
 */
export function take(frame) {
  if (frame.type === "snapshot") {
    posts.clear();
    sessions.clear();
    setHubTime(frame.data.at);
    for (const post of frame.data.posts) posts.set(post.id, post);
    for (const session of frame.data.sessions) sessions.set(session.id, session);
    tell({ kind: "all" });
  } else if (frame.type === "post") {
    posts.set(frame.data.id, frame.data);
    tell({ kind: "post", post: frame.data });
  } else if (frame.type === "post_gone") {
    if (posts.delete(frame.data.id)) tell({ kind: "all" });
  } else if (frame.type === "session") {
    takeSession(frame.data);
  } else if (frame.type === "log") {
    tell({ kind: "log", entry: frame.data });
  }
}

/**
 * A stay as it now is, from a frame or as the answer to an act; an answer may come after a frame that knows more.
 * @param {Session} session
 */
export function takeSession(session) {
  const known = sessions.get(session.id);
  if (known && Date.parse(known.updated_at) > Date.parse(session.updated_at)) return;
  sessions.set(session.id, session);
  tell({ kind: "session", session });
}

/**
 * Have a post drawn anew though the hub said nothing, as when a start has just been asked for.
 * @param {string} post_id
 */
export function retell(post_id) {
  const post = posts.get(post_id);
  if (post) tell({ kind: "post", post });
}

/**
 * The stay that runs at a post.
 * @param {Post} post
 * @returns {Session | null}
 */
export function sessionAt(post) {
  return post.session_id === null ? null : (sessions.get(post.session_id) ?? null);
}

/**
 * The pending code that a post is kept for.
 * @param {Post} post
 * @returns {Session | null}
 */
export function reservationOf(post) {
  if (post.status !== "reserved") return null;
  const bound = [...sessions.values()].filter((one) => one.status === "pending" && one.bound_post_id === post.id);
  return bound[0] ?? null;
}

/**
 * Whether codes are refused there because somebody guessed.
 * @param {Post} post
 */
export function isLocked(post) {
  return post.phase === "locked_out" || post.locked_for_s > 0;
}

/**
 * Whether somebody should look after a post: a patron called, it is locked, or something is wrong with it.
 * @param {Post} post
 */
export function needsCare(post) {
  return post.calling_since !== null || isLocked(post) || post.faults.length > 0 || post.phase === "fault";
}

/** @param {Post} post */
export function isFree(post) {
  return post.status === "available" && post.phase !== "fault";
}

/**
 * Posts where a stay could start now, in the order of the board.
 * @param {string | null} bound_id the only post where it may
 */
export function freePosts(bound_id = null) {
  const may = (/** @type {Post} */ post) => bound_id === null || (post.id === bound_id && post.session_id === null);
  const can = (/** @type {Post} */ post) => isFree(post) || (bound_id !== null && post.status === "reserved");
  return [...posts.values()].filter((post) => may(post) && can(post)).sort(byPlace);
}

