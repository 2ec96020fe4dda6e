// The receipt button: whether there is a printer, and what became of a job.
import type { CounterJob, Device } from "@lib/api/agent";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { pretend } from "./browser";

const device = (kind: string, station: string) => ({ name: kind, kind, station }) as Device;
const job = (state: string, copy = false) => ({ job: "a", state, copy, detail: "" }) as CounterJob;

describe("a receipt", () => {
  beforeEach(() => {
    vi.resetModules();
    pretend();
  });

  it.each([
    ["at the station", [device("receipt_printer", "till")], true],
    ["of nobody's, for every station", [device("receipt_printer", "")], true],
    ["of another station", [device("receipt_printer", "other")], false],
    ["for labels only", [device("printer", "till")], false],
    ["not known yet", undefined, false],
  ])("needs a printer: %s", async (_, all, is) => {
    const { hasReceiptPrinter } = await import("../counter/receipt-job");
    expect(hasReceiptPrinter(all, "till")).toBe(is);
  });

  it.each([
    [job("done"), "Receipt printed"],
    [job("done", true), "Copy printed"],
    [job("failed"), "Nothing was printed"],
    [job("unknown"), "Look whether the receipt came out"],
    [job("printing"), "The receipt is being printed …"],
  ])("%o is told in words", async (one, words) => {
    const { jobWords } = await import("../counter/receipt-job");
    expect(jobWords(one)).toBe(words);
  });

  it("hears only of its own job", async () => {
    const { heard } = await import("../counter/receipt-job");
    const now = job("printing");
    expect(heard(now, "counter_job", job("done"))?.state).toBe("done");
    expect(heard(now, "counter_job", { ...job("done"), job: "b" })?.state).toBe("printing");
    expect(heard(now, "device", job("done"))?.state).toBe("printing");
    expect(heard(undefined, "counter_job", job("done"))).toBeUndefined();
  });
});
