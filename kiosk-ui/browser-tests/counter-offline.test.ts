// The counter with hub and broker down: everything goes on, and agrees afterwards.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAgreement, happened } from "./agreement";
import type { Api } from "./api";
import { openBrowser } from "./browser";
import { Clerk, codeOf, makeAllReady, type Pickup, sayWhoseOrders } from "./counter";
import type { Hardware } from "./hardware";
import { Stage } from "./stage";

const ORDERS = 60;

let stage: Stage;
let browser: Browser;
let hardware: Hardware;
let api: Api;
let clerk: Clerk;
let pickups: Pickup[];

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open({ real_orders: ORDERS }), openBrowser()]);
  [hardware, api] = await Promise.all([stage.hardware(), stage.agentApi()]);
  pickups = await makeAllReady(stage);
  clerk = await Clerk.open(stage, browser, hardware);
});
afterAll(async () => {
  await browser?.close();
  await hardware?.close();
  await stage?.close();
});

test("with hub and broker down, orders are handed over, a mistake undone, a wrong code refused", async () => {
  sayWhoseOrders(stage, pickups);
  expect(pickups.length).toBeGreaterThan(3);
  await stage.stop("hub");
  await stage.stop("broker");
  await clerk.see("hub-down");
  const [cancelled, ...others] = pickups;
  for (const pickup of others) {
    expect(await clerk.counted(() => clerk.handOver(pickup))).toBe(2);
    expect((await api.group(pickup.order)).status).toBe("HANDED_OVER");
  }
  await clerk.tap("undo");
  await clerk.told("ok", others.at(-1)!.order);
  await clerk.handOver(others.at(-1)!);
  await clerk.page.locator(`[data-testid="pickup-row"][data-order="${cancelled!.order}"]`).click();
  await clerk.keys(cancelled!.code === "000000" ? "000001" : "000000");
  await clerk.tap("primary");
  await clerk.told("nok", "Wrong code");
  expect((await api.group(cancelled!.order)).status).toBe("READY");
  const { unacked } = await api.get("/api/v1/sync");
  expect(unacked).toBeGreaterThan(0);
  await expect.poll(async () => Number(await clerk.page.getByTestId("outbox-count").getAttribute("data-count"))).toBe(unacked);
});

test("what was sold here comes back, each order in another condition", async () => {
  await clerk.toReturns();
  const conditions = ["RESTOCK", "QC_HOLD", "DAMAGED"];
  for (const [at, pickup] of pickups.slice(1).entries()) {
    const line = pickup.lines[0]!;
    const actions = await clerk.counted(async () => {
      await clerk.scan(pickup.order);
      await expect.poll(() => clerk.page.getByTestId("current-line").innerText()).toContain(pickup.order);
      await clerk.scan(codeOf(line));
      await clerk.holds(line.sku, 1);
      await clerk.tap(`return-condition-${conditions[at % conditions.length]}`);
      await clerk.see(`return-units-${conditions[at % conditions.length]}`);
      await clerk.tap("primary");
      await clerk.see("return-receipt");
    });
    expect(actions).toBe(4);
  }
  expect(await api.pages("/api/v1/returns")).toHaveLength(pickups.length - 1);
  await clerk.toPickups();
});

test("an order that head office cancelled meanwhile was handed over: both say so afterwards", async () => {
  const pickup = pickups[0]!;
  await stage.start("hub"); // head office works, but is not heard
  const hub = await stage.hubApi();
  const { order_id } = await hub.group(pickup.order);
  const { line, ordered_milli } = pickup.lines[0]!;
  await hub.post(`/api/v1/orders/${order_id}/cancellations`, { line, quantity_milli: ordered_milli });
  await clerk.handOver(pickup);
  await stage.start("broker");
  const { exceptions } = await expectAgreement(stage);
  expect(exceptions).toMatchObject([{ kind: "HANDED_AFTER_CANCEL", group: pickup.group, line, milli: ordered_milli }]);
  await clerk.scan(pickup.code);
  await clerk.see("handover-after-cancel");
});

test("hub and agent agree in every figure; each order was handed over once", async () => {
  await clerk.page.getByTestId("hub-down").waitFor({ state: "detached" });
  await expect.poll(() => clerk.page.getByTestId("outbox-count").getAttribute("data-count")).toBe("0");
  await clerk.close();
  const { totals, groups, returns } = await expectAgreement(stage);
  expect(returns).toHaveLength(pickups.length - 1);
  expect(totals.refund_minor).toBe(returns.reduce((sum, one) => sum + one.refund.minor, 0));
  for (const { group, order } of pickups) {
    expect(groups.find((one) => one.id === group).status).toBe("HANDED_OVER");
    const { HandedOver = 0, HandOverUndone = 0 } = await happened(api, group);
    expect([order, HandedOver - HandOverUndone]).toEqual([order, 1]);
  }
});
