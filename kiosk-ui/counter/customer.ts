// The customer at the counter: the code they showed, the order it is for, and what was handed over last.
import { agent, type ShipGroupDetail } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { hush, say } from "@lib/feedback/band";
import { t } from "@lib/i18n";
import { signal } from "@preact/signals";
import { doneBy, sentence } from "./words";

export const CODE_LENGTH = 6;
const CODE = /^[0-9]{6}$/;

/** The code that found `group`; it is sent again when the order is handed over. */
export const shown = signal<{ group: string; code: string } | null>(null);
/** Orders of one code, when there is more than one to choose from. */
export const choices = signal<{ code: string; groups: ShipGroupDetail[] } | null>(null);
export const looking = signal(false);

export function isCode(text: string): boolean {
  return CODE.test(text);
}

export function open(group: string): void {
  location.hash = `#/pickup/${group}`;
}

export function toDesk(): void {
  shown.value = null;
  choices.value = null;
  location.hash = "#/pickup";
}

/** From the list, or back to it: what was said of another order does not stay. */
export function choose(group: string, code?: string): void {
  hush();
  shown.value = code === undefined ? null : { group, code };
  open(group);
}

/** The customer's code finds the order. What is found is shown; nothing is changed by it. */
export async function lookUp(code: string): Promise<void> {
  looking.value = true;
  choices.value = null;
  say("pending", t("band.checking"), code);
  try {
    const { items } = await data(agent.POST("/api/v1/pickups/lookup", { body: { code } }));
    show(code, items);
  } catch (error) {
    const { what, todo } = sentence(error);
    say("nok", what, todo);
  } finally {
    looking.value = false;
  }
}

function show(code: string, groups: ShipGroupDetail[]): void {
  const ready = groups.filter((group) => group.status === "READY");
  if (ready.length > 1) {
    choices.value = { code, groups: ready };
    say("ok", t("pickup.several", { n: ready.length }));
    return;
  }
  const [group] = ready.length ? ready : groups;
  if (!group) return;
  shown.value = { group: group.id, code };
  if (group.status === "READY") say("ok", t("pickup.found", { order: group.order_reference }));
  else if (group.status === "HANDED_OVER") sayAlreadyGiven(group);
  else say("nok", t("pickup.not-ready", { order: group.order_reference }), t(`pickup.status.${group.status}`));
  open(group.id);
}

/** A second time is no mistake to be scolded for: it says who did it, and when. */
export function sayAlreadyGiven(group: ShipGroupDetail): void {
  say("dup", t("pickup.already", { order: group.order_reference }), givenBy(group) ?? t("pickup.already-todo"));
}

export function givenBy({ hand_over: note }: ShipGroupDetail): string | undefined {
  return note ? doneBy(note.at, note.person) : undefined;
}

/** What a scanner read while an order is waited for: a customer's code, or nothing that belongs here. */
export function take(code: string): boolean {
  if (looking.value) return true;
  if (isCode(code)) void lookUp(code);
  else say("nok", t("pickup.no-code-read"), t("pickup.no-code-read-do", { code }));
  return true;
}

// ---- what was handed over at this screen ----

/** The agent takes it back for 10 s after its commit, which was a moment before its answer. */
export const UNDO_MS = 10_000;

export interface Given {
  group: string;
  order: string;
  at: number;
}

export const lastGiven = signal<Given | null>(null);
