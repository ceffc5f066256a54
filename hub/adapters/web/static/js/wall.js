/** The wall: asks for the room every few seconds, runs the clocks down between, and heals by itself. */

import { leave } from "./api.js";
import { asDuration, asHour, endOf, now, secondsUntil, setHubTime } from "./clock.js";
import { byId, el, icon, setAttribute, setIcon, setText } from "./dom.js";
import { byPlace, zoneTitle } from "./order.js";
import { t, tn } from "./texts.js";
import { phaseWord, postStatus } from "./words.js";

/**
 * @typedef {{id: string, name: string, zone: string, status: string, phase: string | null,
 *   remaining_s: number | null, as_of: string | null}} Post
 */

const EVERY_MS = 5_000;
/** Sizes of the text in hundredths of the window's shorter side: the largest that shows every post is taken. */
const SIZES = [5, 4.5, 4, 3.6, 3.2, 2.9, 2.6, 2.3, 2, 1.8, 1.6, 1.4, 1.2];
/** How many zones stand side by side. */
const COLUMNS = [1, 2, 3, 4];
/** @type {Map<string, {node: HTMLElement, take: (post: Post) => void, tick: () => void}>} */
const cards = new Map();

async function ask() {
  const room = await fetched();
  setAttribute(byId("lost"), "hidden", room !== null);
  if (room !== null) show(room);
  window.setTimeout(ask, EVERY_MS);
}

/**
 * The room as it now is; null when the hub does not answer.
 * @returns {Promise<{at: string, posts: Post[]} | null>}
 */
async function fetched() {
  try {
    const response = await fetch("/api/v1/display", { signal: AbortSignal.timeout(EVERY_MS) });
    if (response.status === 401) leave();
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** @param {{at: string, posts: Post[]}} room */
function show(room) {
  setHubTime(room.at);
  for (const post of room.posts) {
    const card = cards.get(post.id) ?? makeCard(post);
    cards.set(post.id, card);
    card.take(post);
  }
  const there = new Set(room.posts.map((post) => post.id));
  for (const id of cards.keys()) if (!there.has(id)) cards.delete(id);
  layOut(room.posts);
  const free = room.posts.filter((post) => post.status === "available" && post.phase !== "fault").length;
  setText(byId("free"), free ? tn("{n} post free", "{n} posts free", free) : t("No post is free"));
  tick();
  if (overflows()) fit();
}

function overflows() {
  const { scrollHeight, scrollWidth } = document.documentElement;
  return scrollHeight > window.innerHeight || scrollWidth > window.innerWidth;
}

function fit() {
  for (const size of SIZES) for (const columns of COLUMNS) if (fits(size, columns)) return;
  fits(/** @type {number} */ (SIZES.at(-1)), 1);
}

/**
 * @param {number} size
 * @param {number} columns
 */
function fits(size, columns) {
  document.body.style.setProperty("--size", String(size));
  document.body.style.setProperty("--columns", String(columns));
  return !overflows();
}

/** @param {Post[]} posts */
function layOut(posts) {
  const sorted = [...posts].sort(byPlace);
  const key = JSON.stringify(sorted.map((post) => [post.id, post.zone]));
  const wall = byId("wall");
  if (wall.dataset.key === key) return;
  wall.dataset.key = key;
  const zones = [...new Set(sorted.map((post) => post.zone))];
  wall.replaceChildren(...zones.map((zone) => el("section", { class: "wall-zone" },
    el("h2", { text: zoneTitle(zone, zones.length === 1) }),
    el("div", { class: "wall-posts" },
      ...sorted.filter((post) => post.zone === zone).map((post) => cards.get(post.id)?.node ?? null)))));
  fit();
}

/** @param {Post} first */
function makeCard(first) {
  const name = el("h3", {});
  const word = el("span", {});
  const shape = icon("ring");
  const left = el("p", { class: "wall-left" });
  const node = el("article", { class: "wall-post", "data-post": first.id },
    name, el("p", { class: "wall-status" }, shape, word), left);
  /** @type {number | null} */
  let ends_ms = null;
  return {
    node,
    /** @param {Post} post */
    take(post) {
      const { word: said, icon: sign } = postStatus(post.status);
      const broken = post.status === "available" && post.phase === "fault";
      setText(name, post.name);
      setText(word, (broken && phaseWord("fault")) || said);
      setIcon(shape, broken ? "warn" : sign);
      setAttribute(node, "data-status", broken ? "offline" : post.status);
      const runs = post.status === "occupied" && post.remaining_s !== null;
      ends_ms = runs ? endOf(/** @type {number} */ (post.remaining_s), post.as_of, ends_ms) : null;
    },
    tick() {
      const left_s = ends_ms === null ? null : secondsUntil(ends_ms);
      if (left_s === null) setText(left, "");
      else setText(left, left_s ? t("about {time} left", { time: asDuration(left_s) }) : t("Free soon"));
    },
  };
}

function tick() {
  setText(byId("clock"), asHour(now()));
  cards.forEach((card) => card.tick());
}

window.setInterval(tick, 1_000);
window.addEventListener("resize", fit);
ask();
