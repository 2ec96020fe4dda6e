// Who is signed in at which station of this device, and how the device is linked. Shared by the pages of a site.
import { effect, signal } from "@preact/signals";
import { agent, type Session } from "../api/agent";
import { data, signedOutListeners } from "../api/client";
import { Refusal } from "../api/problem";
import { closeStream, connected, listen, onMissed, openStream, reopenStream } from "../live/stream";

export const session = signal<Session | null | undefined>(undefined); // undefined: not known yet
export type HubLink = "down" | "hello" | "live" | "refused";
export const hubLink = signal<HubLink>("hello");
/** What the hub has not acknowledged yet. */
export const unsent = signal(0);

const STATION = "cairn.station";
/** Whether this browser has a session; its cookie cannot be read. Without it nobody is asked in vain. */
const SIGNED_IN = "cairn.signed-in";
export function rememberedStation(): string {
  return new URLSearchParams(location.search).get("station") ?? localStorage.getItem(STATION) ?? "";
}

/** How often the stream told how the device is linked. */
let linksTold = 0;

async function askSync(): Promise<void> {
  const before = linksTold;
  try {
    const sync = await data(agent.GET("/api/v1/sync"));
    if (linksTold !== before) return; // what was told meanwhile may be newer, and is not told again
    hubLink.value = sync.link;
    unsent.value = sync.unacked;
  } catch {
    // The banner says that the device service is away.
  }
}

function isOver(): void {
  localStorage.removeItem(SIGNED_IN);
  closeStream();
  session.value = null;
}

let asking = 0;
/** What is done here waits to be sent at first: the figure follows. */
function askSyncSoon(): void {
  asking ||= window.setTimeout(() => {
    asking = 0;
    if (session.value) void askSync();
  }, 500);
}

/** Once a page: finds out whether somebody is signed in, and listens from then on. */
export async function begin(): Promise<void> {
  signedOutListeners.add(isOver);
  listen((event, what) => {
    if (event === "ship_group" || (event === "heartbeat" && unsent.value > 0)) askSyncSoon();
    if (event !== "link") return;
    linksTold += 1;
    const { link, unacked } = what as { link: HubLink; unacked: number };
    hubLink.value = link;
    unsent.value = unacked;
  });
  onMissed(() => void askSync());
  // The stream broke: perhaps because somebody else signed in at this station.
  effect(() => {
    if (!connected.value && session.peek()) askSyncSoon();
  });
  if (localStorage.getItem(SIGNED_IN) === null) {
    session.value = null;
    return;
  }
  await resume();
}

async function resume(): Promise<void> {
  try {
    session.value = await data(agent.GET("/api/v1/sessions/current"));
    attend();
  } catch (error) {
    if (error instanceof Refusal && error.isAway) setTimeout(() => void resume(), 1000);
    else isOver();
  }
}

function attend(): void {
  openStream(["verdict", "ship_group", "device", "counter_job", "link"]);
  void askSync();
}

export async function signIn(name: string, pin: string, station: string): Promise<void> {
  const started = await data(agent.POST("/api/v1/sessions", { body: { name, pin, station } }));
  localStorage.setItem(STATION, station);
  localStorage.setItem(SIGNED_IN, "1");
  session.value = await data(agent.GET("/api/v1/sessions/current"));
  void started;
  attend();
  reopenStream();
}

export async function signOut(): Promise<void> {
  await data(agent.DELETE("/api/v1/sessions/current"));
  isOver();
}
