import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pretend, Source } from "./browser";

type Stream = typeof import("../lib/live/stream");
let stream: Stream;

function newest(): Source {
  const source = Source.all.at(-1);
  if (!source) throw new Error("nothing listens");
  return source;
}

describe("the stream", () => {
  beforeEach(async () => {
    vi.resetModules();
    vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval", "performance"] });
    pretend();
    stream = await import("../lib/live/stream");
    stream.openStream(["verdict", "link"]);
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is live while it is heard", () => {
    newest().say("hello", { boot: "a", missed: false });
    expect(stream.connected.value).toBe(true);
    for (let beat = 0; beat < 6; ++beat) {
      vi.advanceTimersByTime(5000);
      newest().say("heartbeat", { time: "2026-11-25T10:00:00Z" });
      expect(stream.isStale()).toBe(false);
    }
  });

  it("is stale within 12 s of silence, not after two heartbeats", () => {
    newest().say("heartbeat", {});
    vi.advanceTimersByTime(10_000);
    expect(stream.isStale()).toBe(false);
    vi.advanceTimersByTime(1500);
    expect(stream.isStale()).toBe(true);
    expect(stream.silence()).toBe(11_000);
    newest().say("heartbeat", {});
    expect(stream.isStale()).toBe(false);
  });

  it("tells listeners what it is told, until they end", () => {
    const heard: unknown[] = [];
    const end = stream.listen((event, data) => event === "verdict" && heard.push(data));
    newest().say("verdict", { verdict: "ok" }, "7");
    end();
    newest().say("verdict", { verdict: "nok" }, "8");
    expect(heard).toEqual([{ verdict: "ok" }]);
  });

  it("tells once what it is told twice", () => {
    const heard: unknown[] = [];
    stream.listen((event, data) => event === "verdict" && heard.push(data));
    for (const [n, id] of [[1, "a-7"], [2, "a-8"], [2, "a-8"], [1, "a-7"], [3, "b-1"]] as const) newest().say("verdict", n, id);
    expect(heard).toEqual([1, 2, 3]);
  });

  it("asks for everything again after hello, and after nothing else", () => {
    let again = 0;
    stream.onMissed(() => ++again);
    newest().say("verdict", {}, "1");
    expect(again).toBe(0);
    newest().say("hello", { boot: "b", missed: true });
    expect(again).toBe(1);
  });

  it("goes on after the last event it has heard when the server had closed it", () => {
    newest().say("link", { link: "live", unacked: 0 }, "boot-1:41");
    const first = newest();
    first.close();
    first.onerror?.();
    expect(stream.connected.value).toBe(false);
    vi.advanceTimersByTime(2000);
    expect(newest()).not.toBe(first);
    expect(newest().url).toBe("/api/v1/stream?last_event_id=boot-1%3A41");
  });

  it("leaves it to the browser to try again while the browser does", () => {
    const first = newest();
    first.readyState = 0;
    first.onerror?.();
    vi.advanceTimersByTime(10_000);
    expect(Source.all).toEqual([first]);
    expect(stream.connected.value).toBe(false);
  });

  it("is closed when the session ends, and opened by the next one", () => {
    const first = newest();
    stream.closeStream();
    expect(first.readyState).toBe(Source.CLOSED);
    first.onerror?.();
    vi.advanceTimersByTime(10_000);
    expect(Source.all).toHaveLength(1);
    stream.reopenStream();
    expect(Source.all).toHaveLength(2);
  });

  it("knows the build that is served", () => {
    newest().say("hello", { boot: "a", missed: false, build: "1f2e" });
    expect(stream.servedBuild.value).toBe("1f2e");
  });
});
