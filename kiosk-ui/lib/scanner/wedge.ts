// Scanners that type like keyboards: the fallback where the agent cannot own the scanner. A burst of keys that no
// hand can type is a read, wherever the focus is; what it typed into a field meanwhile is taken back. Typing is never
// taken for a read.

export const FEWEST = 4;
/** Between two keys of one read, its end included, on average. Hands need more. */
export const GAP_MS = 35;
/** Between two reads, or between typing and a read. */
export const PAUSE_MS = 100;

export interface Key {
  key: string;
  code: string;
  ctrl: boolean;
  alt: boolean;
  meta: boolean;
  /** Of the operating system, not of the moment of handling. */
  at: number;
}

export type Step =
  | { kind: "other" } // not a read's key
  | { kind: "collecting"; length: number; fast: boolean } // perhaps a read
  | { kind: "read"; code: string };

const GROUP_SEPARATOR = "\u001d";

/** The character a key stands for in a read; nothing: it ends or breaks one. */
function character(key: Key): string | undefined {
  if (key.ctrl && !key.alt && !key.meta && (key.code === "BracketRight" || key.key === "]")) return GROUP_SEPARATOR;
  if (key.ctrl || key.meta || key.alt) return undefined;
  return key.key.length === 1 ? key.key : undefined;
}

/** Turns keys into reads. Pure: time comes with the keys. */
export class WedgeDecoder {
  #text = "";
  #startedAt = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  feed(key: Key): Step {
    if (["Shift", "CapsLock", "Control", "AltGraph"].includes(key.key)) return this.#state("other");
    if (key.at - this.#lastAt > PAUSE_MS) this.#text = "";
    const ends = key.key === "Enter" || key.key === "Tab";
    if (ends) {
      const code = this.#text;
      const mean = code.length > 0 ? (key.at - this.#startedAt) / code.length : Number.POSITIVE_INFINITY;
      const prompt = key.at - this.#lastAt <= PAUSE_MS;
      this.reset(); // the next read may begin at once
      return code.length >= FEWEST && mean <= GAP_MS && prompt ? { kind: "read", code } : { kind: "other" };
    }
    const next = character(key);
    if (next === undefined) {
      this.reset();
      return { kind: "other" };
    }
    if (this.#text === "") this.#startedAt = key.at;
    this.#text += next;
    this.#lastAt = key.at;
    return this.#state("collecting");
  }

  reset(): void {
    this.#text = "";
    this.#lastAt = Number.NEGATIVE_INFINITY;
  }

  #state(kind: "other" | "collecting"): Step {
    if (kind === "other") return { kind };
    const length = this.#text.length;
    return { kind, length, fast: length > 1 && (this.#lastAt - this.#startedAt) / (length - 1) <= GAP_MS };
  }
}

const READ_LASTS_MS = 1000;
let lastFastAt = Number.NEGATIVE_INFINITY;

/** Whether a read may be under way: what it has typed into a field so far is nobody's input. */
export function isReading(): boolean {
  return performance.now() - lastFastAt < READ_LASTS_MS;
}

type Editable = HTMLInputElement | HTMLTextAreaElement;

function editable(element: Element | null): Editable | undefined {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element : undefined;
}

/** Listens to the whole page. Returns what ends it. */
export function listenToWedge(onRead: (code: string) => void): () => void {
  const decoder = new WedgeDecoder();
  let field: Editable | undefined;
  let before = "";
  let held = false;

  const down = (event: KeyboardEvent) => {
    // Some scanners let go of a key only after the next one: "00" then looks like a key that is held.
    if (event.isComposing || (event.repeat && event.key.length > 1)) return;
    const step = decoder.feed({
      key: event.key,
      code: event.code,
      ctrl: event.ctrlKey && !event.getModifierState("AltGraph"),
      alt: event.altKey && !event.getModifierState("AltGraph"),
      meta: event.metaKey,
      at: event.timeStamp,
    });
    lastFastAt = step.kind === "collecting" && step.fast && step.length >= FEWEST ? performance.now() : Number.NEGATIVE_INFINITY;
    if (step.kind === "collecting") {
      held = step.length > 1 ? held || event.repeat : false;
      if (step.length === 1) {
        field = editable(document.activeElement);
        before = field?.value ?? "";
      } else if (step.fast && event.key === " ") {
        event.preventDefault(); // a blank of a read presses no button
        if (field) field.setRangeText(" ", field.selectionStart ?? 0, field.selectionEnd ?? 0, "end");
      }
      if (event.ctrlKey) event.preventDefault(); // a group separator is no shortcut
      return;
    }
    if (step.kind !== "read") return;
    if (held && new Set(step.code).size === 1) return; // a finger rests on a key
    event.preventDefault();
    event.stopImmediatePropagation();
    if (field && field.value !== before) {
      field.value = before;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field = undefined;
    onRead(step.code);
  };
  window.addEventListener("keydown", down, { capture: true });
  return () => window.removeEventListener("keydown", down, { capture: true });
}
