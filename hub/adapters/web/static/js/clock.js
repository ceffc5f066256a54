/** Time left: told by the hub with the moment it was true, run down here, corrected by each telling. */

import { language, t } from "./texts.js";

const JITTER_MS = 1500;
let ahead_ms = 0;

/**
 * The hub's clock, as the last snapshot told it.
 * @param {string} at RFC 3339
 */
export function setHubTime(at) {
  const told = Date.parse(at);
  if (!Number.isNaN(told)) ahead_ms = told - Date.now();
}

/** Now, by the hub's clock, in milliseconds. */
export function now() {
  return Date.now() + ahead_ms;
}

/**
 * The instant at which a time left runs out. A new telling that differs by a breath keeps the old one: a clock that
 * hops back a second looks broken.
 * @param {number} remaining_s
 * @param {string | null} as_of
 * @param {number | null} before the instant shown so far
 */
export function endOf(remaining_s, as_of, before = null) {
  const told = (as_of ? Date.parse(as_of) : now()) + remaining_s * 1000;
  return before !== null && Math.abs(told - before) <= JITTER_MS ? before : told;
}

/**
 * Whole seconds until an instant, never below zero.
 * @param {number} ends_ms
 */
export function secondsUntil(ends_ms) {
  return Math.max(0, Math.ceil((ends_ms - now()) / 1000));
}

/**
 * 65 -> "1:05", 3665 -> "1:01:05".
 * @param {number} seconds
 */
export function asClock(seconds) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/**
 * 900 -> "15 min", 5400 -> "1 h 30"; read alike in both languages. Begun minutes count as whole ones.
 * @param {number} seconds
 */
export function asDuration(seconds) {
  const minutes = Math.ceil(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (!hours) return `${minutes}\u00a0min`;
  return minutes % 60 ? `${hours}\u00a0h\u00a0${String(minutes % 60).padStart(2, "0")}` : `${hours}\u00a0h`;
}

const zone = document.body.dataset.timeZone || undefined;
/** The day before the month in English too, as the hub writes it. */
const lang = language === "en" ? "en-GB" : language;
/** @param {Intl.DateTimeFormatOptions} [more] */
const hours = (more) => new Intl.DateTimeFormat(lang, {
  hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone, ...more,
});
/** @type {{hour: Intl.DateTimeFormat, day: Intl.DateTimeFormat, date: Intl.DateTimeFormat} | null} */
let formats = null;
/** @type {Intl.DateTimeFormat | null} */
let far = null;
/** Beyond, a weekday alone could be another week's. */
const NEAR_MS = 6 * 86_400_000;

/** How the house's clock is written. A browser takes 20 ms to learn it: call this while there is nothing else to do. */
export function learnHours() {
  return formats ??= {
    hour: hours(), day: hours({ weekday: "short" }), date: new Intl.DateTimeFormat("en-CA", { timeZone: zone }),
  };
}

/**
 * An instant as the house's wall clock shows it: with the weekday when it is not today, and with the date when it is
 * a week away or more.
 * @param {number} at_ms
 */
export function asHour(at_ms) {
  const { hour, day, date } = learnHours();
  if (isFar(at_ms)) return (far ??= hours({ day: "numeric", month: "short" })).format(at_ms);
  return (date.format(at_ms) === date.format(now()) ? hour : day).format(at_ms);
}

/** @param {number} at_ms */
function isFar(at_ms) {
  return Math.abs(at_ms - now()) >= NEAR_MS;
}

/**
 * "until 18:00", "until Fri 18:00", "until 3 Dec, 18:00"
 * @param {number} at_ms
 */
export function asUntil(at_ms) {
  return isFar(at_ms) ? t("until {date}", { date: asHour(at_ms) }) : t("until {hour}", { hour: asHour(at_ms) });
}
