// The agent dies at the counter, between scan and tap and right behind the tap: what was asked for happens once.
import type { Browser, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAgreement, happened } from "./agreement";
import type { Api } from "./api";
import { openBrowser } from "./browser";
import { Clerk, makeAllReady, type Pickup, sayWhoseOrders } from "./counter";
import type { Hardware } from "./hardware";
import { Stage } from "./stage";

const ORDERS = 120;
const HAND_OVER = "**/hand-over";
const RETURNS = "**/api/v1/returns";

let stage: Stage;
let browser: Browser;
let hardware: Hardware;
let clerk: Clerk;
let pickups: Pickup[];

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open({ real_orders: ORDERS }), openBrowser()]);
  hardware = await stage.hardware();
  pickups = (await makeAllReady(stage)).slice(0, 5);
  clerk = await Clerk.open(stage, browser, hardware);
});
afterAll(async () => {
  await browser?.close();
  await hardware?.close();
  await stage?.close();
});

async function find(pickup: Pickup): Promise<void> {
  await clerk.devicesUp();
  await clerk.scan(pickup.code);
  await clerk.see("handover-code-right");
}

async function expectGivenOnce(pickup: Pickup): Promise<void> {
  const api = await stage.agentApi();
  const ordered = pickup.lines.reduce((sum, line) => sum + line.ordered_milli, 0);
  expect(await api.group(pickup.order)).toMatchObject({ status: "HANDED_OVER", handed_over_milli: ordered, picked_milli: 0 });
  expect(await happened(api, pickup.group)).toMatchObject({ HandedOver: 1 });
}

async function returnsOf(api: Api, { group }: Pickup) {
  const all = await api.pages("/api/v1/returns");
  return all.filter((one) => one.group === group);
}

/** One unit in a draft, found and scanned. */
async function draft(pickup: Pickup): Promise<void> {
  await clerk.toReturns();
  await clerk.devicesUp();
  await clerk.draft(pickup);
}

/** The agent does what is asked of it next, and dies before the page hears of it. */
async function dieUnheard(path: string, die: () => Promise<void>): Promise<void> {
  const unheard = async (route: Route) => {
    await route.fetch();
    await die();
    await route.abort("connectionreset");
  };
  await clerk.page.route(path, unheard, { times: 1 });
}

test("killed between code and tap: one tap hands it over", async () => {
  sayWhoseOrders(stage, pickups);
  const pickup = pickups[0]!;
  const actions = await clerk.counted(async () => {
    await find(pickup);
    await stage.kill(stage.agent.name);
    await clerk.tap("primary");
    await clerk.see("undo");
  });
  expect(actions).toBe(2);
  await expectGivenOnce(pickup);
});

test("killed while the tap is on its way: it is handed over once", async () => {
  const pickup = pickups[1]!;
  await find(pickup);
  await Promise.all([clerk.tap("primary"), stage.kill(stage.agent.name)]);
  await clerk.see("undo");
  await expectGivenOnce(pickup);
});

test("killed behind the tap, the answer lost: it is handed over once, and the page learns of it by itself", async () => {
  const pickup = pickups[2]!;
  await find(pickup);
  await dieUnheard(HAND_OVER, () => stage.kill(stage.agent.name));
  await clerk.tap("primary");
  await clerk.see("undo");
  await expectGivenOnce(pickup);
});

test("dead for longer than a page tries: it says that there is no answer, and knows the outcome later", async () => {
  const pickup = pickups[3]!;
  await find(pickup);
  await dieUnheard(HAND_OVER, () => stage.crash(stage.agent.name));
  await clerk.tap("primary");
  await clerk.page.locator('[data-testid="error"][data-reason="no_answer"]').waitFor();
  await clerk.see("agent-down");
  await stage.start(stage.agent.name);
  await clerk.see("undo");
  await expectGivenOnce(pickup);
  await clerk.devicesUp();
});

test("killed between item and condition, and between condition and refund: nothing of the return is lost or doubled", async () => {
  const pickup = pickups[0]!;
  const { sku } = pickup.lines[0]!;
  await draft(pickup);
  await stage.kill(stage.agent.name);
  await clerk.tap("return-condition-DAMAGED");
  await clerk.see("return-units-DAMAGED");
  await clerk.holds(sku, 1);
  await stage.kill(stage.agent.name);
  await clerk.tap("primary");
  await clerk.see("return-receipt");
  expect(await returnsOf(await stage.agentApi(), pickup)).toMatchObject([{ lines: [{ sku, milli: 1000, condition: "DAMAGED" }] }]);
});

test("killed behind the refund's tap, the answer lost: it is refunded once, and the receipt is shown", async () => {
  const pickup = pickups[1]!;
  await draft(pickup);
  await dieUnheard(RETURNS, () => stage.kill(stage.agent.name));
  await clerk.tap("primary");
  await clerk.see("return-receipt");
  expect(await returnsOf(await stage.agentApi(), pickup)).toHaveLength(1);
});

test("dead for longer behind the refund's tap: the receipt comes when the agent does", async () => {
  const pickup = pickups[2]!;
  await draft(pickup);
  await dieUnheard(RETURNS, () => stage.crash(stage.agent.name));
  await clerk.tap("primary");
  await clerk.page.locator('[data-testid="error"][data-reason="no_answer"]').waitFor();
  await stage.start(stage.agent.name);
  await clerk.see("return-receipt");
  const [taken, ...others] = await returnsOf(await stage.agentApi(), pickup);
  expect(others).toEqual([]);
  expect(await clerk.page.getByTestId("return-refunded").innerText()).toBe(`£${(taken.refund.minor / 100).toFixed(2)}`);
});

test("killed behind a second person's PIN, the answer lost: it is handed over once", async () => {
  const pickup = pickups[4]!;
  await clerk.toPickups();
  await clerk.devicesUp();
  await clerk.page.locator(`[data-testid="pickup-row"][data-order="${pickup.order}"]`).click();
  await clerk.tap("handover-override");
  await dieUnheard(HAND_OVER, () => stage.kill(stage.agent.name));
  await clerk.approve("manager", stage.pin(stage.agent, "manager"));
  await clerk.see("undo");
  await expectGivenOnce(pickup);
});

test("found by its number, approved by a second person, dead for longer: refunded once, and the receipt comes", async () => {
  const units = ({ lines }: Pickup) => lines.reduce((sum, line) => sum + line.ordered_milli, 0);
  const [pickup] = [...pickups].sort((a, b) => units(b) - units(a)) as [Pickup];
  const before = (await returnsOf(await stage.agentApi(), pickup)).length;
  await clerk.toReturns();
  await clerk.keys(pickup.order);
  await clerk.tap("primary");
  await clerk.see("return-lines");
  await stage.kill(stage.agent.name);
  await clerk.devicesUp();
  const more = clerk.page.locator('[data-testid="return-more"]:enabled').first();
  while (!(await clerk.page.getByTestId("return-needs-approval").isVisible())) await more.click();
  await clerk.tap("primary");
  await clerk.see("override");
  await dieUnheard(RETURNS, () => stage.crash(stage.agent.name));
  await clerk.approve("manager", stage.pin(stage.agent, "manager"));
  await clerk.page.getByTestId("override-problem").filter({ hasText: "No answer" }).waitFor();
  await stage.start(stage.agent.name);
  await clerk.see("return-receipt");
  const taken = await returnsOf(await stage.agentApi(), pickup);
  expect(taken).toHaveLength(before + 1);
  expect(taken.at(-1).approved_by).not.toBeNull();
});

test("hub and agent agree in every figure", async () => {
  await clerk.close();
  const { returns, exceptions } = await expectAgreement(stage);
  expect(returns).toHaveLength(4);
  expect(exceptions).toEqual([]);
});
