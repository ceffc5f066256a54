/** How posts follow each other wherever people look for one: by zone, then by name. */

import { language, t } from "./texts.js";

const words = new Intl.Collator(language, { numeric: true });

/**
 * Numbers count as numbers, and posts of no zone come last.
 * @param {{zone: string, name: string}} one
 * @param {{zone: string, name: string}} other
 */
export function byPlace(one, other) {
  return Number(!one.zone) - Number(!other.zone) || words.compare(one.zone, other.zone)
    || words.compare(one.name, other.name);
}

/**
 * What stands above the posts of a zone.
 * @param {string} zone empty for those of none
 * @param {boolean} alone whether all posts are in it
 */
export function zoneTitle(zone, alone) {
  return zone || (alone ? t("Posts") : t("Other posts"));
}
