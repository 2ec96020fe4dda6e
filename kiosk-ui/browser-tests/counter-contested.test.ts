// Two counters of one store that cannot hear each other give the same order away.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAgreement, happened } from "./agreement";
import { openBrowser } from "./browser";
import { Clerk, makeReady, type Pickup } from "./counter";
import type { Hardware } from "./hardware";
import { Stage } from "./stage";

let stage: Stage;
let browser: Browser;
let hardware: Hardware[];
let clerks: Clerk[];
let clash: Pickup;
let mistake: Pickup;
/** Whose hand-over of the clash counts. */
let holder: string;

beforeAll(async () => {
  const orders: Record<string, [string, number][]> = { "4001": [["CUP-1", 2]], "4002": [["CUP-1", 3]] };
  [stage, browser] = await Promise.all([
    Stage.open({ articles: ["CUP-1"], orders, pickups: Object.keys(orders), devices: 2 }),
    openBrowser(),
  ]);
  clash = await makeReady(stage, "4001");
  mistake = await makeReady(stage, "4002");
  await stage.quiet();
  hardware = await Promise.all(stage.agents.map((agent) => stage.hardware(agent.stations[0]!)));
  clerks = await Promise.all(stage.agents.map((agent, at) => Clerk.open(stage, browser, hardware[at]!, {}, agent)));
});
afterAll(async () => {
  await browser?.close();
  for (const each of hardware ?? []) await each.close();
  await stage?.close();
});

test("each hands it over; one of them takes a mistake back; afterwards all three have one story of it", async () => {
  await stage.stop("broker");
  for (const clerk of clerks) {
    await clerk.handOver(mistake);
    if (clerk !== clerks[0]) await clerk.tap("undo");
    await clerk.handOver(clash);
  }
  await stage.start("broker");
  const { groups, exceptions, totals } = await expectAgreement(stage);
  expect(totals).toMatchObject({ handed_over_milli: 5000, picked_milli: 0 });
  expect(exceptions).toMatchObject([{ kind: "DUPLICATE_HANDOVER", group: clash.group, milli: 2000 }]);
  // Whoever's record the hub has first has it, on each device.
  holder = groups.find((one) => one.id === clash.group).hand_over.person;
  expect(clerks.map((clerk) => clerk.name)).toContain(holder);
  const api = await stage.agentApi();
  expect(await happened(api, clash.group)).toMatchObject({ HandedOver: 2 });
  expect(await happened(api, mistake.group)).toMatchObject({ HandedOver: 2, HandOverUndone: 1 });
});

test("the clash is shown at both counters, and what was a mistake is none", async () => {
  for (const clerk of clerks) {
    await clerk.scan(mistake.code);
    await clerk.told("dup", `by ${clerks[0]!.name}.`);
    await clerk.see("handover-already");
    expect(await clerk.page.getByTestId("handover-twice").count()).toBe(0);
    await clerk.nextCustomer();
    await clerk.scan(clash.code);
    await clerk.told("dup", `by ${holder}.`);
    await clerk.see("handover-twice");
    await clerk.close();
  }
});
