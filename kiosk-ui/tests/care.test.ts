// What a device's test says, and a request that is made once.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { pretend } from "./browser";

const TEST = { device: "gun-1", passed: true, said: "", read: null, weight: null };
const weight = (weight_mg: number, shown: string) => ({ state: "stable" as const, weight_mg, shown });

beforeEach(() => {
  vi.resetModules();
  pretend();
});

describe("a device's test", () => {
  it.each([
    ["a read", { ...TEST, read: { code: "4006381333931", aim: "]E0" } }, "It read 4006381333931. Nothing was picked with it."],
    ["nothing on the scale", { ...TEST, weight: weight(0, "0.000 kg") }, "It rests at zero."],
    ["something on the scale", { ...TEST, weight: weight(250_000, "0.250 kg") }, "It rests at 0.250 kg. If nothing lies on it, zero it."],
    ["a label", TEST, "The printer says that its test is printed."],
    ["what did not pass", { ...TEST, passed: false, said: "paper out" }, "Not passed: paper out"],
  ])("tells of %s", async (_, test, words) => {
    const { testWords } = await import("../lib/device/care");
    expect(testWords(test)).toBe(words);
  });
});

describe("a test under way", () => {
  it.each([
    ["a scanner whose read is not the test's yet", "scanner", "idle", "The test begins …"],
    ["a scanner whose next read is the test's", "scanner", "busy", "Scan any code within 15 seconds. Nothing is picked with it."],
    ["a scale", "scale", "idle", "The scale is asked for its weight …"],
  ] as const)("tells of %s", async (_, kind, control_state, words) => {
    const { testingWords } = await import("../lib/device/care");
    expect(testingWords({ kind, control_state })).toBe(words);
  });
});

describe("a printer's queue", () => {
  const job = { job: "j", group: "g", package: "p", order_reference: "5001", sscc: "0".repeat(18) };
  const queue = { name: "printer-1", state: "online" as const, detail: "", paused: false, under_way: null, waiting: [] };
  it.each([
    ["nothing", queue, "No label waits"],
    ["what it has", { ...queue, under_way: job }, "It has the label of 5001 · No label waits"],
    ["what waits", { ...queue, paused: true, waiting: [job, job] }, "Labels are held back · 2 labels wait"],
  ])("tells of %s", async (_, line, words) => {
    const { queueWords } = await import("../lib/device/label-queue");
    expect(queueWords(line)).toBe(words);
  });
});

describe("the drawer", () => {
  it.each([
    ["open", { state: "done" as const, detail: "" }, "The drawer got its impulse."],
    ["resting", { state: "failed" as const, detail: "it rests" }, "The drawer was not opened: it rests"],
    ["asked", { state: "printing" as const, detail: "" }, "The printer was asked; it has not answered yet."],
  ])("tells that it is %s", async (_, job, words) => {
    const { drawerWords } = await import("../counter/drawer");
    expect(drawerWords(job)).toBe(words);
  });
});

describe("a request that is made once", () => {
  it("is not sent again when no answer came", async () => {
    const { fetchWithin } = await import("../lib/api/client");
    const { Refusal } = await import("../lib/api/problem");
    const sent = vi.fn(() => Promise.reject(new Error("the connection was lost")));
    vi.stubGlobal("fetch", sent);
    await expect(fetchWithin(1000)("http://agent.test/")).rejects.toBeInstanceOf(Refusal);
    expect(sent).toHaveBeenCalledTimes(1);
  });
});
