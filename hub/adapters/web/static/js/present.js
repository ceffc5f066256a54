/** Whoever types is there: the hub is told, or its idle time would end a form that somebody is filling in. */

const EVERY_MS = 60_000;

/** Tell it at most once a minute, by asking for a page: what asks by itself (GET of the API) is nobody's use. */
export function startPresent() {
  let told_at = performance.now();
  document.addEventListener("input", () => {
    if (performance.now() - told_at < EVERY_MS) return;
    told_at = performance.now();
    // A hub that does not answer is told of when the form is sent.
    fetch("/me", { method: "HEAD" }).catch(() => undefined);
  });
}
