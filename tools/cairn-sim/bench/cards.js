// The card of a device: what all have, and what scanners and scales have. Printers: printer.js. Forms are made once
// and only what changed is written, so that nothing is taken away from under a person's fingers.

import { send } from "/commands.js";
import { fillPrinter } from "/printer.js";

const kFillers = { scanner: fillScanner, scale: fillScale, printer: fillPrinter };

/// A card {element, update(state)} for a device as the simulator describes it.
export function makeCard(device) {
  const element = copyOf("card").firstElementChild;
  const title = element.querySelector("h2");
  element.classList.toggle("wide", device.kind === "printer");
  element.querySelector(".kind").textContent = device.kind;
  title.textContent = device.name;
  title.id = `device-${device.name}`;
  element.setAttribute("aria-labelledby", title.id);

  const body = element.querySelector(".body");
  body.append(copyOf(device.kind));
  const command = (verb, rest = "") => send(`${verb} @${device.name} ${rest}`.trim());
  const updateBody = kFillers[device.kind](body, command, device);

  const plug = element.querySelector(".plug");
  plug.addEventListener("click", () => command(plug.dataset.verb));
  const update = (state) => {
    write(element.querySelector(".place code"), state.path ?? state.address);
    write(plug, state.plugged ? "Unplug" : "Plug in");
    plug.dataset.verb = state.plugged ? "unplug" : "plug";
    showUse(element.querySelector(".state"), state);
    updateBody(state);
  };
  return { element, update };
}

export function copyOf(template) {
  return document.getElementById(template).content.cloneNode(true);
}

export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function showUse(chip, state) {
  const used = state.open ?? state.connected;
  const kind = !state.plugged ? "bad" : used ? "good" : "";
  write(chip, !state.plugged ? "unplugged" : used ? "in use" : "waiting for a program");
  chip.className = `chip state ${kind}`;
}

function fillScanner(body, command, device) {
  const form = body.querySelector("form");
  form.querySelector(".aim").hidden = !device.aim;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { code, aim } = form.elements;
    command("scan", `${aim.value} ${code.value}`.trim());
    code.select();
  });
  const list = body.querySelector(".recent");
  let shown = "";
  return (state) => {
    const recent = state.recent.join("\n");
    if (recent === shown) return;
    shown = recent;
    list.replaceChildren(...state.recent.slice(0, 6).map((sent) => sentBefore(sent, command)));
  };
}

/// Octets that were sent, to be sent again as they are.
function sentBefore(sent, command) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet code";
  button.textContent = sent;
  button.addEventListener("click", () => command("raw", sent));
  item.append(button);
  return item;
}

const kNoWeight = { moving: "moving", over: "too heavy", under: "below zero" };

function fillScale(body, command) {
  const form = body.querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    command("weight", form.elements.kg.value);
  });
  for (const button of body.querySelectorAll("[data-line]")) {
    const [verb, rest] = button.dataset.line.split(" ");
    button.addEventListener("click", () => command(verb, rest));
  }
  const mute = body.querySelector(".mute");
  mute.addEventListener("click", () => command("mute", mute.ariaChecked === "true" ? "off" : "on"));
  const display = body.querySelector(".display");
  return (state) => {
    const shown = state.kg === null ? kNoWeight[state.state] : `${state.kg.replace(/^0(?=\d)/, "")} kg`;
    write(display.querySelector("output"), state.plugged ? shown : "–");
    display.dataset.state = state.plugged ? state.state : "off";
    mute.ariaChecked = String(state.mute);
    write(body.querySelector(".asked"), String(state.asked));
  };
}
