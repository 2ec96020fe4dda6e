// What the screens share: a ship group that stays fresh, an action that ends, the mode of the station.
import { signal } from "@preact/signals";
import { agent, type ShipGroup, type ShipGroupDetail, type Verdict } from "@lib/api/agent";
import { data, newKey } from "@lib/api/client";
import { Refusal } from "@lib/api/problem";
import { session } from "@lib/device/session";
import { listen, onMissed } from "@lib/live/stream";
import { useEffect, useRef, useState } from "preact/hooks";

// ---- this device ----

let node: Promise<string> | undefined;

/** Who writes the log here; asked for once. */
export function thisNode(): Promise<string> {
  node ??= data(agent.GET("/version")).then(
    (version) => version.node,
    (error: unknown) => {
      node = undefined;
      throw error;
    },
  );
  return node;
}

export function isClaimedHere(group: Pick<ShipGroup, "claim">, here: string): boolean {
  return group.claim !== null && group.claim.node === here && group.claim.station === session.value?.station;
}

// ---- actions ----

export interface Act {
  busy: boolean;
  error: unknown;
  /** Does it unless something is being done already. The key makes a repetition harmless. */
  run: (what: (key: string) => Promise<unknown>) => void;
  /** The same again. */
  retry: () => void;
  clear: () => void;
}

export function useAct(): Act {
  const [state, set] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: undefined });
  const busy = useRef(false);
  const last = useRef<{ what: (key: string) => Promise<unknown>; key: string } | null>(null);
  const there = useRef(true);
  useEffect(
    () => () => {
      there.current = false;
    },
    [],
  );
  const begin = async (what: (key: string) => Promise<unknown>, key: string) => {
    if (busy.current) return;
    busy.current = true;
    last.current = { what, key };
    set({ busy: true, error: undefined });
    let failed: unknown;
    try {
      await what(key);
    } catch (error) {
      failed = error;
      // No answer: it may have happened, so the same key asks again. A refusal is an answer, and a new try is new.
      if (!(error instanceof Refusal && error.isAway)) last.current = { what, key: newKey() };
    } finally {
      busy.current = false;
      if (there.current) set({ busy: false, error: failed });
    }
  };
  return {
    ...state,
    run: (what) => void begin(what, newKey()),
    retry: () => {
      if (last.current) void begin(last.current.what, last.current.key);
    },
    clear: () => set((before) => ({ ...before, error: undefined })),
  };
}

/** The header field of an action, as the typed client wants it. */
export function keyed(key: string): { "Idempotency-Key": string } {
  return { "Idempotency-Key": key };
}

// ---- a ship group ----

export interface Group {
  group: ShipGroupDetail | undefined;
  error: unknown;
  /** The answer of an action. */
  put: (group: ShipGroupDetail) => void;
  /** What a verdict says of it: shown at once, before it is asked for again. */
  apply: (verdict: Verdict) => void;
  again: () => void;
}

const AGAIN_AFTER_MS = 150;

export function useGroup(id: string): Group {
  const [state, set] = useState<{ group?: ShipGroupDetail; error?: unknown }>({});
  const box = useRef({ version: 0, again: () => {}, soon: () => {} });
  useEffect(() => {
    let on = true;
    let timer = 0;
    let asking = false;
    let wanted = false;
    set({});
    const soon = () => {
      if (!timer) {
        timer = window.setTimeout(() => {
          timer = 0;
          void ask();
        }, AGAIN_AFTER_MS);
      }
    };
    const ask = async () => {
      wanted = true;
      if (asking) return;
      asking = true;
      wanted = false;
      const version = box.current.version;
      try {
        const group = await data(agent.GET("/api/v1/ship-groups/{group}", { params: { path: { group: id } } }));
        // Older than what a verdict said meanwhile: not shown.
        if (version !== box.current.version) wanted = true;
        else if (on) set({ group });
      } catch (error) {
        if (on) set((before) => ({ ...before, error }));
      } finally {
        asking = false;
      }
      if (on && wanted) soon();
    };
    box.current.again = () => void ask();
    box.current.soon = soon;
    void ask();
    const ends = [onMissed(soon), listen((event, what) => event === "ship_group" && (what as { id: string }).id === id && soon())];
    return () => {
      on = false;
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [id]);
  return {
    group: state.group?.id === id ? state.group : undefined,
    error: state.error,
    put: (group) => {
      box.current.version += 1;
      set({ group });
      box.current.again(); // an answer that is repeated is as old as when it was first given
    },
    apply: (verdict) => {
      if (verdict.group !== id || verdict.line === null || verdict.verdict !== "ok" || verdict.what !== "pick") return;
      box.current.version += 1;
      set((before) => (before.group ? { group: after(before.group, verdict) } : before));
      box.current.soon(); // not before the verdict is painted
    },
    again: () => box.current.again(),
  };
}

function after(group: ShipGroupDetail, verdict: Verdict): ShipGroupDetail {
  return {
    ...group,
    open_milli: verdict.open_milli,
    picked_milli: group.picked_milli + group.open_milli - verdict.open_milli,
    lines: group.lines.map((line) =>
      line.line === verdict.line
        ? { ...line, open_milli: verdict.line_open_milli, picked_milli: line.picked_milli + line.open_milli - verdict.line_open_milli }
        : line,
    ),
  };
}

// ---- the mode of the station ----

type Mode = "PICK" | "PUT_BACK" | "RETURN";

/** What a scan does at this station; nothing: not set by this page yet. */
export const stationMode = signal<Mode | "">("");
let setting: Promise<void> = Promise.resolve();
let wish: Mode = "PICK";

/** One after the other: a screen that closes and one that opens both set it. */
export function setMode(mode: Mode): Promise<void> {
  wish = mode;
  setting = setting.catch(() => {}).then(async () => {
    if (wish !== mode || stationMode.value === mode) return;
    await data(agent.PUT("/api/v1/station-mode", { body: { mode } }));
    stationMode.value = mode;
  });
  return setting;
}

/** Sets the mode while a screen is open. Returns what failed, and how to try again. */
export function useMode(mode: Mode): { error: unknown; again: () => void } {
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let on = true;
    setMode(mode).then(
      () => on && setError(undefined),
      (problem: unknown) => on && setError(problem),
    );
    return () => {
      on = false;
    };
  }, [mode, turn]);
  return { error, again: () => setTurn((n) => n + 1) };
}

// ---- time ----

/** Shown ages grow. */
export function useTick(everyMs: number): number {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
