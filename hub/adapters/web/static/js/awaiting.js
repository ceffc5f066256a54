/** A part of a page that waits for the room to answer: it is asked for again until it is there, and put in place. */

const EVERY_MS = 1_500;
const AT_MOST = 40;

/**
 * Renew a part for as long as its page says that something is awaited in it; what is typed beside it stays.
 * @param {HTMLElement} part with an id
 */
export function startAwaiting(part) {
  let asked = 0;
  const again = async () => {
    asked += 1;
    const fresh = await renewed(part.id);
    if (fresh && !("awaited" in fresh.dataset)) renew(part, fresh);
    else if (asked < AT_MOST) window.setTimeout(again, EVERY_MS);
  };
  window.setTimeout(again, EVERY_MS);
}

/**
 * @param {HTMLElement} part
 * @param {HTMLElement} fresh
 */
function renew(part, fresh) {
  const held = part.contains(document.activeElement);
  part.replaceChildren(...fresh.children);
  if (held) /** @type {HTMLElement | null} */ (part.querySelector("a, button, input, select"))?.focus();
}

/**
 * The part as it is now; null when the hub does not answer.
 * @param {string} id
 */
async function renewed(id) {
  try {
    const response = await fetch(location.href, { signal: AbortSignal.timeout(5_000) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.getElementById(id);
  } catch {
    return null;
  }
}
