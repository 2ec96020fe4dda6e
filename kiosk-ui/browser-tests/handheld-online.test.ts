// Orders through a handheld's hands with everything up: one tap takes an order, one scan is one unit, no tap needed.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAgreement } from "./agreement";
import { expectAllLeft } from "./all-left";
import { openBrowser } from "./browser";
import { Picker, sayWhoseOrders } from "./handheld";
import { Stage } from "./stage";

const ORDERS = 5;

let stage: Stage;
let browser: Browser;
let picker: Picker;

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open({ real_orders: ORDERS }), openBrowser()]);
  picker = await Picker.open(browser, stage);
  sayWhoseOrders(stage, ORDERS);
});
afterAll(async () => {
  await picker?.close();
  await browser?.close();
  await stage?.close();
});

test("every order leaves the house by scans, a tap for each order, each long line and each parcel", async () => {
  await picker.work();
  await expectAllLeft(picker);

  const groups = await picker.api.pages("/api/v1/ship-groups");
  const parcels = (await picker.hardware.labels()).length;
  const shipped = groups.filter((one) => one.method === "SHIP").length;
  expect(Object.fromEntries(picker.taps)).toEqual({
    take: groups.length,
    quantity: picker.longLines,
    "go on": groups.length + shipped, // from picked to packing, and back to the tasks
    weigh: parcels,
    "send off": shipped,
  });
  expect(picker.watched.check()).toEqual([]);
});

test("hub and agent say the same of every order", async () => {
  const { totals } = await expectAgreement(stage);
  expect(totals).toMatchObject({ scanned_milli: picker.unitsMilli, open_milli: 0, short_milli: 0 });
});
