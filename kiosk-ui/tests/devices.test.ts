// The devices as they are now: an answer and an event cross, and the newer one is shown.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { pretend, Source } from "./browser";

const device = (name: string, state: string) => ({ name, kind: "scale", state });
const ONLINE = device("scale-1", "online");
const OFFLINE = device("scale-1", "offline");

describe("the devices of the counter", () => {
  let answers: ((items: object[]) => void)[];
  let module: typeof import("../counter/devices");
  const questions = (n: number) => vi.waitUntil(() => answers.length === n);
  let asking: Promise<void>[];
  const ask = () => void asking.push(module.askDevices());
  const answer = async (turn: number, ...items: object[]) => {
    answers[turn]!(items);
    await asking[turn];
  };
  const shown = () => module.devices.value?.map((one) => one.state);

  beforeEach(async () => {
    vi.resetModules();
    pretend();
    answers = [];
    asking = [];
    vi.stubGlobal("fetch", () => new Promise((later) => answers.push((items) => later(Response.json({ items })))));
    module = await import("../counter/devices");
    module.attendDevices();
    const { openStream } = await import("../lib/live/stream");
    openStream(["device"]);
  });

  it("are what the answer says", async () => {
    ask();
    await questions(1);
    await answer(0, OFFLINE, device("scale-2", "online"));
    expect(shown()).toEqual(["offline", "online"]);
  });

  it("are what was told after the answer", async () => {
    ask();
    await questions(1);
    await answer(0, OFFLINE);
    Source.all[0]!.say("device", ONLINE);
    expect(shown()).toEqual(["online"]);
  });

  it("are what was told while the answer was on its way", async () => {
    ask();
    await questions(1);
    Source.all[0]!.say("device", ONLINE);
    await answer(0, OFFLINE);
    expect(shown()).toEqual(["online"]);
  });

  it("are what the answer says to who asked after it was told", async () => {
    Source.all[0]!.say("device", ONLINE);
    ask();
    await questions(1);
    await answer(0, OFFLINE);
    expect(shown()).toEqual(["offline"]);
  });

  it("are what the later question was answered, whichever answer comes first", async () => {
    ask();
    await questions(1);
    ask();
    await questions(2);
    await answer(1, ONLINE);
    await answer(0, OFFLINE);
    expect(shown()).toEqual(["online"]);
  });
});
