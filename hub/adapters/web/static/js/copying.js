/** A text onto the clipboard, which needs a secure page; elsewhere it is marked, ready for Ctrl+C. */

import { setText } from "./dom.js";
import { t } from "./texts.js";

/**
 * @param {string} text
 * @param {HTMLElement} shown where the text can be marked
 * @param {HTMLElement} told where to say what came of it
 */
export async function copy(text, shown, told) {
  try {
    await navigator.clipboard.writeText(text);
    setText(told, t("Copied."));
  } catch {
    window.getSelection()?.selectAllChildren(shown);
    setText(told, t("Marked: press Ctrl+C."));
  }
}
