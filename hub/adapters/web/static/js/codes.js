/** The codes that are out: given and not used yet, or suspended with time left. */

import { end } from "./acts.js";
import { asDuration, asUntil } from "./clock.js";
import { byId, copyOf, setAttribute, setText } from "./dom.js";
import { mentions } from "./filter.js";
import { onChange, posts, sessions } from "./room.js";
import { grouped, t } from "./texts.js";
import { sessionStatus } from "./words.js";

/** @type {Map<string, {node: HTMLElement, draw: (session: import("./room.js").Session) => void}>} */
const rows = new Map();

/**
 * Draw the list and keep it true.
 * @param {(session_id: string) => void} open
 */
export function startCodes(open) {
  onChange((change) => {
    if (change.kind === "session") draw(change.session, open);
    if (change.kind === "all") {
      for (const [id, row] of rows) if (!sessions.has(id)) drop(id, row.node);
      for (const session of [...sessions.values()].sort((a, b) => a.created_at.localeCompare(b.created_at))) {
        draw(session, open);
      }
    }
    setAttribute(byId("codes-empty"), "hidden", rows.size > 0);
    if (change.kind === "all" || change.kind === "session") narrow();
  });
  byId("filter").addEventListener("input", narrow);
}

/** Show what is looked for, be it by a code as somebody has it on their ticket. */
function narrow() {
  let found = 0;
  for (const [id, { node }] of rows) {
    const shown = mentions(`${node.textContent} ${sessions.get(id)?.code ?? ""}`);
    setAttribute(node, "hidden", !shown);
    if (shown) found += 1;
  }
  setText(byId("codes-count"), found === rows.size ? String(found) : `${found} / ${rows.size}`);
}

/**
 * @param {import("./room.js").Session} session
 * @param {(session_id: string) => void} open
 */
function draw(session, open) {
  const row = rows.get(session.id);
  const listed = session.status === "pending" || session.status === "suspended";
  if (!listed && row) drop(session.id, row.node);
  if (!listed) return;
  if (row) row.draw(session);
  else {
    const made = makeRow(session, open);
    rows.set(session.id, made);
    byId("codes").prepend(made.node);
  }
}

/**
 * A row leaves; if it held the focus, the next one takes it over.
 * @param {string} id
 * @param {HTMLElement} node
 */
function drop(id, node) {
  const held = node.contains(document.activeElement);
  const next = node.nextElementSibling ?? node.previousElementSibling;
  node.remove();
  rows.delete(id);
  if (held) (next?.querySelector("button") ?? byId("codes-title")).focus();
}

/**
 * @param {import("./room.js").Session} first
 * @param {(session_id: string) => void} open
 */
function makeRow(first, open) {
  const [node] = copyOf("code-row");
  const [show, print, close] = node.children;
  const [code, rest, about] = show.children;
  setAttribute(node, "data-session", first.id);
  show.addEventListener("click", () => open(first.id));
  print?.setAttribute("href", `/sessions/${first.id}/ticket`);
  close?.addEventListener("click", () => end(first.id));
  /** @param {import("./room.js").Session} session */
  const redraw = (session) => {
    setText(code, session.code ? grouped(session.code) : t("Code hidden"));
    setText(rest, asDuration(session.remaining_s));
    setText(about, aboutOf(session));
    setAttribute(node, "data-status", session.status);
    print?.setAttribute("aria-label", t("Ticket for {code}", { code: session.code ?? "" }));
    close?.setAttribute("aria-label", t("End {code}", { code: session.code ?? "" }));
  };
  redraw(first);
  return { node, draw: redraw };
}

/**
 * "Suspended · Post 3 only · until 18:00"
 * @param {import("./room.js").Session} session
 */
export function aboutOf(session) {
  const bound = session.bound_post_id;
  return [
    sessionStatus(session.status),
    session.user_name ?? null,
    bound ? t("{post} only", { post: posts.get(bound)?.name ?? bound }) : null,
    session.valid_until ? asUntil(Date.parse(session.valid_until)) : null,
  ].filter(Boolean).join(" · ");
}
