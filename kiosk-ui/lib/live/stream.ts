// The program's live events, once for all tabs of a browser: browsers open six connections to a host, and streams
// stay open. The tab that holds the lock listens and tells the others; where locks are missing every tab listens.
import { signal } from "@preact/signals";

export type Listener = (event: string, data: unknown) => void;

const NAME = "cairn.stream";
/** Two heartbeats and a little: whoever looks sees within 12 s that nothing comes. */
export const STALE_AFTER_MS = 10_500;

/** When something was last heard, by this tab's clock. */
const heardAt = signal(performance.now());
const now = signal(performance.now());
const listeners = new Set<Listener>();
/** Told when events may have been missed: everything shown is to be asked for again. */
const missedListeners = new Set<() => void>();

export const connected = signal(false);
/** The pages' build as the program serves them now; a page of another build is old. */
export const servedBuild = signal("");

let names: string[] = [];
let channel: BroadcastChannel | undefined;
let lastId = "";
let opened = false;

/** Milliseconds since the last word of the program. */
export function silence(): number {
  return Math.max(0, now.value - heardAt.value);
}

export function isStale(): boolean {
  return silence() > STALE_AFTER_MS;
}

export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function onMissed(listener: () => void): () => void {
  missedListeners.add(listener);
  return () => missedListeners.delete(listener);
}

/** `events`: the names beside hello and heartbeat. Once a page. */
export function openStream(events: string[]): void {
  if (opened) return;
  opened = true;
  names = events;
  setInterval(() => (now.value = performance.now()), 1000);
  document.addEventListener("visibilitychange", () => (now.value = performance.now()));
  const lead = () => {
    leads = true;
    follow(connect());
  };
  if (!("locks" in navigator) || !("BroadcastChannel" in globalThis)) {
    lead();
    return;
  }
  channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data: [event, data, id] }: MessageEvent<[string, unknown, string]>) => hear(event, data, id, false);
  channel.postMessage(["who", null, ""]);
  void navigator.locks.request(NAME, () => new Promise<never>(lead));
}

/** After signing in: the stream belongs to a session. */
export function reopenStream(): void {
  if (!leads) {
    channel?.postMessage(["reopen", null, ""]);
    return;
  }
  source?.close();
  follow(connect());
}

/** After signing out. */
export function closeStream(): void {
  source?.close();
  source = undefined;
}

let leads = false;
let source: EventSource | undefined;

function connect(): EventSource {
  const resume = lastId ? `?last_event_id=${encodeURIComponent(lastId)}` : "";
  source = new EventSource(`/api/v1/stream${resume}`);
  return source;
}

function follow(stream: EventSource): void {
  for (const name of ["hello", "heartbeat", ...names]) {
    stream.addEventListener(name, (event) => {
      const { data, lastEventId } = event as MessageEvent<string>;
      hear(name, JSON.parse(data), lastEventId, true);
    });
  }
  stream.onopen = () => hear("open", null, "", true);
  stream.onerror = () => {
    hear("lost", null, "", true);
    if (stream.readyState === EventSource.CLOSED && stream === source) {
      // The server said no (signed out, too many listeners): browsers do not try again by themselves.
      setTimeout(() => stream === source && follow(connect()), 2000);
    }
  };
}

/** A tab that takes over is told again what the one before it had passed on at the last moment. */
function isOld(event: string, id: string): boolean {
  if (!names.includes(event)) return false;
  const [boot, number] = id.split("-");
  const [lastBoot, lastNumber] = lastId.split("-");
  return boot === lastBoot && Number(number) <= Number(lastNumber);
}

function hear(event: string, data: unknown, id: string, first: boolean): void {
  if (event === "reopen") {
    if (leads) reopenStream();
    return;
  }
  if (event === "who") {
    // A tab that has just been opened need not wait for the next event to know that all is well.
    if (leads && connected.peek() && !isStale()) channel?.postMessage(["open", null, lastId]);
    return;
  }
  if (isOld(event, id)) return;
  if (first) channel?.postMessage([event, data, id]);
  if (event === "lost") {
    connected.value = false;
    return;
  }
  connected.value = true;
  heardAt.value = performance.now();
  now.value = heardAt.value;
  if (id) lastId = id;
  if (event === "hello") {
    const hello = data as { missed: boolean; build?: string };
    if (hello.build) servedBuild.value = hello.build;
    // Also without a known gap: what happened between loading the page and listening is not told.
    for (const tell of missedListeners) tell();
  }
  for (const tell of listeners) tell(event, data);
}
