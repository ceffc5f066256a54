/** What the desk does to posts and stays: asks the hub, and says what came of it. */

import { newKey, post } from "./api.js";
import { asDuration } from "./clock.js";
import { once } from "./once.js";
import { onChange, posts, retell, sessions, takeSession } from "./room.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

const UNDO_MS = 60_000;
const START_MS = 30_000;

/** @param {string | null} id */
function nameOf(id) {
  return (id && posts.get(id)?.name) || id || "";
}

/**
 * @param {string} post_id
 * @param {number} duration_s
 */
export function startHere(post_id, duration_s) {
  return once(`start ${post_id}`, async () => {
    const session = await post(`/posts/${post_id}/start`, { duration_s });
    takeSession(session);
    watchStart(post_id, session.id, session.code);
    toast(t("{time} at {post}: starting.", { time: asDuration(duration_s), post: nameOf(post_id) }));
  });
}

/**
 * @param {string} session_id
 * @param {number} seconds
 */
export function addTime(session_id, seconds) {
  return once(`add ${session_id}`, async () => {
    takeSession(await post(`/sessions/${session_id}/add-time`, { seconds }));
    const where = nameOf(sessions.get(session_id)?.post_id ?? null);
    toast(where ? t("{time} added at {post}.", { time: asDuration(seconds), post: where })
      : t("{time} added.", { time: asDuration(seconds) }));
  });
}

/** @param {string} session_id */
export function suspend(session_id) {
  return once(`close ${session_id}`, async () => {
    takeSession(await post(`/sessions/${session_id}/suspend`));
    toast(t("Suspending. The rest stays on the code."));
  });
}

/**
 * @param {string} session_id
 * @param {string} post_id
 */
export function transfer(session_id, post_id) {
  return once(`close ${session_id}`, async () => {
    const session = await post(`/sessions/${session_id}/transfer`, { post_id });
    takeSession(session);
    watchStart(post_id, session_id, session.code);
    toast(t("Moving to {post}.", { post: nameOf(post_id) }));
  });
}

/**
 * End a stay at once; for a minute there is a way back instead of a question beforehand.
 * @param {string} session_id
 */
export function end(session_id) {
  return once(`close ${session_id}`, async () => {
    const before = sessions.get(session_id);
    const from = before?.status === "active" ? before.post_id : null;
    takeSession(await post(`/sessions/${session_id}/end`));
    const text = from ? t("Session at {post} ended.", { post: nameOf(from) }) : t("Code withdrawn.");
    const shown = toast(text, { stay_ms: UNDO_MS, offer: { label: t("Undo"), act: () => undo(), undoes: true } });
    const undo = () => {
      shown.withdraw();
      shown.say(t("Undoing…"));
      whenSettled(session_id, () => once(`undo ${session_id}`, () => takeBack(session_id, from)).then(shown.close));
    };
  });
}

/**
 * Undo an end, and put the stay back where it was running.
 * @param {string} session_id
 * @param {string | null} post_id
 */
async function takeBack(session_id, post_id) {
  takeSession(await post(`/sessions/${session_id}/undo`));
  const there = post_id === null ? undefined : posts.get(post_id);
  if (there === undefined || post_id === null) {
    toast(t("Undone: the code works again."));
    return;
  }
  takeSession(await post(`/sessions/${session_id}/transfer`, { post_id }));
  watchStart(post_id, session_id, sessions.get(session_id)?.code ?? null);
  toast(t("Undone: starting again at {post}.", { post: there.name }));
}

/**
 * Make a code worthless that nobody has used: at once and for good.
 * @param {string} session_id
 * @param {(text: string) => void} complain
 */
export function voidCode(session_id, complain) {
  return once(`close ${session_id}`, async () => {
    takeSession(await post(`/sessions/${session_id}/void`));
    toast(t("Code withdrawn for good."));
  }, complain);
}

/**
 * Call back once the post has given its lease back; only then is an ended stay ended.
 * @param {string} session_id
 * @param {() => void} then
 */
function whenSettled(session_id, then) {
  const settled = () => sessions.get(session_id)?.status !== "active";
  if (settled()) then();
  else {
    const stop = onChange(() => {
      if (!settled()) return;
      stop();
      then();
    });
  }
}

/** Posts that were told to start a stay and have not begun it. @type {Map<string, string>} */
export const starting = new Map();

/**
 * Remember that a post should start, and tell the desk when it does not.
 * @param {string} post_id
 * @param {string} session_id
 * @param {string | null} code
 */
function watchStart(post_id, session_id, code) {
  starting.set(post_id, session_id);
  retell(post_id);
  const begun = () => posts.get(post_id)?.session_id === session_id;
  const stop = onChange(() => begun() && finish());
  const finish = () => {
    window.clearTimeout(timer);
    stop();
    if (starting.get(post_id) === session_id) starting.delete(post_id);
    retell(post_id);
  };
  const timer = window.setTimeout(() => {
    finish();
    const by_hand = code ? t("The code {code} works there by hand.", { code }) : "";
    const text = t("{post} has not started.", { post: nameOf(post_id) });
    toast(`${text} ${by_hand}`, { tone: "bad", stay_ms: START_MS });
  }, START_MS);
}

/**
 * A new code; throws Refused, so that the dialog can say it beside its field.
 * @param {{duration_s: number, post_id?: string}} order
 * @param {string} key the same for every try of one order
 * @returns {Promise<import("./room.js").Session>}
 */
export async function issue(order, key = newKey()) {
  const session = await post("/sessions", order, key);
  takeSession(session);
  return session;
}
