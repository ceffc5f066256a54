"use strict";

const words = JSON.parse(document.body.dataset.words);
const byId = (id) => document.getElementById(id);

// One POST at a time, in order; what is pressed meanwhile goes out together with the next.
let waiting = "";
let sending = false;

async function press(keys) {
  waiting += keys;
  if (sending) return;
  sending = true;
  try {
    while (waiting) {
      const body = JSON.stringify({ keys: waiting });
      waiting = "";
      await fetch("/keys", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    }
  } catch {
    byId("lost").hidden = false; // the stream tells when the node is back
  } finally {
    sending = false;
  }
}

for (const button of document.querySelectorAll("button[data-keys]")) {
  // A mouse must not leave the focus on a key: Enter on the real keyboard would press it again.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => press(button.dataset.keys));
}

byId("cut").addEventListener("click", () => {
  byId("lost").hidden = false;
  fetch("/power-cut", { method: "POST" }).catch(() => undefined); // dying without an answer is its right
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.closest("button, a") && (event.key === "Enter" || event.key === " ")) return;
  const keys = { Enter: "\n", Backspace: "\b" }[event.key] ?? (/^[a-z0-9]$/i.test(event.key) ? event.key.toUpperCase() : "");
  if (!keys) return;
  event.preventDefault();
  press(keys);
});

let picture = "";

function show(state) {
  byId("lost").hidden = true;
  const now = `${state.boot_id}-${state.picture}`; // the count begins anew with each boot
  if (now !== picture) {
    picture = now;
    const next = new Image();
    next.onload = () => { if (picture === now) byId("screen").src = next.src; };
    next.src = `/screen.png?picture=${now}`;
  }
  // A countdown is not read aloud: only what is said besides the digits.
  const says = state.screen.filter((line) => !/\d:\d\d/.test(line)).join(". ");
  if (byId("says").textContent !== says) byId("says").textContent = says;
  byId("screen").alt = state.screen.join("\n");
  byId("phase").textContent = words[`phase_${state.phase}`];
  byId("link").textContent = words[`link_${state.hub_link}`];
  byId("faults").textContent = state.faults.join(", ") || words.none;
  byId("led").hidden = !state.light;
  if (state.light && byId("led").dataset.light !== state.light) {
    byId("led").dataset.light = state.light;
    byId("light").textContent = words[`light_${state.light}`];
  }
  byId("relays").replaceChildren(...Object.entries(state.relays).map(lamp));
}

function lamp([name, relay]) {
  const item = document.createElement("li");
  item.className = relay;
  item.dataset.relay = name;
  const light = document.createElement("span");
  light.className = "lamp";
  const what = document.createElement("span");
  what.className = "what";
  what.textContent = words[relay];
  item.append(light, name, what);
  return item;
}

const live = new EventSource("/live");
live.onmessage = (event) => show(JSON.parse(event.data));
live.onerror = () => { byId("lost").hidden = false; };
