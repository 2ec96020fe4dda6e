// The bench page: asks the simulator how its devices are, twice a second, and keeps a card for each. The devices
// are the same for as long as a simulator runs; when another one answers, the cards are made anew.

import { makeCard } from "/cards.js";
import { send } from "/commands.js";

const kPollMs = 500;

const devices = document.getElementById("devices");
const link = document.getElementById("link");
const cards = new Map(); // by name
let shown = ""; // which devices there are cards for

async function poll() {
  try {
    const response = await fetch("/api/v1/devices");
    if (!response.ok) throw new Error(response.statusText);
    show((await response.json()).devices);
    tell("live", true);
  } catch {
    tell("the simulator does not answer", false);
  }
  setTimeout(poll, kPollMs);
}

/// A live region is only touched when there is news: it would be read out again and again.
function tell(text, good) {
  if (link.textContent === text) return;
  link.textContent = text;
  link.className = `chip ${good ? "good" : "bad"}`;
}

function show(states) {
  const names = states.map((state) => `${state.kind} ${state.name}`).join("\n");
  if (names !== shown) {
    devices.replaceChildren();
    cards.clear();
    for (const state of states) {
      const card = makeCard(state);
      cards.set(state.name, card);
      devices.append(card.element);
    }
    shown = names;
  }
  for (const state of states) cards.get(state.name).update(state);
}

document.getElementById("console").addEventListener("submit", (event) => {
  event.preventDefault();
  const input = event.target.elements.line;
  send(input.value);
  input.select();
});

poll();
