// Returns at the counter: receipt, item, condition, refund; nothing comes back twice; what was cancelled is put back.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAgreement, happened } from "./agreement";
import type { Api } from "./api";
import { HANDHELD, openBrowser, signIn, WatchedPage } from "./browser";
import { Clerk, codeOf, makeReady, type Pickup } from "./counter";
import type { Hardware } from "./hardware";
import { Stage } from "./stage";

const PRICE_MINOR = 250;
const DEAR_UNITS = 21; // just above what one person may refund

let stage: Stage;
let browser: Browser;
let hardware: Hardware;
let api: Api;
let clerk: Clerk;

beforeAll(async () => {
  const orders: Record<string, [string, number][]> = {
    "3001": [["CUP-1", 2], ["CUP-2", 1]],
    "3002": [["CUP-1", 3], ["CUP-2", 1]],
    "3003": [["CUP-1", 2]],
    "3004": [["CUP-1", DEAR_UNITS + 2]],
    "3005": [["CUP-1", 2]],
  }; // prettier-ignore
  [stage, browser] = await Promise.all([
    Stage.open({ articles: ["CUP-1", "CUP-2", "CUP-3"], orders, pickups: Object.keys(orders) }),
    openBrowser(),
  ]);
  [hardware, api] = await Promise.all([stage.hardware(), stage.agentApi()]);
  clerk = await Clerk.open(stage, browser, hardware);
});
afterAll(async () => {
  await browser?.close();
  await hardware?.close();
  await stage?.close();
});

/** An order that its customer has. */
async function sold(order: string): Promise<Pickup> {
  const pickup = await makeReady(stage, order);
  await clerk.toPickups();
  await clerk.handOver(pickup);
  await clerk.toReturns();
  return pickup;
}

async function returnsOf({ group }: Pickup) {
  const all = await api.pages("/api/v1/returns");
  return all.filter((one) => one.group === group);
}

test("receipt, item, condition, refund: four actions take a unit back", async () => {
  const pickup = await sold("3001");
  const cup = pickup.lines[0]!;
  const actions = await clerk.counted(async () => {
    await clerk.scan("3001");
    await clerk.see("return-lines");
    await clerk.scan(codeOf(cup));
    await clerk.holds(cup.sku, 1);
    expect(await returnsOf(pickup)).toEqual([]); // a draft counts for nothing
    await clerk.tap("return-condition-DAMAGED");
    await clerk.see("return-units-DAMAGED");
    await clerk.tap("primary");
    await clerk.see("return-receipt");
  });
  expect(actions).toBe(4);
  expect(await clerk.page.getByTestId("return-refunded").innerText()).toBe("£2.50");
  expect(await returnsOf(pickup)).toMatchObject([
    { refund: { minor: PRICE_MINOR, currency: "GBP" }, person: clerk.name, lines: [{ sku: cup.sku, milli: 1000, condition: "DAMAGED" }] },
  ]);
  await expect.poll(async () => (await api.group("3001")).returned_milli).toBe(1000);
});

test("each unit has its own condition, and the next receipt is scanned at once", async () => {
  const pickup = await sold("3002");
  const [cup, other] = [pickup.lines[0]!, pickup.lines[1]!];
  await clerk.scan(pickup.code); // a pickup code is as good as a receipt
  await clerk.see("return-lines");
  await clerk.scan(codeOf(cup));
  await clerk.holds(cup.sku, 1);
  await clerk.tap("return-condition-QC_HOLD");
  await clerk.see("return-units-QC_HOLD");
  await clerk.scan(codeOf(cup));
  await clerk.holds(cup.sku, 2);
  await clerk.tap("return-condition-DAMAGED");
  await clerk.see("return-units-DAMAGED");
  await clerk.scan(codeOf(other));
  await clerk.holds(other.sku, 1);
  await clerk.tap("return-condition-RESTOCK");
  await clerk.see("return-units-RESTOCK");
  await clerk.tap("primary");
  await clerk.see("return-receipt");
  const [taken] = await returnsOf(pickup);
  expect(taken.refund.minor).toBe(3 * PRICE_MINOR);
  const units = taken.lines.map((line: { sku: string; condition: string; milli: number }) => `${line.sku} ${line.condition} ${line.milli}`);
  expect(units.sort()).toEqual(["CUP-1 DAMAGED 1000", "CUP-1 QC_HOLD 1000", "CUP-2 RESTOCK 1000"]);

  await clerk.scan("3001"); // the next customer; no tap in between
  await expect.poll(() => clerk.page.getByTestId("current-line").innerText()).toContain("3001");
  await clerk.tap("return-drop");
  await clerk.see("return-number");
});

test("more than was sold does not come back, nor what was not, nor anything twice", async () => {
  const pickup = await sold("3003");
  const cup = pickup.lines[0]!;
  await clerk.scan("999999999");
  await clerk.told("nok", "Nothing that was sold has this number");
  await clerk.scan("3003");
  await clerk.see("return-lines");
  await clerk.scan(codeOf(await api.get("/api/v1/products/CUP-3")));
  await clerk.told("nok", "This was not sold with this order");
  for (const units of [1, 2]) {
    await clerk.scan(codeOf(cup));
    await clerk.holds(cup.sku, units);
  }
  await clerk.scan(codeOf(cup));
  await clerk.told("dup", "back already");
  await clerk.holds(cup.sku, 2);
  expect(await clerk.page.getByTestId("return-more").isDisabled()).toBe(true);
  await clerk.tap("primary");
  await clerk.see("return-receipt");

  await clerk.scan("3003");
  const { taken_at } = (await returnsOf(pickup))[0];
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(new Date(taken_at));
  await clerk.told("dup", `At ${time} by ${clerk.name}.`);
  await clerk.scan(codeOf(cup));
  await clerk.told("dup", "back already");
  expect(await clerk.page.getByTestId("primary").isDisabled()).toBe(true);
  expect(await returnsOf(pickup)).toHaveLength(1);
  expect(await api.group("3003")).toMatchObject({ returned_milli: 2000, handed_over_milli: 0 });
  await clerk.tap("return-drop");
});

test("a refund above one person's limit needs a second one", async () => {
  const pickup = await sold("3004");
  const cup = pickup.lines[0]!;
  await clerk.scan("3004");
  await clerk.see("return-lines");
  for (let unit = 1; unit <= DEAR_UNITS; ++unit) await clerk.scan(codeOf(cup));
  await clerk.holds(cup.sku, DEAR_UNITS);
  await clerk.see("return-needs-approval");
  await clerk.tap("primary");
  await clerk.see("override");
  expect(await returnsOf(pickup)).toEqual([]);
  await clerk.approve("manager", stage.pin(stage.agent, "manager"));
  await clerk.see("return-receipt");
  const [taken] = await returnsOf(pickup);
  expect(taken.refund.minor).toBe(DEAR_UNITS * PRICE_MINOR);
  expect(taken.approved_by).not.toBeNull();
});

test("an order that was cancelled is not handed over, but put back", async () => {
  const pickup = await makeReady(stage, "3005");
  await stage.quiet();
  const hub = await stage.hubApi();
  const { order_id } = await hub.group("3005");
  await hub.post(`/api/v1/orders/${order_id}/cancellations`, { line: 1, quantity_milli: 2000 });
  await expect.poll(async () => (await api.group("3005")).status).toBe("CANCELLED");
  await clerk.toPickups();
  await clerk.scan(pickup.code);
  await clerk.told("nok", "Cancelled");
  expect(await happened(api, pickup.group)).not.toHaveProperty("HandedOver");
  const left = async () => (await api.get("/api/v1/put-backs")).items;
  expect(await left()).toMatchObject([{ group: pickup.group, sku: "CUP-1", milli: 2000, done_milli: 0 }]);
  await clerk.close();

  const handheld = await WatchedPage.open(browser, `${stage.agent.url}/ui/handheld/`, HANDHELD);
  await signIn(handheld.page, clerk.name, stage.pin(stage.agent, clerk.name));
  await handheld.page.getByTestId("tasks-put-backs").click();
  await handheld.page.getByTestId("put-back-CUP-1").waitFor();
  await expect.poll(async () => (await api.get("/api/v1/stations")).items[0].mode).toBe("PUT_BACK");
  for (const done of [1000, 2000]) {
    await hardware.scan(codeOf(pickup.lines[0]!));
    await expect.poll(async () => (await api.get("/api/v1/totals")).put_back_done_milli).toBe(done);
  }
  expect(await left()).toEqual([]);
  expect(handheld.check()).toEqual([]);
  await handheld.close();
});

test("afterwards hub and agent agree in every figure", async () => {
  const { totals, returns, put_backs, exceptions } = await expectAgreement(stage);
  const units = 1 + 3 + 2 + DEAR_UNITS;
  expect(returns).toHaveLength(4);
  expect(totals).toMatchObject({ returns: 4, returned_here_milli: units * 1000, refund_minor: units * PRICE_MINOR });
  expect(totals).toMatchObject({ put_back_milli: 2000, put_back_done_milli: 2000, picked_milli: 0, open_milli: 0 });
  expect(put_backs).toEqual([]);
  expect(exceptions).toEqual([]);
});
