// The device service is killed in the hands of a picker: the page says so and takes no scan until it is back; what was
// confirmed is kept, and everything happens once.
import type { Browser, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAgreement } from "./agreement";
import { expectAllLeft } from "./all-left";
import { openBrowser, wedge } from "./browser";
import { type Ask, Picker, sayWhoseOrders } from "./handheld";
import { Stage } from "./stage";

const ORDERS = 3;
const PRINT_MS = 400; // long enough to be killed in between

const CODE = "9520000250522";

let stage: Stage;
let browser: Browser;
let picker: Picker;

/** When to kill, by how often something was done. */
const KILLS: Partial<Record<Ask, number[]>> = { take: [1], scan: [3, 20], quantity: [1], weigh: [1, 2], "send off": [1] };
/** What the agent does before it dies; nobody hears its answer. */
const UNHEARD: Partial<Record<Ask, string>> = { take: "**/claim", quantity: "**/quantities", weigh: "**/packages", "send off": "**/ship" };
const done = new Map<Ask, number>();
let killed = 0;
let unheard = 0;
let expected = 0;

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open({ real_orders: ORDERS }), openBrowser()]);
  picker = await Picker.open(browser, stage, { print_ms: PRINT_MS });
  sayWhoseOrders(stage, ORDERS);
  for (const path of Object.values(UNHEARD)) {
    await picker.page.route(path, dieBeforeAnswering, { times: 1 });
  }
  picker.meanwhile = async (what) => {
    const times = (done.get(what) ?? 0) + 1;
    done.set(what, times);
    if (!KILLS[what]?.includes(times)) return false;
    if (UNHEARD[what] && times === 1) await expect.poll(() => unheard).toBe(++expected);
    // The second parcel: while its label is in the printer.
    if (what === "weigh" && times === 2) await picker.page.locator("[data-label=PRINTING]").waitFor();
    await killAndLook(what === "weigh" && times === 1);
    return true;
  };
});
afterAll(async () => {
  await picker?.close();
  await browser?.close();
  await stage?.close();
});

async function dieBeforeAnswering(route: Route): Promise<void> {
  await route.fetch();
  await stage.crash(stage.agent.name);
  unheard += 1;
  await route.abort();
}

/** `giveUp`: it stays away until the page asks no more by itself. */
async function killAndLook(giveUp: boolean): Promise<void> {
  const { page } = picker;
  killed += 1;
  await stage.crash(stage.agent.name);
  await page.getByTestId("agent-down").waitFor();
  expect(await page.getByTestId("agent-down").innerText()).toContain("scans are NOT saved");
  expect(await page.getByTestId("link-agent").getAttribute("data-up")).toBe("false");
  // Neither scanner reaches anybody.
  await wedge(page, CODE);
  await expect.poll(() => picker.band()).toMatchObject({ verdict: "nok", words: expect.stringContaining("scans are NOT saved") });
  await expect(picker.hardware.scan(CODE)).rejects.toThrow();
  if (giveUp) await page.getByTestId("error").waitFor();
  await stage.start(stage.agent.name);
  await page.locator("body:not(:has([data-testid=agent-down]))").waitFor();
  await picker.devicesOnline();
}

test("between scans, quantity, parcel, label and sending off: nothing is lost, nothing happens twice", async () => {
  await picker.work();
  expect(killed).toBe(Object.values(KILLS).flat().length);
  expect(unheard).toBe(Object.keys(UNHEARD).length);
  expect(picker.taps.get("try again")).toBe(1);
  await expectAllLeft(picker);
  expect(picker.watched.check()).toEqual([]);
});

test("hub and agent say the same of every order", async () => {
  const { totals } = await expectAgreement(stage);
  expect(totals).toMatchObject({ scanned_milli: picker.unitsMilli, open_milli: 0, packages: (await picker.hardware.labels()).length });
});
