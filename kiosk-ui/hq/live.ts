// What is shown, and how old it is.
import { isStale, listen, onMissed, silence } from "@lib/live/stream";
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";

const AT_MOST_EVERY_MS = 500;
/** An answer older than this, where nobody says when to ask again, is shown dimmed. */
const OLD_AFTER_MS = 12_000;

const tick = signal(performance.now());
setInterval(() => (tick.value = performance.now()), 1000);

export interface Live<Data> {
  data: Data | undefined;
  error: unknown;
  loading: boolean;
  again: () => void;
  /** Milliseconds since this was known to be true; undefined: it never was. */
  age: number | undefined;
  old: boolean;
}

export interface Wake {
  /** Events of the stream that make an answer old. */
  events?: string[];
  /** Ask with every heartbeat of the hub: what no event tells of. */
  beat?: boolean;
}

/** Asks when it begins, when `on` changes and when woken; what was there stays while it is asked again. */
export function useLive<Data>(ask: () => Promise<Data>, on: unknown[] = [], { events = ["ship_group"], beat = false }: Wake = {}): Live<Data> {
  const [state, set] = useState<{ data?: Data; error?: unknown; loading: boolean; at?: number }>({ loading: true });
  const [turn, turnAgain] = useState(0);
  const lastOn = useRef<unknown[]>([]);
  useEffect(() => {
    let current = true;
    const other = on.some((one, i) => one !== lastOn.current[i]);
    lastOn.current = on;
    set((before) => ({ ...before, loading: before.data === undefined || other }));
    ask().then(
      (found) => current && set({ data: found, loading: false, at: performance.now() }),
      (error: unknown) => current && set((before) => ({ ...before, error, loading: false })),
    );
    return () => {
      current = false;
    };
  }, [...on, turn]);
  useEffect(() => {
    let timer = 0;
    let last = performance.now();
    const soon = () => {
      if (timer) return;
      timer = window.setTimeout(
        () => {
          timer = 0;
          last = performance.now();
          turnAgain((n) => n + 1);
        },
        Math.max(0, AT_MOST_EVERY_MS - (performance.now() - last)),
      );
    };
    const wanted = beat ? [...events, "heartbeat"] : events;
    const ends = [onMissed(soon), listen((event) => wanted.includes(event) && soon())];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [events.join(" "), beat]);
  const since = state.at === undefined ? undefined : Math.max(0, tick.value - state.at);
  // As long as the hub speaks and no event came, an answer is as true as when it was given.
  const age = since === undefined ? undefined : beat || state.error ? since : Math.min(since, silence());
  return {
    data: state.data,
    error: state.error,
    loading: state.loading,
    again: () => turnAgain((n) => n + 1),
    age,
    old: isStale() || (age !== undefined && age > OLD_AFTER_MS),
  };
}

/** Now, for ages; every second. */
export function now(): number {
  void tick.value;
  return Date.now();
}
