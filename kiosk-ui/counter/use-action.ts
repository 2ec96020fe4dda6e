// One thing a person asked for: busy until it is done or refused. Trying again sends the same key: it happens once.
import { newKey } from "@lib/api/client";
import { useState } from "preact/hooks";

/** `key`: the Idempotency-Key of this action, the same at every try. */
export type Work = (key: string) => Promise<void>;

export interface Action {
  busy: boolean;
  error: unknown;
  retry: (() => void) | undefined;
  run: (work: Work) => Promise<void>;
  clear: () => void;
}

interface State {
  busy: boolean;
  error?: unknown;
  retry?: () => void;
}

export function useAction(): Action {
  const [state, set] = useState<State>({ busy: false });
  const attempt = async (work: Work, key: string): Promise<void> => {
    set({ busy: true });
    try {
      await work(key);
      set({ busy: false });
    } catch (error) {
      set({ busy: false, error, retry: () => void attempt(work, key) });
    }
  };
  return {
    busy: state.busy,
    error: state.error,
    retry: state.retry,
    run: (work) => attempt(work, newKey()),
    clear: () => set({ busy: false }),
  };
}
