/** The board: all posts by zone, kept as the hub tells, walked with the arrow keys. */

import { Card } from "./card.js";
import { byId, el, setAttribute, setText } from "./dom.js";
import { startFilter, wanted } from "./filter.js";
import { byPlace, zoneTitle } from "./order.js";
import { isFree, onChange, posts } from "./room.js";
import { tn } from "./texts.js";
import { postStatus } from "./words.js";

/** @type {Map<string, Card>} */
const cards = new Map();
/** Status words that have not been read out yet, by post. @type {Map<string, string>} */
const news = new Map();
const ANNOUNCE_MS = 1_500;

/**
 * Draw the board and keep it true.
 * @param {(post_id: string) => void} open
 */
export function startBoard(open) {
  const board = byId("board");
  onChange((change) => {
    if (change.kind === "all") layOut(board);
    else if (change.kind === "post") takePost(board, change.post);
    else if (change.kind === "session") refresh(change.session);
    if (change.kind !== "log") count();
  });
  startFilter(filter);
  board.addEventListener("keydown", walk);
  board.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (button) cardAround(button)?.clicked(event, button, open);
  });
  board.addEventListener("focusin", (/** @type {FocusEvent} */ event) => {
    const card = cardAround(/** @type {Element} */ (event.target));
    if (card) reach(card);
  });
  window.setInterval(() => cards.forEach((card) => card.tick()), 500);
  window.setInterval(announce, ANNOUNCE_MS);
}

/** @param {Element} node */
function cardAround(node) {
  return cards.get(node.closest("[data-post]")?.getAttribute("data-post") ?? "");
}

/** @param {HTMLElement} board */
function layOut(board) {
  const held = board.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
  for (const [id, card] of cards) {
    if (posts.has(id)) continue;
    card.node.remove();
    cards.delete(id);
  }
  /** @type {Map<string, HTMLElement[]>} */
  const zones = new Map();
  for (const post of [...posts.values()].sort(byPlace)) {
    const known = cards.get(post.id);
    if (known) known.update(post);
    const card = known ?? new Card(post);
    cards.set(post.id, card);
    zones.set(post.zone, [...(zones.get(post.zone) ?? []), card.node]);
  }
  const order = JSON.stringify([...zones].map(([zone, nodes]) => [zone, nodes.map((node) => node.dataset.post)]));
  if (order !== board.dataset.order) {
    board.replaceChildren(...[...zones].map(([zone, nodes], at) => zoneSection(zone, nodes, at)));
    board.dataset.order = order;
  }
  setAttribute(byId("board-empty"), "hidden", posts.size > 0);
  setAttribute(byId("board-wait"), "hidden", true);
  if (![...cards.values()].some((card) => card.reachable)) reach(inOrder()[0]);
  filter();
  if (held && board.contains(held)) held.focus();
  else if (held) focusBoard();
}

/**
 * @param {string} zone
 * @param {HTMLElement[]} nodes
 * @param {number} at
 */
function zoneSection(zone, nodes, at) {
  return el("section", { class: "zone", "aria-labelledby": `zone-${at}` },
    el("h2", { id: `zone-${at}`, text: zoneTitle(zone, nodes.length === posts.size) }),
    el("ul", { class: "cards" }, ...nodes));
}

/**
 * @param {HTMLElement} board
 * @param {import("./room.js").Post} post
 */
function takePost(board, post) {
  const card = cards.get(post.id);
  if (card === undefined || card.zone !== post.zone) {
    layOut(board);
    return;
  }
  const before = card.node.getAttribute("data-status");
  card.update(post);
  filter();
  if (before !== post.status) news.set(post.id, `${post.name}: ${postStatus(post.status).word}`);
}

/** @param {import("./room.js").Session} session */
function refresh(session) {
  for (const post of posts.values()) {
    if (post.session_id === session.id || post.id === session.bound_post_id) cards.get(post.id)?.update(post);
  }
}

/** Changes of status are read out together, and nothing else is: a clock that talks is a nuisance. */
function announce() {
  if (!news.size) return;
  byId("news").textContent = [...news.values()].join(". ");
  news.clear();
}

function count() {
  const all = [...posts.values()];
  const free = all.filter(isFree).length;
  const taken = all.filter((post) => post.status === "occupied").length;
  const away = all.filter((post) => post.status === "offline").length;
  const calling = all.filter((post) => post.calling_since !== null).length;
  const said = [tn("{n} post free", "{n} posts free", free), tn("{n} occupied", "{n} occupied", taken)];
  if (away) said.push(tn("{n} offline", "{n} offline", away));
  if (calling) said.push(tn("{n} calls the desk", "{n} call the desk", calling));
  setText(byId("count"), said.join(" · "));
}

/** Show what is looked for; a focus whose card leaves goes to the next one that stays. */
function filter() {
  const held = document.activeElement?.closest(".card");
  let found = 0;
  for (const card of cards.values()) {
    const post = posts.get(card.id);
    const shown = post !== undefined && wanted(post, card.says(post));
    setAttribute(card.node, "hidden", !shown);
    if (shown) found += 1;
  }
  for (const zone of byId("board").children) setAttribute(zone, "hidden", !zone.querySelector(".card:not([hidden])"));
  setAttribute(byId("board-none"), "hidden", found > 0 || !posts.size);
  const shown = inOrder();
  if (shown.length && !shown.some((card) => card.reachable)) reach(shown[0]);
  if (held instanceof HTMLElement && held.hidden) focusBoard();
}

/** The cards that are shown, as they stand on the page. @returns {Card[]} */
function inOrder() {
  const nodes = [...byId("board").querySelectorAll(".card:not([hidden])")];
  return nodes.map((node) => /** @type {Card} */ (cards.get(node.getAttribute("data-post"))));
}

/** @param {Card | undefined} card */
function reach(card) {
  for (const other of cards.values()) if (other.reachable !== (other === card)) other.setReachable(other === card);
}

/** Put the focus on the board, as `Escape` in the filter does. */
export function focusBoard() {
  inOrder().find((card) => card.reachable)?.main.focus();
}

/** The post whose card has the focus, in itself or in one of its buttons. */
export function postInFocus() {
  const id = document.activeElement?.closest("[data-post]")?.getAttribute("data-post");
  return id === undefined || id === null ? null : (posts.get(id) ?? null);
}

/** @param {KeyboardEvent} event */
function walk(event) {
  if (!event.key.startsWith("Arrow") && event.key !== "Home" && event.key !== "End") return;
  const shown = inOrder();
  const at = shown.findIndex((card) => card.node.contains(/** @type {Node} */ (event.target)));
  if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const next = { ArrowRight: shown[at + 1], ArrowLeft: shown[at - 1], Home: shown[0], End: shown.at(-1) }[event.key];
  const goal = event.key === "ArrowDown" || event.key === "ArrowUp" ? beyond(shown, at, event.key) : next;
  if (goal) {
    reach(goal);
    goal.main.focus();
  }
}

/**
 * The nearest card in the next row down or up, by where it stands.
 * @param {Card[]} shown
 * @param {number} at
 * @param {string} key
 */
function beyond(shown, at, key) {
  const here = shown[at].node.getBoundingClientRect();
  const down = key === "ArrowDown";
  const ahead = shown.map((card) => ({ card, box: card.node.getBoundingClientRect() }))
    .filter(({ box }) => (down ? box.top >= here.bottom - 1 : box.bottom <= here.top + 1));
  const row = down ? Math.min(...ahead.map(({ box }) => box.top)) : Math.max(...ahead.map(({ box }) => box.top));
  return ahead.filter(({ box }) => Math.abs(box.top - row) < 2)
    .sort((a, b) => Math.abs(a.box.left - here.left) - Math.abs(b.box.left - here.left))[0]?.card;
}
