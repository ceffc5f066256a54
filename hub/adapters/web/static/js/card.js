/** One post on the board: made once, then only what differs is changed, so that focus and reading stay put. */

import { addTime, end, starting, startHere } from "./acts.js";
import { careFor, endsAt, notesOf } from "./card_says.js";
import { asClock, asUntil, secondsUntil } from "./clock.js";
import { copyOf, el, icon, setAttribute, setIcon, setText } from "./dom.js";
import { isFree, needsCare, reservationOf, sessionAt } from "./room.js";
import { t } from "./texts.js";
import { postStatus } from "./words.js";

const SOON_S = 300;
/** Within this time a second click means the button that the first one met. */
const CALM_MS = 700;
const may_act = document.body.dataset.mayAct === "true";

export class Card {
  /** @param {import("./room.js").Post} post */
  constructor(post) {
    this.id = post.id;
    this.zone = post.zone;
    this.ends_ms = /** @type {number | null} */ (null);
    this.budget_s = 0;
    this.reachable = false;
    this.waits = /** @type {ReturnType<typeof careFor>} */ ([]);
    this.changed_at = 0;
    this.clicked_at = -Infinity;
    [this.node] = copyOf("card");
    const part = (/** @type {string} */ selector) => this.node.querySelector(selector);
    this.main = part(".card-main");
    this.name = part(".card-main span");
    this.shape = part(".status .icon");
    this.word = part(".status span");
    this.clock = part(".clock");
    this.until = part(".until");
    this.track = part(".bar");
    this.bar = part(".bar-fill");
    this.notes = part(".card-notes");
    this.care = part(".care");
    this.quick = part(".quick:not(.care)");
    setAttribute(this.node, "data-post", post.id);
    setAttribute(this.main, "aria-describedby", `about-${post.id} notes-${post.id}`);
    setAttribute(part(".card-about"), "id", `about-${post.id}`);
    setAttribute(this.notes, "id", `notes-${post.id}`);
    this.update(post);
  }

  /** @param {import("./room.js").Post} post */
  update(post) {
    this.zone = post.zone;
    const session = sessionAt(post);
    const { word, icon: shape } = postStatus(post.status);
    setText(this.name, post.name);
    setText(this.word, word);
    setIcon(this.shape, shape);
    setAttribute(this.node, "data-status", post.status);
    this.setTime(post, session);
    setAttribute(this.node, "data-calling", post.calling_since !== null);
    setAttribute(this.node, "data-care", needsCare(post));
    this.setNotes(post, session);
    this.setCare(post);
    this.setQuick(post, session);
  }

  /**
   * @param {import("./room.js").Post} post
   * @param {import("./room.js").Session | null} session
   */
  setTime(post, session) {
    this.ends_ms = endsAt(post, session, this.ends_ms);
    this.budget_s = session ? session.initial_s + session.added_s : 0;
    setText(this.until, this.ends_ms === null ? "" : asUntil(this.ends_ms));
    setAttribute(this.track, "hidden", this.ends_ms === null || !this.budget_s);
    this.tick();
  }

  /** The seconds run down; nothing else changes by itself. */
  tick() {
    const left_s = this.ends_ms === null ? null : secondsUntil(this.ends_ms);
    setText(this.clock, left_s === null ? "" : asClock(left_s));
    setAttribute(this.node, "data-soon", left_s !== null && left_s <= SOON_S);
    const part = left_s !== null && this.budget_s ? Math.min(1, left_s / this.budget_s) : 0;
    this.bar.style.setProperty("--left", String(part));
  }

  /**
   * @param {import("./room.js").Post} post
   * @param {import("./room.js").Session | null} session
   */
  setNotes(post, session) {
    const lines = notesOf(post, session, starting.has(post.id));
    this.renew(this.notes, JSON.stringify(lines), () => lines.map(([kind, text]) =>
      el("li", { "data-kind": kind }, icon(kind), el("span", { text }))));
  }

  /**
   * One click for each thing that waits for somebody.
   * @param {import("./room.js").Post} post
   */
  setCare(post) {
    this.waits = may_act ? careFor(post) : [];
    const buttons = () => this.waits.map(({ text, name }) =>
      el("button", { type: "button", tabindex: "-1", text, "aria-label": name }));
    if (this.renew(this.care, JSON.stringify(this.waits), buttons)) this.changed_at = performance.now();
  }

  /**
   * Start, or more time and the end.
   * @param {import("./room.js").Post} post
   * @param {import("./room.js").Session | null} session
   */
  setQuick(post, session) {
    let mode = "none";
    if (may_act && isFree(post) && !starting.has(post.id)) mode = "free";
    const runs = session === null || (session.status === "active" && !session.pending_action);
    if (may_act && post.session_id !== null && runs) mode = "runs";
    setAttribute(this.quick, "aria-label", mode === "free" ? t("Start here") : t("Time"));
    this.session_id = post.session_id;
    const buttons = () => {
      const made = mode === "none" ? [] : copyOf(`card-${mode}`);
      for (const button of made) setAttribute(button, "aria-label", nameOf(button, post.name));
      return made;
    };
    const key = `${mode} ${post.session_id} ${post.name}`;
    if (this.renew(this.quick, key, buttons)) this.changed_at = performance.now();
  }

  /**
   * Make what is in a box anew where something else is wanted; the focus that was on it goes to the card.
   * @param {HTMLElement} box
   * @param {string} key what is wanted
   * @param {() => Node[]} make
   * @returns {boolean} whether it was something else
   */
  renew(box, key, make) {
    if (box.dataset.key === key) return false;
    const held = box.dataset.key !== undefined && box.contains(document.activeElement);
    box.dataset.key = key;
    box.replaceChildren(...make());
    if (this.reachable) this.setReachable(true);
    if (held) this.main.focus();
    return true;
  }

  /**
   * Somebody clicks on a button of this card.
   * @param {MouseEvent} event
   * @param {HTMLElement} button
   * @param {(id: string) => void} open what a click on the card itself does
   */
  clicked(event, button, open) {
    if (button === this.main) return open(this.id);
    if (this.doubts(event)) return undefined;
    const { start, add } = button.dataset;
    const at = [...this.care.children].indexOf(button);
    if (at >= 0) return this.waits[at].act(this.id);
    if (start) return startHere(this.id, Number(start));
    if (this.session_id === null || this.session_id === undefined) return undefined;
    return add ? addTime(this.session_id, Number(add)) : end(this.session_id);
  }

  /** @param {MouseEvent} event Whether it is a second click, on a button that was another a moment ago. */
  doubts(event) {
    const at = performance.now();
    const doubtful = event.detail > 0 && this.changed_at > this.clicked_at && at - this.clicked_at < CALM_MS;
    this.clicked_at = at;
    return doubtful;
  }

  /**
   * Only one card is in the way of the Tab key; arrows lead to the others.
   * @param {boolean} yes
   */
  setReachable(yes) {
    this.reachable = yes;
    for (const button of this.node.querySelectorAll("button")) button.tabIndex = yes ? 0 : -1;
  }

  /**
   * What the card says, for the filter.
   * @param {import("./room.js").Post} post
   */
  says(post) {
    const code = (sessionAt(post) ?? reservationOf(post))?.code;
    return [post.name, post.zone, post.id, this.word.textContent, this.notes.textContent, code].join(" ");
  }
}

/**
 * What a quick button does, and where: its face has room for a number only.
 * @param {HTMLElement} button
 * @param {string} post
 */
function nameOf(button, post) {
  const { start, add } = button.dataset;
  if (start) return t("{time}: start at {post}", { time: button.textContent ?? "", post });
  return add ? t("+{n} minutes at {post}", { n: Number(add) / 60, post }) : t("End the session at {post}", { post });
}
