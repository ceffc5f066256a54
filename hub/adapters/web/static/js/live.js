/** The live connection: snapshot first, then what changes; broken, it says so at once and heals by itself. */

import { leave, signedIn } from "./api.js";

const QUIET_MS = 15_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8_000;

/**
 * Keep a connection to the hub.
 * @param {{frame: (frame: {seq: number, type: string, data: any}) => void, link: (up: boolean) => void}} on
 */
export function connect(on) {
  let retry_ms = FIRST_RETRY_MS;
  let heard_at = 0;
  /** @type {WebSocket | null} */
  let socket = null;
  let waiting = 0;

  function open() {
    window.clearTimeout(waiting);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const mine = new WebSocket(`${scheme}://${location.host}/api/v1/live`);
    socket = mine;
    mine.addEventListener("message", (event) => {
      if (socket !== mine) return;
      heard_at = Date.now();
      const frame = JSON.parse(event.data);
      if (frame.type === "snapshot") {
        retry_ms = FIRST_RETRY_MS;
        on.link(true);
      }
      on.frame(frame);
    });
    mine.addEventListener("close", () => {
      if (socket === mine) lost();
    });
  }

  function lost() {
    const old = socket;
    socket = null;
    old?.close();
    on.link(false);
    window.clearTimeout(waiting);
    waiting = window.setTimeout(again, retry_ms * (0.75 + Math.random() / 2));
    retry_ms = Math.min(retry_ms * 2, LAST_RETRY_MS);
  }

  async function again() {
    if ((await signedIn()) === "no") leave();
    else if (socket === null) open();
  }

  // A cut cable closes nothing: when nothing has been heard for a while, ask whether anybody is there.
  async function listen() {
    const mine = socket;
    if (mine === null || Date.now() - heard_at < QUIET_MS) return;
    const answer = await signedIn();
    if (socket !== mine) return;
    if (answer === "no") leave();
    else if (answer === "unreachable") lost();
    else heard_at = Date.now();
  }

  window.setInterval(listen, 5_000);
  window.addEventListener("offline", () => socket !== null && lost());
  window.addEventListener("online", () => socket === null && open());
  open();
}
