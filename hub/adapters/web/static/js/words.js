/** The words and shapes for what posts and stays are: colour never says it alone. */

import { t } from "./texts.js";

/** @type {Record<string, {word: string, icon: string}>} */
const POST = {
  available: { word: t("Available"), icon: "ring" },
  occupied: { word: t("Occupied"), icon: "disc" },
  reserved: { word: t("Reserved"), icon: "flag" },
  offline: { word: t("Offline"), icon: "unplugged" },
  maintenance: { word: t("Maintenance"), icon: "wrench" },
};

/** @type {Record<string, string>} */
const SESSION = {
  pending: t("Not used yet"),
  active: t("Running"),
  suspended: t("Suspended"),
  ended: t("Ended"),
  expired: t("Expired"),
};

/** @type {Record<string, string>} */
const PHASE = {
  entering: t("Code being typed"),
  checking: t("Checking the code…"),
  grace: t("Time is up: saving work"),
  locked_out: t("Locked: too many wrong codes"),
  fault: t("Out of order"),
};

/** @type {Record<string, string>} */
const FAULT = {
  keypad: t("Keypad unplugged"),
  keypad_lost: t("Keypad unplugged"),
  screen: t("Screen of the post does not answer"),
  crash_loop: t("Program keeps ending by itself"),
  display_fault: t("Screen of the post does not answer"),
  relay: t("Power switch does not follow"),
  relay_mismatch: t("Power switch does not follow"),
  no_feedback: t("Power switch does not report"),
  journal: t("Memory card cannot be written"),
  journal_quarantined: t("Memory card damaged"),
  tamper: t("Case opened"),
};

/** @type {Record<string, string>} */
const PENDING = { suspend: t("Suspending…"), end: t("Ending…"), transfer: t("Moving…") };

/** @param {string} status */
export function postStatus(status) {
  return POST[status] ?? { word: status, icon: "ring" };
}

/** @param {string} status */
export function sessionStatus(status) {
  return SESSION[status] ?? status;
}

/**
 * The word for a phase that is worth one; null for those that the status already tells.
 * @param {string | null} phase
 */
export function phaseWord(phase) {
  return (phase && PHASE[phase]) ?? null;
}

/** @param {string} fault a kind, or `kind:part` as in `relay:display` */
export function faultWord(fault) {
  const [kind, part] = fault.split(":");
  const word = FAULT[kind] ?? kind.replaceAll("_", " ");
  return part ? `${word} (${part})` : word;
}

/** @param {string | null} action */
export function pendingWord(action) {
  return action === null ? null : (PENDING[action] ?? action);
}
