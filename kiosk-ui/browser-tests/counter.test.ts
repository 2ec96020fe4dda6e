// Hand-over at the counter: the customer's code and one tap, ten seconds to take it back, a second person where the
// code does not do.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAgreement, happened } from "./agreement";
import type { Api } from "./api";
import { openBrowser, wedge } from "./browser";
import { Clerk, makeReady, type Pickup } from "./counter";
import type { Hardware } from "./hardware";
import { Stage } from "./stage";

const ORDERS = ["2001", "2002", "2003", "2004", "2005", "2006", "2007", "2008", "2009"];
const WRONG_CODES_MOST = 5;

let stage: Stage;
let browser: Browser;
let hardware: Hardware;
let api: Api;
let clerk: Clerk;

beforeAll(async () => {
  [stage, browser] = await Promise.all([
    Stage.open({
      articles: ["CUP-1", "CUP-2"],
      orders: Object.fromEntries(ORDERS.map((order) => [order, [["CUP-1", 2], ["CUP-2", 1]]])),
      pickups: ORDERS,
    }),
    openBrowser(),
  ]); // prettier-ignore
  [hardware, api] = await Promise.all([stage.hardware(), stage.agentApi()]);
  clerk = await Clerk.open(stage, browser, hardware);
});
afterAll(async () => {
  await browser?.close();
  await hardware?.close();
  await stage?.close();
});

async function status({ order }: Pickup): Promise<string> {
  return (await api.group(order)).status;
}

/** What the band says of them. */
function triesLeft(tries: number): string {
  return tries === 0 ? "No try is left" : tries === 1 ? "1 try is left" : `${tries} tries are left`;
}

/** A code that is not this order's. */
function wrong({ code }: Pickup, by = 1): string {
  return String((Number(code) + by) % 1_000_000).padStart(6, "0");
}

async function openFromList({ order }: Pickup): Promise<void> {
  await clerk.page.locator(`[data-testid="pickup-row"][data-order="${order}"]`).click();
}

test("the customer's code and one tap hand an order over, once", async () => {
  const pickup = await makeReady(stage, "2001");
  expect(await clerk.counted(() => clerk.handOver(pickup))).toBe(2);
  expect(await api.group("2001")).toMatchObject({ status: "HANDED_OVER", handed_over_milli: 3000, picked_milli: 0 });
  expect(await happened(api, pickup.group)).toMatchObject({ HandedOver: 1 });
});

test("a second time it says who did it, and when, and nothing is done", async () => {
  const pickup = await makeReady(stage, "2002");
  await clerk.handOver(pickup);
  const { at, person } = (await api.group("2002")).hand_over;
  expect(person).toBe(clerk.name);
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
  await clerk.scan(pickup.code);
  await clerk.told("dup", `At ${time} by ${clerk.name}.`);
  await clerk.see("handover-already");
  expect(await clerk.page.getByTestId("handover-by").innerText()).toBe(`At ${time} by ${clerk.name}.`);
  await clerk.tap("primary"); // back to the list
  await clerk.see("pickup-code");
  expect(await happened(api, pickup.group)).toMatchObject({ HandedOver: 1 });
});

test("a code that is typed by a scanner finds its order, wherever the focus is", async () => {
  const pickup = await makeReady(stage, "2003");
  const search = clerk.page.getByTestId("pickup-search");
  await search.focus();
  await wedge(clerk.page, pickup.code);
  await clerk.see("handover-code-right");
  expect(await status(pickup)).toBe("READY"); // found is not given
  await clerk.tap("primary");
  await clerk.see("undo");
  expect(await status(pickup)).toBe("HANDED_OVER");
  expect(await search.inputValue()).toBe("");
});

test("a hand-over is taken back within ten seconds, and not later", async () => {
  const pickup = await makeReady(stage, "2004");
  await clerk.handOver(pickup);
  await clerk.tap("undo");
  await clerk.told("ok", "2004");
  expect(await api.group("2004")).toMatchObject({ status: "READY", picked_milli: 3000, handed_over_milli: 0, hand_over: null });
  await clerk.page.getByTestId("undo-bar").waitFor({ state: "detached" });

  await clerk.handOver(pickup);
  await clerk.page.getByTestId("undo-bar").waitFor({ state: "detached", timeout: 15_000 });
  expect(await status(pickup)).toBe("HANDED_OVER");
  const late = api.post(`/api/v1/ship-groups/${pickup.group}/hand-over/undo`);
  await expect(late).rejects.toThrow("too_late_to_undo");
  expect(await happened(api, pickup.group)).toMatchObject({ HandedOver: 2, HandOverUndone: 1 });
});

test("a code that is nobody's finds nothing", async () => {
  const pickup = await makeReady(stage, "2005");
  await clerk.scan(wrong(pickup));
  await clerk.told("nok", "No order here has this code");
  await clerk.scan("5012345678900"); // an article
  await clerk.told("nok", "no customer's code");
  expect(await status(pickup)).toBe("READY");
  await clerk.handOver(pickup);
});

test("five wrong codes lock an order; the right one does not open it then, a second person with a PIN does", async () => {
  const pickup = await makeReady(stage, "2006");
  await openFromList(pickup);
  for (let tried = 1; tried <= WRONG_CODES_MOST; ++tried) {
    await clerk.keys(wrong(pickup, tried));
    await clerk.tap("primary");
    // Until the page has this answer: the band of the code before it says "Wrong code", too.
    await clerk.told("nok", triesLeft(WRONG_CODES_MOST - tried));
    expect((await api.group("2006")).pickup.wrong_codes).toBe(tried);
  }
  await clerk.see("handover-locked");
  expect(await api.group("2006")).toMatchObject({ status: "READY", pickup: { locked: true } });
  await clerk.nextCustomer();
  await clerk.scan(pickup.code);
  await clerk.see("handover-locked");

  await clerk.tap("primary");
  const problem = clerk.page.getByTestId("override-problem");
  await clerk.approve("manager", wrong({ ...pickup, code: stage.pin(stage.agent, "manager") }));
  await expect.poll(() => problem.innerText()).not.toBe("");
  expect(await clerk.page.getByTestId("override-pin").inputValue()).toBe(""); // for one action only
  expect(await status(pickup)).toBe("READY");
  await clerk.approve("manager", stage.pin(stage.agent, "manager"));
  await clerk.see("undo");
  expect(await status(pickup)).toBe("HANDED_OVER");
  expect(await happened(api, pickup.group)).toMatchObject({ HandedOver: 1, PickupCodeRefused: WRONG_CODES_MOST });
});

test("without a code, or before one was made, a second person lets it pass", async () => {
  const forgotten = await makeReady(stage, "2007");
  await openFromList(forgotten);
  await clerk.tap("handover-override");
  await clerk.approve("manager", stage.pin(stage.agent, "manager"));
  await clerk.see("undo");
  const never = await makeReady(stage, "2008", { code: false });
  await openFromList(never);
  await clerk.see("handover-no-code");
  await clerk.tap("primary");
  await clerk.approve("manager", stage.pin(stage.agent, "manager"));
  await clerk.page.locator('[data-testid="undo-bar"]').filter({ hasText: "2008" }).waitFor();
  for (const pickup of [forgotten, never]) {
    expect(await status(pickup)).toBe("HANDED_OVER");
    expect(await happened(api, pickup.group)).toMatchObject({ HandedOver: 1 });
  }
});

test("in German, too", async () => {
  await clerk.close();
  const pickup = await makeReady(stage, "2009");
  const german = await Clerk.open(stage, browser, hardware, { locale: "de-DE" });
  await german.scan(pickup.code);
  await german.see("handover-code-right");
  expect(await german.page.getByTestId("primary").innerText()).toBe("Ausgeben");
  await german.tap("primary");
  await german.see("undo");
  await german.scan(pickup.code);
  await german.told("dup", `Von ${german.name}, `);
  expect(await german.page.locator("html").getAttribute("lang")).toMatch(/^de/);
  await german.close();
});

test("afterwards hub and agent agree in every figure", async () => {
  const { totals, exceptions } = await expectAgreement(stage);
  expect(totals).toMatchObject({ handed_over_milli: ORDERS.length * 3000, picked_milli: 0, open_milli: 0 });
  expect(exceptions).toEqual([]);
});
