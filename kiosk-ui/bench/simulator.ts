// The simulator that serves this page: how its devices are, asked twice a second, and the lines of its script
// (docs/simulator.md), which are all that the page's buttons do.
import { signal } from "@preact/signals";

interface Placed {
  name: string;
  plugged: boolean;
  path?: string;
  address?: string;
}
export interface Scanner extends Placed {
  kind: "scanner";
  open: boolean;
  aim: boolean;
  /** What was sent, newest first. */
  recent: string[];
}
export interface Scale extends Placed {
  kind: "scale";
  open: boolean;
  state: "stable" | "moving" | "over" | "under";
  kg: string | null;
  mute: boolean;
  asked: number;
}
export interface Label {
  label: number;
  octets: number;
}
export interface Printer extends Placed {
  kind: "printer";
  connected: boolean;
  paper: "in" | "out";
  lid: "open" | "closed";
  ribbon: "in" | "out";
  paused: boolean;
  fault: string;
  received: number;
  waiting: number;
  printed: number;
  labels: Label[];
}
export type Device = Scanner | Scale | Printer;

export type Answer = { ok: true; [name: string]: unknown } | { ok: false; error: { code: string; message: string } };

export interface Said {
  turn: number;
  line: string;
  answer: Answer;
}

/** Undefined: not known yet. */
export const devices = signal<Device[] | undefined>(undefined);
export const answering = signal(true);
/** Counts the simulators that were seen: another one numbers its labels anew. */
export const run = signal(0);
/** Newest first. */
export const log = signal<Said[]>([]);
/** Why the last line for a device was refused; nothing if it was not. */
export const refused = signal<Record<string, { code: string; message: string } | undefined>>({});

const POLL_MS = 500;
const LOG_MOST = 30;

let asked = 0;
let shown = "";

async function look(): Promise<void> {
  const turn = ++asked;
  try {
    const response = await fetch("/api/v1/devices");
    if (!response.ok) throw new Error(response.statusText);
    const text = await response.text();
    if (turn !== asked) return; // a newer answer is on its way
    answering.value = true;
    if (text === shown) return;
    shown = text;
    take((JSON.parse(text) as { devices: Device[] }).devices);
  } catch {
    if (turn === asked) answering.value = false;
  }
}

function take(found: Device[]): void {
  const printed = (list: Device[], name: string) => list.find((one) => one.kind === "printer" && one.name === name) as Printer | undefined;
  const isAnother = (devices.value ?? []).some((one) => one.kind === "printer" && (printed(found, one.name)?.printed ?? 0) < one.printed);
  if (isAnother) run.value += 1;
  devices.value = found;
}

/** Once a page. */
export function attendDevices(): void {
  const again = () => void look().finally(() => setTimeout(again, POLL_MS));
  again();
}

let turns = 0;

/** Sends a line, for `device` if it is one device's. */
export async function send(line: string, device = ""): Promise<Answer> {
  const answer = await ask(line);
  log.value = [{ turn: ++turns, line, answer }, ...log.value].slice(0, LOG_MOST);
  if (device) refused.value = { ...refused.value, [device]: answer.ok ? undefined : answer.error };
  void look();
  return answer;
}

async function ask(line: string): Promise<Answer> {
  try {
    const response = await fetch("/api/v1/commands", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ line }),
    });
    const answer = (await response.json()) as Answer & { detail?: string };
    return response.ok ? answer : { ok: false, error: { code: "bad_line", message: answer.detail ?? "" } };
  } catch {
    return { ok: false, error: { code: "no_answer", message: "the simulator does not answer" } };
  }
}
