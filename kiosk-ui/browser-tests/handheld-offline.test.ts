// Orders through a handheld's hands while head office cannot be reached; then it can.
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
  for (const one of ["hub", "broker"]) await stage.stop(one);
});
afterAll(async () => {
  await picker?.close();
  await browser?.close();
  await stage?.close();
});

test("the page says that head office cannot be reached, and that work goes on", async () => {
  await picker.page.getByTestId("hub-down").waitFor();
  expect(await picker.page.getByTestId("hub-down").innerText()).toMatch(/No connection to head office\. Work goes on and is saved here/);
  expect(await picker.page.getByTestId("link-hub").getAttribute("data-up")).toBe("false");
  expect(await picker.page.getByTestId("link-agent").getAttribute("data-up")).toBe("true");
});

test("every order is picked, packed, labelled and sent off without head office", async () => {
  await picker.work("DAMAGED");
  expect(picker.shortMilli).toBeGreaterThan(0);
  expect(picker.taps.get("try again") ?? 0).toBe(0);
  await expectAllLeft(picker);
});

test("what waits for head office is listed, with its age", async () => {
  const { page } = picker;
  const { unacked } = await picker.api.get("/api/v1/sync");
  expect(unacked).toBeGreaterThan(picker.scans);
  await expect.poll(() => page.getByTestId("outbox-count").getAttribute("data-count")).toBe(String(unacked));
  await page.getByTestId("outbox-count").click();
  const items = page.getByTestId("outbox-list").getByRole("listitem");
  await items.first().waitFor();
  expect(await page.getByTestId("outbox-why").innerText()).toContain(`${unacked} entries wait to be sent`);
  expect(await page.getByTestId("outbox-why").innerText()).toContain("Nothing to do.");
  expect((await items.allInnerTexts()).every((words) => /^[A-Z][a-z ]+\b.*\bago$/s.test(words))).toBe(true);
  await page.getByText("Line picked").first().waitFor();
});

test("the list empties by itself once head office is back, and both say the same of every order", async () => {
  const { page } = picker;
  await stage.start("broker");
  await stage.start("hub");
  await page.locator("body:not(:has([data-testid=hub-down]))").waitFor();
  await page.getByText("All is sent").waitFor();
  expect(await page.getByTestId("outbox-list").count()).toBe(0);
  await expect.poll(() => page.getByTestId("outbox-count").getAttribute("data-count")).toBe("0");

  const books = await expectAgreement(stage);
  expect(books.totals).toMatchObject({ scanned_milli: picker.unitsMilli, open_milli: 0, short_milli: picker.shortMilli });
  expect(picker.watched.check()).toEqual([]);
});
