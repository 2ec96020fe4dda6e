// The return that is being taken at this station: what the agent holds, and what is asked of it. Nothing of it counts
// before it is taken.
import { agent, type ReturnDraft } from "@lib/api/agent";
import { data } from "@lib/api/client";
import type { Approval } from "@lib/device/override";
import { asRefusal, doneBy } from "./words";

export type Condition = ReturnDraft["condition"];
export const CONDITIONS: Condition[] = ["RESTOCK", "QC_HOLD", "DAMAGED"];

/** Thousandths that make a unit. */
export const UNIT = 1000;

const KEY = "cairn.counter.return";

/** Whether this screen left a return unfinished: there is nothing to ask for otherwise. */
export function mayHaveDraft(): boolean {
  return localStorage.getItem(KEY) !== null;
}

export function expectDraft(there: boolean): void {
  if (there) localStorage.setItem(KEY, "1");
  else localStorage.removeItem(KEY);
}

export async function askDraft(): Promise<ReturnDraft | null> {
  try {
    return await data(agent.GET("/api/v1/return-draft"));
  } catch (error) {
    if (asRefusal(error).reason === "no_return") return null;
    throw error;
  }
}

/** When the last return of the draft's order was taken, and by whom; nothing if not at this site. */
export async function lastTaken(): Promise<string | undefined> {
  const draft = await askDraft();
  if (!draft) return undefined;
  const { items } = await data(agent.GET("/api/v1/returns", { params: { query: { order_id: draft.order_id, limit: 1000 } } }));
  const last = items.at(-1);
  return last && doneBy(last.taken_at, last.person);
}

export function milliOf(draft: ReturnDraft, line: number, condition?: Condition): number {
  return draft.units
    .filter((unit) => unit.line === line && (condition === undefined || unit.condition === condition))
    .reduce((sum, unit) => sum + unit.milli, 0);
}

export function allMilli(draft: ReturnDraft): number {
  return draft.units.reduce((sum, unit) => sum + unit.milli, 0);
}

/** With the same key once, however often it is sent. */
export function takeReturn(key: string, reason: string, approval?: Approval) {
  return data(agent.POST("/api/v1/returns", { params: { header: { "Idempotency-Key": key } }, body: { reason, approval } }));
}
export type Taken = Awaited<ReturnType<typeof takeReturn>>;

export function setUnits(line: number, condition: Condition, milli: number): Promise<ReturnDraft> {
  return data(agent.PUT("/api/v1/return-draft/units", { body: { line, condition, quantity_milli: milli } }));
}

/** What was scanned since a condition was tapped: a tap says what all of it is like, and what comes next. */
export class JustScanned {
  #milli = new Map<number, number>();
  #said = false;

  add(line: number, milli: number): void {
    if (this.#said) this.clear();
    this.#milli.set(line, (this.#milli.get(line) ?? 0) + milli);
  }

  clear(): void {
    this.#milli.clear();
    this.#said = false;
  }

  /** Sets the condition, of them and of the next units. */
  async say(draft: ReturnDraft, condition: Condition): Promise<ReturnDraft> {
    let now = await data(agent.PATCH("/api/v1/return-draft", { body: { condition } }));
    if (condition === draft.condition) return now;
    for (const [line, scanned] of this.#milli) {
      const moved = Math.min(scanned, milliOf(now, line, draft.condition));
      if (moved === 0) continue;
      const target = milliOf(now, line, condition) + moved;
      await setUnits(line, draft.condition, milliOf(now, line, draft.condition) - moved);
      now = await setUnits(line, condition, target);
    }
    this.#said = true;
    return now;
  }
}
