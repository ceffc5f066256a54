/** One act at a time about one thing: a second click is the same click; what the hub refuses is told. */

import { Refused } from "./api.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

const SLOW_MS = 1_000;

/** Acts on their way, by what they are about. @type {Set<string>} */
const underway = new Set();

/** @param {string} text */
function tellBadly(text) {
  toast(text, { tone: "bad", stay_ms: 10_000 });
}

/**
 * @param {string} about
 * @param {() => Promise<void>} act
 * @param {(text: string) => void} [complain] where to say why not; a toast unless there is a dialog in front of it
 * @returns {Promise<boolean>} whether it was done
 */
export async function once(about, act, complain = tellBadly) {
  if (underway.has(about)) return false;
  underway.add(about);
  try {
    await patiently(act());
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    complain(error.message);
    return false;
  } finally {
    underway.delete(about);
  }
}

/**
 * Say that the hub is slow for as long as it is: whoever sees nothing clicks again.
 * @template T
 * @param {Promise<T>} answer
 * @returns {Promise<T>}
 */
export async function patiently(answer) {
  /** @type {import("./toast.js").Toast | null} */
  let told = null;
  const timer = window.setTimeout(() => {
    told = toast(t("The hub is slow to answer…"), { stay_ms: Infinity });
  }, SLOW_MS);
  try {
    return await answer;
  } finally {
    window.clearTimeout(timer);
    told?.close();
  }
}
