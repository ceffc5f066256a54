/** What this browser remembers of how its operator likes the board; where it may not remember, the page works on. */

/**
 * A switch that is kept: `data-<name>` on the page's body is there while it is on.
 * @param {string} name
 * @param {boolean} [otherwise] how it is until somebody chooses
 */
export function preference(name, otherwise = false) {
  let on = read(name) ?? otherwise;
  const show = () => document.body.toggleAttribute(`data-${name}`, on);
  show();
  return {
    get on() {
      return on;
    },
    /** @param {boolean} yes */
    set(yes) {
      on = yes;
      show();
      try {
        localStorage.setItem(name, String(yes));
      } catch { /* a browser that keeps nothing: it holds until the page is left */ }
    },
  };
}

/**
 * @param {string} name
 * @returns {boolean | null}
 */
function read(name) {
  try {
    const kept = localStorage.getItem(name);
    return kept === null ? null : kept === "true";
  } catch {
    return null;
  }
}
