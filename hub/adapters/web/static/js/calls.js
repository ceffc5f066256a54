/** Raised hands: a patron calls the desk. It is told once, in passing; the post's card says so until somebody goes. */

import { answerCall } from "./post_acts.js";
import { onChange, posts } from "./room.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

const TELL_MS = 20_000;
const may_act = document.body.dataset.mayAct === "true";
/** @type {Map<string, import("./toast.js").Toast>} */
const told = new Map();

/** Tell each call as it comes, and stop telling it when it is answered, wherever that was done. */
export function startCalls() {
  onChange((change) => {
    if (change.kind === "post") heed(change.post);
    if (change.kind === "all") for (const id of told.keys()) if (!posts.has(id)) close(id);
  });
}

/** @param {string} post_id */
function close(post_id) {
  told.get(post_id)?.close();
  told.delete(post_id);
}

/** @param {import("./room.js").Post} post */
function heed(post) {
  if (post.calling_since === null) close(post.id);
  else if (!told.has(post.id)) {
    const offer = may_act ? { label: t("On my way"), act: () => answerCall(post.id) } : undefined;
    const text = t("{post} is calling the desk.", { post: post.name });
    told.set(post.id, toast(text, { tone: "call", stay_ms: TELL_MS, offer }));
  }
}
