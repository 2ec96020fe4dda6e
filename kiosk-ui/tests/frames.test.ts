// Pictures of a camera: how many, in which order, and what happens to one that is not answered.
import { describe, expect, it } from "vitest";
import type { PictureScan } from "../lib/api/agent";
import { EVERY_MS, type Frame, FrameLoop, type Lens } from "../lib/camera/frames";

const nothing: PictureScan = { width: 1, height: 1, codes: [], same_sight: false, verdict: null, decode_us: 1 };

/** A camera whose time goes on only when the loop waits; it ends after so many pictures. */
class Bench implements Lens {
  readonly sent: Frame[] = [];
  readonly at: number[] = [];
  answers = 0;
  clock = 0;
  most = 5;
  /** How long an answer takes, and what becomes of it. */
  takes = 10;
  answer: (n: number) => PictureScan | Error = () => nothing;
  again = false;
  dark = 0;
  readonly loop = new FrameLoop(this);

  async take(): Promise<Blob | undefined> {
    if (this.dark-- > 0) return undefined;
    return new Blob([String(this.clock)]);
  }
  newKey(): string {
    return `key-${this.clock}`;
  }
  async send(frame: Frame): Promise<PictureScan> {
    this.sent.push(frame);
    this.at.push(this.clock);
    this.clock += this.takes;
    if (this.sent.length >= this.most) this.loop.stop();
    const answer = this.answer(this.sent.length);
    if (answer instanceof Error) throw answer;
    return answer;
  }
  seen(): void {
    this.answers += 1;
  }
  failed(): boolean {
    return this.again;
  }
  async pause(ms: number): Promise<void> {
    this.clock += Math.max(1, ms);
  }
  now(): number {
    return this.clock;
  }
}

describe("a camera's pictures", () => {
  it("come five a second at most", async () => {
    const bench = new Bench();
    await bench.loop.run();
    expect(bench.at).toEqual([0, 1, 2, 3, 4].map((n) => n * EVERY_MS));
  });

  it("wait for the answer to the one before, however long it takes", async () => {
    const bench = new Bench();
    bench.takes = 700;
    await bench.loop.run();
    expect(bench.at.slice(1).map((at, n) => at - (bench.at[n] ?? 0))).toEqual([701, 701, 701, 701]);
  });

  it("have a key of their own each", async () => {
    const bench = new Bench();
    await bench.loop.run();
    expect(new Set(bench.sent.map((frame) => frame.key)).size).toBe(5);
  });

  it("are sent again with the same key when no answer came, and with no other picture", async () => {
    const bench = new Bench();
    bench.again = true;
    bench.answer = (n) => (n < 3 ? new Error("away") : nothing);
    await bench.loop.run();
    const [first, second, third, fourth] = bench.sent;
    expect(second).toBe(first);
    expect(third).toBe(first);
    expect(fourth?.key).not.toBe(first?.key);
  });

  it("are given up when the agent refused them", async () => {
    const bench = new Bench();
    bench.answer = (n) => (n === 1 ? new Error("bad_image") : nothing);
    await bench.loop.run();
    expect(bench.sent[1]?.key).not.toBe(bench.sent[0]?.key);
  });

  it("say once that the label was lifted", async () => {
    const bench = new Bench();
    bench.loop.lift();
    await bench.loop.run();
    expect(bench.sent.map((frame) => frame.lifted)).toEqual([true, false, false, false, false]);
  });

  it("say again that the label was lifted when that picture was refused", async () => {
    const bench = new Bench();
    bench.answer = (n) => (n === 1 ? new Error("decoder_busy") : nothing);
    bench.loop.lift();
    await bench.loop.run();
    expect(bench.sent.map((frame) => frame.lifted)).toEqual([true, true, false, false, false]);
  });

  it("are none while there is nothing to be seen, or while a person chooses", async () => {
    const bench = new Bench();
    bench.dark = 3;
    bench.most = 1;
    await bench.loop.run();
    expect(bench.at).toEqual([3 * EVERY_MS]);
    const held = new Bench();
    held.loop.hold(true);
    const end = held.loop.run();
    await Promise.resolve();
    held.loop.stop();
    await end;
    expect(held.sent).toEqual([]);
  });

  it("are not told after the end", async () => {
    const bench = new Bench();
    bench.most = 2;
    await bench.loop.run();
    expect([bench.sent.length, bench.answers]).toEqual([2, 1]);
  });
});
