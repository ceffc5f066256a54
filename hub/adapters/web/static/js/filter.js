/** Which posts the board shows: words, a status, a zone; kept in the address, so that they outlive a reload. */

import { byId, el } from "./dom.js";
import { byPlace } from "./order.js";
import { needsCare, onChange, posts } from "./room.js";

const FIELDS = { q: "filter", status: "filter-status", zone: "filter-zone" };

/** @param {() => void} changed */
export function startFilter(changed) {
  const asked = new URLSearchParams(location.search);
  for (const [name, id] of Object.entries(FIELDS)) {
    const field = byId(id);
    const value = asked.get(name) ?? "";
    if (name === "zone" && value) field.append(el("option", { value, text: value }));
    if (name !== "status" || field.querySelector(`option[value="${CSS.escape(value)}"]`)) field.value = value;
    field.addEventListener("input", () => {
      keep();
      changed();
    });
  }
  onChange((change) => (change.kind === "all" || change.kind === "post") && offerZones());
}

/** Narrow nothing any more. */
export function clearFilter() {
  for (const id of Object.values(FIELDS)) byId(id).value = "";
  byId("filter").dispatchEvent(new Event("input"));
}

/**
 * Whether a post is among those that are looked for.
 * @param {import("./room.js").Post} post
 * @param {string} said what its card says
 */
export function wanted(post, said) {
  const status = byId("filter-status").value;
  const zone = byId("filter-zone").value;
  const kind = status === "care" ? needsCare(post) : !status || post.status === status;
  return kind && (!zone || post.zone === zone) && mentions(said);
}

/**
 * Whether a text has every word that is looked for.
 * @param {string} said
 */
export function mentions(said) {
  const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((/** @type {string} */ word) => said.toLowerCase().includes(word));
}

function keep() {
  const told = new URLSearchParams();
  for (const [name, id] of Object.entries(FIELDS)) if (byId(id).value) told.set(name, byId(id).value);
  history.replaceState(null, "", told.size ? `?${told}` : location.pathname);
}

/** The zones that there are, made anew only when they are others. */
function offerZones() {
  const field = byId("filter-zone");
  const zones = [...new Set([...posts.values()].sort(byPlace).map((post) => post.zone))].filter(Boolean);
  if (field.value && !zones.includes(field.value)) zones.push(field.value);
  const key = JSON.stringify(zones);
  if (field.dataset.key === key) return;
  field.dataset.key = key;
  const value = field.value;
  field.replaceChildren(field.options[0], ...zones.map((zone) => el("option", { value: zone, text: zone })));
  field.value = value;
}
