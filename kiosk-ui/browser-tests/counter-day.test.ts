// A counter's day with real orders: at first everything is connected, then hub and broker are down, then up again.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAgreement, happened } from "./agreement";
import type { Api } from "./api";
import { openBrowser } from "./browser";
import { Clerk, makeAllReady, type Pickup, sayWhoseOrders } from "./counter";
import type { Hardware } from "./hardware";
import { Stage } from "./stage";

const ORDERS = 120;
const CONDITIONS = ["RESTOCK", "QC_HOLD", "DAMAGED"] as const;

let stage: Stage;
let browser: Browser;
let hardware: Hardware;
let api: Api;
let clerk: Clerk;
/** Handed over while all is connected; while nothing is; and one that head office cancels meanwhile. */
let online: Pickup[];
let offline: Pickup[];
let contested: Pickup;

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open({ real_orders: ORDERS }), openBrowser()]);
  [hardware, api] = await Promise.all([stage.hardware(), stage.agentApi()]);
  const pickups = await makeAllReady(stage);
  sayWhoseOrders(stage, pickups);
  expect(pickups.length).toBeGreaterThan(6);
  contested = pickups.shift()!;
  online = pickups.splice(0, pickups.length / 2);
  offline = pickups;
  clerk = await Clerk.open(stage, browser, hardware);
});
afterAll(async () => {
  await browser?.close();
  await hardware?.close();
  await stage?.close();
});

/** Code and tap. */
async function handOverEach(pickups: Pickup[]): Promise<void> {
  await clerk.toPickups();
  for (const pickup of pickups) {
    expect(await clerk.counted(() => clerk.handOver(pickup))).toBe(2);
    const ordered = pickup.lines.reduce((sum, line) => sum + line.ordered_milli, 0);
    expect(await api.group(pickup.order)).toMatchObject({ status: "HANDED_OVER", handed_over_milli: ordered });
  }
}

/** Receipt, item, condition, refund: one unit of each order, each in another condition. */
async function takeBackEach(pickups: Pickup[]): Promise<void> {
  await clerk.toReturns();
  for (const [at, pickup] of pickups.entries()) {
    const condition = CONDITIONS[at % CONDITIONS.length]!;
    expect(await clerk.counted(() => clerk.takeBack(pickup, condition))).toBe(4);
    await expect.poll(async () => (await api.group(pickup.order)).returned_milli).toBe(1000);
  }
  await clerk.toPickups();
}

test("connected: orders are handed over and taken back", async () => {
  await handOverEach(online);
  await takeBackEach(online);
  await expectAgreement(stage);
});

test("hub and broker down: orders are handed over and taken back, a mistake is undone, a wrong code refused", async () => {
  await stage.stop("hub");
  await stage.stop("broker");
  await clerk.see("hub-down");
  await handOverEach(offline);
  const last = offline.at(-1)!;
  await clerk.tap("undo");
  await clerk.told("ok", last.order);
  await expect.poll(async () => (await api.group(last.order)).status).toBe("READY"); // the band may still be the last one
  await clerk.handOver(last);

  await clerk.page.locator(`[data-testid="pickup-row"][data-order="${contested.order}"]`).click();
  await clerk.keys(contested.code === "000000" ? "000001" : "000000");
  await clerk.tap("primary");
  await clerk.told("nok", "Wrong code");
  expect((await api.group(contested.order)).status).toBe("READY");

  await takeBackEach(offline);
  const { unacked } = await api.get("/api/v1/sync");
  expect(unacked).toBeGreaterThan(offline.length * 2);
  await expect.poll(async () => Number(await clerk.page.getByTestId("outbox-count").getAttribute("data-count"))).toBe(unacked);
});

test("an order that head office cancelled meanwhile was handed over: both say so afterwards", async () => {
  await stage.start("hub"); // head office works, but is not heard
  const hub = await stage.hubApi();
  const { order_id } = await hub.group(contested.order);
  const { line, ordered_milli } = contested.lines[0]!;
  await hub.post(`/api/v1/orders/${order_id}/cancellations`, { line, quantity_milli: ordered_milli });
  await clerk.handOver(contested);
  await stage.start("broker");
  const { exceptions } = await expectAgreement(stage);
  expect(exceptions).toMatchObject([{ kind: "HANDED_AFTER_CANCEL", group: contested.group, line, milli: ordered_milli }]);
  await clerk.scan(contested.code);
  await clerk.see("handover-after-cancel");
});

test("connected again: each order was handed over once, each unit refunded once, and hub and agent agree in every figure", async () => {
  await clerk.page.getByTestId("hub-down").waitFor({ state: "detached" });
  await expect.poll(() => clerk.page.getByTestId("outbox-count").getAttribute("data-count")).toBe("0");
  await clerk.close();
  const { totals, groups, returns } = await expectAgreement(stage);
  const back = [...online, ...offline];
  expect(returns.map((one) => one.order_reference).sort()).toEqual(back.map(({ order }) => order).sort());
  expect(totals.refund_minor).toBe(returns.reduce((sum, one) => sum + one.refund.minor, 0));
  expect(totals).toMatchObject({ returns: back.length, returned_here_milli: back.length * 1000 });
  for (const { group, order } of [...back, contested]) {
    expect(groups.find((one) => one.id === group).status).toBe("HANDED_OVER");
    const { HandedOver = 0, HandOverUndone = 0 } = await happened(api, group);
    expect([order, HandedOver - HandOverUndone]).toEqual([order, 1]);
  }
});
