/** One post on the board: made once, then only what differs is changed, so that focus and reading stay put. */

import { addTime, end, starting, startHere } from "./acts.js";
import { careFor, newest, notesOf } from "./card_says.js";
import { asClock, asDuration, asHour, endOf, secondsUntil } from "./clock.js";
import { el, icon, setAttribute, setIcon, setText } from "./dom.js";
import { isFree, needsCare, sessionAt } from "./room.js";
import { t } from "./texts.js";
import { postStatus } from "./words.js";

const SOON_S = 300;
/** Within this time a second click means the button that the first one met. */
const CALM_MS = 700;
const ADD_S = [300, 900, 1800];
const presets_s = JSON.parse(document.body.dataset.presets || "[]");
const may_act = document.body.dataset.mayAct === "true";

export class Card {
  /**
   * @param {import("./room.js").Post} post
   * @param {(id: string) => void} open what a click on the card does
   */
  constructor(post, open) {
    this.id = post.id;
    this.zone = post.zone;
    this.ends_ms = /** @type {number | null} */ (null);
    this.name = el("span", {});
    this.main = el("button", {
      type: "button", class: "card-main", "aria-describedby": `about-${post.id}`, onclick: () => open(post.id),
    }, this.name);
    this.shape = icon("ring");
    this.word = el("span", {});
    this.clock = el("span", { class: "clock" });
    this.until = el("span", { class: "until" });
    this.bar = el("span", { class: "bar-fill" });
    this.track = el("span", { class: "bar", "aria-hidden": "true" }, this.bar);
    this.notes = el("ul", { class: "card-notes" });
    this.care = el("div", { class: "quick care" });
    this.quick = el("div", { class: "quick", role: "group" });
    for (const buttons of [this.care, this.quick]) {
      buttons.addEventListener("click", (/** @type {Event} */ event) => this.doubt(event), { capture: true });
    }
    this.changed_at = 0;
    this.clicked_at = -Infinity;
    this.node = el("li", { class: "card", "data-post": post.id },
      el("h3", { class: "card-title" }, this.main),
      el("div", { class: "card-about", id: `about-${post.id}` },
        el("span", { class: "status" }, this.shape, this.word),
        el("span", { class: "time" }, this.clock, this.until)),
      this.track, this.notes, this.care, this.quick);
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
    const told = newest(post, session);
    const runs = told !== null && post.session_id !== null && post.phase !== "grace";
    this.ends_ms = runs ? endOf(told.remaining_s, told.as_of, this.ends_ms) : null;
    this.budget_s = session ? session.initial_s + session.added_s : 0;
    setText(this.until, this.ends_ms === null ? "" : t("until {hour}", { hour: asHour(this.ends_ms) }));
    setAttribute(this.track, "hidden", this.ends_ms === null || !this.budget_s);
    this.tick();
  }

  /** The seconds run down; nothing else changes by itself. */
  tick() {
    const left_s = this.ends_ms === null ? null : secondsUntil(this.ends_ms);
    setText(this.clock, left_s === null ? "" : asClock(left_s));
    setAttribute(this.node, "data-soon", left_s !== null && left_s <= SOON_S);
    if (left_s !== null && this.budget_s) {
      this.bar.style.setProperty("--left", String(Math.min(1, left_s / this.budget_s)));
    }
  }

  /**
   * @param {import("./room.js").Post} post
   * @param {import("./room.js").Session | null} session
   */
  setNotes(post, session) {
    const lines = notesOf(post, session, starting.has(post.id));
    const key = JSON.stringify(lines);
    if (this.notes.dataset.key === key) return;
    this.notes.dataset.key = key;
    this.notes.replaceChildren(...lines.map(([kind, text]) =>
      el("li", { "data-kind": kind }, icon(kind), el("span", { text }))));
  }

  /**
   * One click for each thing that waits for somebody.
   * @param {import("./room.js").Post} post
   */
  setCare(post) {
    const wanted = may_act ? careFor(post) : [];
    this.renew(this.care, JSON.stringify(wanted), () => wanted.map(({ text, name, act }) => el("button", {
      type: "button", text, "aria-label": name, onclick: () => act(post.id),
    })));
  }

  /**
   * Make buttons anew where others are wanted; the focus that was on one goes to the card.
   * @param {HTMLElement} box
   * @param {string} key what they are
   * @param {() => Node[]} make
   */
  renew(box, key, make) {
    if (box.dataset.key === key) return;
    box.dataset.key = key;
    this.changed_at = performance.now();
    const held = box.contains(document.activeElement);
    box.replaceChildren(...make());
    this.setReachable(this.main.tabIndex === 0);
    if (held) this.main.focus();
  }

  /**
   * @param {import("./room.js").Post} post
   * @param {import("./room.js").Session | null} session
   */
  setQuick(post, session) {
    let mode = "none";
    if (may_act && isFree(post) && !starting.has(post.id)) mode = "free";
    const runs = session === null || (session.status === "active" && !session.pending_action);
    if (may_act && post.session_id !== null && runs) mode = `runs ${post.session_id}`;
    setAttribute(this.quick, "aria-label", mode === "free" ? t("Start here") : t("Time"));
    this.renew(this.quick, mode, () => this.buttons(post, mode));
  }

  /** @param {Event} event a click; if it is a second one, on a button that was another a moment ago, it is ignored */
  doubt(event) {
    const at = performance.now();
    const pointed = /** @type {MouseEvent} */ (event).detail > 0;
    if (pointed && this.changed_at > this.clicked_at && at - this.clicked_at < CALM_MS) event.stopPropagation();
    this.clicked_at = at;
  }

  /**
   * @param {import("./room.js").Post} post
   * @param {string} mode
   */
  buttons(post, mode) {
    if (mode === "free") {
      return presets_s.slice(0, 4).map((/** @type {number} */ seconds) => el("button", {
        type: "button", text: asDuration(seconds), onclick: () => startHere(post.id, seconds),
        "aria-label": t("{time}: start at {post}", { time: asDuration(seconds), post: post.name }),
      }));
    }
    if (mode === "none" || post.session_id === null) return [];
    const session_id = post.session_id;
    const adds = ADD_S.map((seconds) => el("button", {
      type: "button", text: `+${seconds / 60}`, onclick: () => addTime(session_id, seconds),
      "aria-label": t("+{n} minutes at {post}", { n: seconds / 60, post: post.name }),
    }));
    return [...adds, el("button", {
      type: "button", class: "end", text: t("End"), onclick: () => end(session_id),
      "aria-label": t("End the session at {post}", { post: post.name }),
    })];
  }

  /**
   * Only one card is in the way of the Tab key; arrows lead to the others.
   * @param {boolean} yes
   */
  setReachable(yes) {
    this.main.tabIndex = yes ? 0 : -1;
    for (const button of [...this.care.children, ...this.quick.children]) {
      /** @type {HTMLElement} */ (button).tabIndex = yes ? 0 : -1;
    }
  }

  /**
   * What the card says, for the filter.
   * @param {import("./room.js").Post} post
   */
  says(post) {
    return [post.name, post.zone, post.id, this.word.textContent, this.notes.textContent].join(" ");
  }
}
