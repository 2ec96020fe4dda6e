// What a GS1 label says besides the article, as a picker is told.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Verdict } from "../lib/api/agent";
import { pretend } from "./browser";

const read = (elements: { ai: string; value: string }[]) => ({ scan: { elements } }) as unknown as Verdict;

describe("a label's words", () => {
  beforeEach(() => {
    vi.resetModules();
    pretend();
    vi.useFakeTimers({ now: Date.parse("2026-11-26T10:00:00Z") });
    return () => vi.useRealTimers();
  });

  it.each([
    ["batch and day, in this order", [["17", "280229"], ["01", "09521234543213"], ["10", "LOT-7"]], "Batch LOT-7 · Use by 2028-02-29"],
    ["a whole month", [["15", "271100"]], "Best before 2027-11"],
    ["a day of the century before", [["17", "991231"]], "Use by 1999-12-31"],
    ["a serial number", [["21", "0007"]], "Serial 0007"],
    ["nothing of what is no news", [["01", "09521234543213"], ["3103", "001234"]], ""],
  ])("are %s", async (_, elements, words) => {
    const { labelWords } = await import("../handheld/speak");
    expect(labelWords(read(elements.map(([ai = "", value = ""]) => ({ ai, value }))))).toBe(words);
  });

  it("are none of a keyed quantity", async () => {
    const { labelWords } = await import("../handheld/speak");
    expect(labelWords({ scan: null } as Verdict)).toBe("");
  });
});
