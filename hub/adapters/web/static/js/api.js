/** The REST API, called with the panel's cookie and its CSRF token. */

import { t } from "./texts.js";

const csrf = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";

/** What the hub answered instead of yes; `reason` is a word of its own, `message` a sentence for the operator. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} reason
   * @param {string} message
   */
  constructor(status, reason, message) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** A key that makes a repeated request the same request. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * POST to the API; throws Refused, with status 0 when the hub could not be reached.
 * @param {string} path
 * @param {object} [body]
 * @param {string} [key] the idempotency key
 * @returns {Promise<any>}
 */
export function post(path, body = {}, key = newKey()) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": key },
    body: JSON.stringify(body),
  });
}

/**
 * GET from the API; throws as `post` does.
 * @param {string} path
 * @returns {Promise<any>}
 */
export function get(path) {
  return ask(path, {});
}

/**
 * @param {string} path
 * @param {RequestInit} how
 */
async function ask(path, how) {
  let response;
  try {
    response = await fetch(`/api/v1${path}`, { ...how, signal: AbortSignal.timeout(10_000) });
  } catch {
    throw new Refused(0, "unreachable", t("The hub cannot be reached. Check before you try again."));
  }
  if (response.status === 401) leave();
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw refusal(response.status, answer);
  return answer;
}

/**
 * Whether this page is still signed in; false too when the hub does not answer, for then nobody can say.
 * @returns {Promise<"yes" | "no" | "unreachable">}
 */
export async function signedIn() {
  try {
    const response = await fetch("/api/v1/posts?page_size=1", { signal: AbortSignal.timeout(5_000) });
    return response.status === 401 ? "no" : "yes";
  } catch {
    return "unreachable";
  }
}

/** The sign-in is over: back to its page, which says so, and leads here again. */
export function leave() {
  const here = encodeURIComponent(location.pathname + location.search);
  location.assign(`/sign-in?expired=1&next=${here}`);
}

/**
 * @param {number} status
 * @param {any} answer a problem+json body
 */
function refusal(status, answer) {
  const reason = answer.reason ?? "";
  /** @type {Record<string, string>} */
  const reasons = {
    post_busy: t("That post is in use."),
    post_offline: t("That post is offline."),
    post_maintenance: t("That post is closed for maintenance."),
    post_reserved: t("That post is reserved."),
    post_starting: t("That post has just been given to somebody else."),
    post_retired: t("That post is no longer in use."),
    already_there: t("The session is already at that post."),
    already_over: t("That session is already over."),
    already_recalled: t("Somebody else has already asked for that."),
    not_active: t("That session is not running."),
    wrong_post: t("This code works at another post only."),
    too_late: t("Too late: an end can be undone for one minute."),
    nothing_left: t("There is no time left on this session."),
    not_pending: t("Only a code that was never used can be withdrawn."),
    post_free: t("Nothing runs at that post."),
    user_blocked: t("This user is blocked."),
    quota: t("That is more than this user’s quota leaves, beside the codes that they hold."),
    csrf: t("This page is out of date: load it again."),
    not_ended: t("Only a session that has just been ended can be taken up again."),
  };
  if (reason in reasons) return new Refused(status, reason, reasons[reason]);
  if (status === 403) return new Refused(status, reason, t("Your account may not do that."));
  if (status === 429) return new Refused(status, reason, t("Too many requests. Wait a moment."));
  const field = answer.errors?.[0]?.message;
  return new Refused(status, reason, field ?? answer.detail ?? t("The hub refused this ({status}).", { status }));
}
