/** What the desk does to a post rather than to a stay. Each tells whether it was done. */

import { post } from "./api.js";
import { asDuration, now } from "./clock.js";
import { once } from "./once.js";
import { posts } from "./room.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

/** @typedef {(text: string) => void} Complain */

/** @param {string} id */
function nameOf(id) {
  return posts.get(id)?.name ?? id;
}

/**
 * Somebody goes to the patron who called: the hand comes down on every board.
 * @param {string} id
 */
export function answerCall(id) {
  return once(`answer ${id}`, () => post(`/posts/${id}/answer`));
}

/**
 * End a lock-out for wrong codes.
 * @param {string} id
 */
export function unlock(id) {
  return once(`unlock ${id}`, async () => {
    await post(`/posts/${id}/unlock`);
    toast(t("{post} takes codes again.", { post: nameOf(id) }));
  });
}

/**
 * Let a post blink, so that it is found in the room.
 * @param {string} id
 * @param {Complain} complain
 */
export function identify(id, complain) {
  return once(`identify ${id}`, async () => {
    await post(`/posts/${id}/identify`);
    toast(t("{post} blinks for half a minute.", { post: nameOf(id) }));
  }, complain);
}

/**
 * A line on the post's own screen.
 * @param {string} id
 * @param {string} text
 * @param {number} ttl_s how long it is shown
 * @param {Complain} complain
 */
export function notify(id, text, ttl_s, complain) {
  return once(`notify ${id}`, async () => {
    await post(`/posts/${id}/notice`, { text, ttl_s });
    toast(t("Message shown at {post} for {time}.", { post: nameOf(id), time: asDuration(ttl_s) }));
  }, complain);
}

/**
 * Close a post to codes.
 * @param {string} id
 * @param {string} reason
 * @param {number} power_s how long staff have power there; 0: none
 * @param {Complain} complain
 */
export function beginMaintenance(id, reason, power_s, complain) {
  const until = power_s ? { until: new Date(now() + power_s * 1000).toISOString() } : {};
  return once(`maintenance ${id}`, async () => {
    await post(`/posts/${id}/maintenance`, { on: true, reason, ...until });
    toast(t("{post} is closed for maintenance.", { post: nameOf(id) }));
  }, complain);
}

/** @param {string} id */
export function endMaintenance(id) {
  return once(`maintenance ${id}`, async () => {
    await post(`/posts/${id}/maintenance`, { on: false });
    toast(t("{post} is open again.", { post: nameOf(id) }));
  });
}

/**
 * Take the stay from a post that is dead for good.
 * @param {string} id
 * @param {string} reason
 * @param {Complain} complain
 */
export function release(id, reason, complain) {
  return once(`release ${id}`, async () => {
    await post(`/posts/${id}/release`, { reason });
    toast(t("{post} released.", { post: nameOf(id) }));
  }, complain);
}
