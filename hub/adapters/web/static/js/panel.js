/** The panel's first page: wire the board, the codes, the dialogs, the keys and the live connection together. */

import { startBoard } from "./board.js";
import { startCalls } from "./calls.js";
import { startCodes } from "./codes.js";
import { learnHours } from "./clock.js";
import { byId, setAttribute, setText } from "./dom.js";
import { startKeys } from "./keys.js";
import { connect } from "./live.js";
import { openNewCode, startNewCode } from "./newcode.js";
import { preference } from "./preferences.js";
import { startPresent } from "./present.js";
import { take } from "./room.js";
import { openSheet, startSheet } from "./sheet.js";
import { t } from "./texts.js";

// First of all: while the hub gathers the room, the page makes itself ready.
connect({
  frame: take,
  link(up) {
    document.body.dataset.link = up ? "up" : "lost";
    setText(byId("link-word"), up ? t("Live") : t("Connection lost"));
    setAttribute(byId("lost"), "hidden", up);
  },
});

learnHours();
startBoard((id) => openSheet({ kind: "post", id }));
startCodes((id) => openSheet({ kind: "session", id }));
startSheet(openNewCode);
startNewCode();
startPresent();
startCalls();
startKeys({
  newCode: () => openNewCode(),
  message: (id) => openSheet({ kind: "post", id }, "sheet-message"),
});
document.getElementById("newcode-open")?.addEventListener("click", () => openNewCode());

const compact = preference("compact");
const switcher = byId("compact");
setAttribute(switcher, "aria-pressed", String(compact.on));
switcher.addEventListener("click", () => {
  compact.set(!compact.on);
  setAttribute(switcher, "aria-pressed", String(compact.on));
});


for (const dialog of document.querySelectorAll("dialog")) {
  // A click beside a dialog closes it, as Escape does.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
