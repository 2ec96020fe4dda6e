// The card of a printer: what is wrong with it, what it printed, and the label that is looked at.

import { copyOf, write } from "/cards.js";
import { drawingWorks, forget, pictureOf, zplOf } from "/labels.js";

const kLabelsShown = 12;

/// Each switch: the verb's word for on and off, and whether the state says on.
const kSwitches = {
  paper: { on: "out", off: "in", is: (state) => state.paper === "out" },
  lid: { on: "open", off: "closed", is: (state) => state.lid === "open" },
  ribbon: { on: "out", off: "in", is: (state) => state.ribbon === "out" },
  pause: { on: "on", off: "off", is: (state) => state.paused },
};

/// Makes the body of the card work; returns what updates it.
export function fillPrinter(body, command) {
  const updates = [fillSwitches(body, command), fillFault(body, command), fillLabels(body)];
  return (state) => {
    for (const update of updates) update(state);
    for (const count of body.querySelectorAll("[data-count]")) write(count, String(state[count.dataset.count]));
  };
}

function fillSwitches(body, command) {
  const buttons = [...body.querySelectorAll("[data-switch]")];
  for (const button of buttons) {
    const verb = button.dataset.switch;
    button.addEventListener("click", () => {
      command(verb, button.ariaChecked === "true" ? kSwitches[verb].off : kSwitches[verb].on);
    });
  }
  return (state) => {
    for (const button of buttons) button.ariaChecked = String(Boolean(kSwitches[button.dataset.switch].is(state)));
  };
}

function fillFault(body, command) {
  const form = body.querySelector(".fault");
  const { kind, octets } = form.elements;
  const showOctets = () => {
    const wanted = kind.value === "reset_after";
    form.querySelector(".octets").hidden = !wanted;
    octets.disabled = !wanted;
  };
  kind.addEventListener("change", showOctets);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    command("fault", kind.value === "reset_after" ? `reset_after=${octets.value}` : kind.value);
  });
  showOctets();
  let shown = "none";
  // The choice follows the device, but not while a person is choosing: only when the device's changes.
  return (state) => {
    form.classList.toggle("active", state.fault !== "none");
    if (state.fault === shown) return;
    shown = state.fault;
    const [name, number] = shown.split("=");
    kind.value = name;
    if (number !== undefined) octets.value = number;
    showOctets();
  };
}

function fillLabels(body) {
  const list = body.querySelector(".labels");
  let shown = "";
  let printed = 0;
  return (state) => {
    if (state.printed < printed) {
      forget(state.name);
      list.replaceChildren();
      shown = "";
    }
    printed = state.printed;
    const newest = state.labels.slice(-kLabelsShown).reverse();
    const key = newest.map((label) => `${label.label} ${label.octets}`).join("\n");
    if (key === shown) return;
    shown = key;
    body.querySelector(".none").hidden = newest.length > 0;
    const known = new Map([...list.children].map((item) => [item.dataset.key, item]));
    list.replaceChildren(...newest.map((label) => {
      const itemKey = `${label.label} ${label.octets}`;
      return known.get(itemKey) ?? makeLabel(state.name, label, itemKey);
    }));
    drawingWorks().then((works) => { body.querySelector(".drawing").hidden = works; });
  };
}

function makeLabel(printer, label, key) {
  const item = copyOf("label").firstElementChild;
  const title = `Label ${label.label}`;
  item.dataset.key = key;
  write(item.querySelector(".number"), title);
  item.querySelector("button").addEventListener("click", () => view(printer, label.label, title));
  fillSheet(item.querySelector(".picture"), printer, label.label, title);
  return item;
}

async function view(printer, number, title) {
  const viewer = document.getElementById("viewer");
  write(viewer.querySelector("h2"), `${title} of ${printer}`);
  viewer.querySelector("pre").textContent = await zplOf(printer, number);
  await fillSheet(viewer.querySelector(".sheet"), printer, number, title);
  viewer.querySelector("details").open = !(await drawingWorks());
  if (!viewer.open) viewer.showModal(); // it was pressed twice
}

/// The picture of a label, or its ZPL where pictures cannot be drawn.
async function fillSheet(sheet, printer, number, title) {
  const source = await pictureOf(printer, number);
  if (source) {
    const picture = document.createElement("img");
    picture.src = source;
    picture.alt = title;
    sheet.replaceChildren(picture);
  } else {
    const text = document.createElement("code");
    text.textContent = await zplOf(printer, number);
    sheet.replaceChildren(text);
  }
}
