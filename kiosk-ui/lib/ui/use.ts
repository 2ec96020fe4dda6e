// Asking for something and showing it while it changes.
import { useEffect, useState } from "preact/hooks";
import { listen, onMissed } from "../live/stream";

export interface Asked<Data> {
  data: Data | undefined;
  error: unknown;
  loading: boolean;
  again: () => void;
}

/**
 * Asks when it begins, when `on` changes, when one of `events` comes (at most every 150 ms), and when events may have
 * been missed. What was there before stays while it is asked again.
 */
export function useAsked<Data>(ask: () => Promise<Data>, on: unknown[] = [], events: string[] = []): Asked<Data> {
  const [state, set] = useState<{ data?: Data; error?: unknown; loading: boolean }>({ loading: true });
  const [turn, turnAgain] = useState(0);
  useEffect(() => {
    let current = true;
    set((before) => ({ ...before, loading: true }));
    ask().then(
      (found) => current && set({ data: found, loading: false }),
      (error: unknown) => current && set((before) => ({ ...before, error, loading: false })),
    );
    return () => {
      current = false;
    };
  }, [...on, turn]);
  useEffect(() => {
    let timer = 0;
    const soon = () => {
      if (timer) return;
      timer = window.setTimeout(() => {
        timer = 0;
        turnAgain((n) => n + 1);
      }, 150);
    };
    const ends = [onMissed(soon), ...(events.length ? [listen((event) => events.includes(event) && soon())] : [])];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [events.join(" ")]);
  return { data: state.data, error: state.error, loading: state.loading, again: () => turnAgain((n) => n + 1) };
}

const REST_MS = 150;

/** The value once it has stayed as it is for a moment: nobody is asked for what is still being typed. */
export function useRested<Value>(value: Value): Value {
  const [rested, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
