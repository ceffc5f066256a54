/** The panel's first page: wire the board, the codes, the dialogs, the keys and the live connection together. */

import { startBoard } from "./board.js";
import { startCodes } from "./codes.js";
import { byId, setAttribute, setText } from "./dom.js";
import { startKeys } from "./keys.js";
import { connect } from "./live.js";
import { openNewCode, startNewCode } from "./newcode.js";
import { onChange, posts, take } from "./room.js";
import { openSheet, startSheet } from "./sheet.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

startBoard((id) => openSheet({ kind: "post", id }));
startCodes((id) => openSheet({ kind: "session", id }));
startSheet(openNewCode);
startNewCode();
startKeys(() => openNewCode());
document.getElementById("newcode-open")?.addEventListener("click", () => openNewCode());

onChange((change) => {
  if (change.kind !== "log" || change.entry.action !== "incident" || change.entry.details.kind !== "help") return;
  const name = posts.get(change.entry.post_id)?.name ?? "";
  toast(t("{post} is calling the desk.", { post: name }), { tone: "call", stay_ms: Infinity });
});

connect({
  frame: take,
  link(up) {
    document.body.dataset.link = up ? "up" : "lost";
    setText(byId("link-word"), up ? t("Live") : t("Connection lost"));
    setAttribute(byId("lost"), "hidden", up);
  },
});

for (const dialog of document.querySelectorAll("dialog")) {
  // A click beside a dialog closes it, as Escape does.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
