// The devices page: live counts, a test, a device given away and taken again; with the keyboard, too.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COUNTER, HANDHELD, openBrowser, signIn, WatchedPage } from "./browser";
import type { Hardware } from "./hardware";
import { Stage } from "./stage";

let stage: Stage;
let browser: Browser;
let hardware: Hardware;
let device: (kind: string) => string;

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open({ articles: ["CUP-1"], orders: { "5001": [["CUP-1", 1]] } }), openBrowser()]);
  hardware = await stage.hardware();
  device = (kind) => `${kind}-${stage.agent.stations[0]!.station}`;
});
afterAll(async () => {
  await browser?.close();
  await hardware?.close();
  await stage?.close();
});

async function open(which: "counter" | "handheld", name: string): Promise<WatchedPage> {
  const watched = await WatchedPage.open(browser, `${stage.agent.url}/ui/${which}/`, which === "counter" ? COUNTER : HANDHELD);
  await signIn(watched.page, name, stage.pin(stage.agent, name));
  await watched.page.getByTestId("feedback").first().waitFor();
  await watched.page.evaluate(() => void (location.hash = "#/devices"));
  return watched;
}

test("a manager tests the scanner, gives the scale away and takes it again", async () => {
  const watched = await open("counter", "manager");
  const { page } = watched;
  const scanner = page.getByTestId(`devices-${device("scanner")}`);
  await scanner.and(page.locator('[data-state="online"]')).waitFor();
  await page.getByTestId(`test-${device("scanner")}`).focus();
  await page.keyboard.press("Enter");
  const said = page.getByTestId(`care-${device("scanner")}`);
  await said.filter({ hasText: "Scan any code within 15 seconds" }).waitFor();
  await hardware.scan("4006381333931");
  await said.filter({ hasText: "It read 4006381333931. Nothing was picked with it." }).waitFor();
  await page.getByTestId(`facts-${device("scanner")}`).filter({ hasText: "1 read" }).waitFor();
  // The button has the focus still: a keyboard goes on from where it was.
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe(`test-${device("scanner")}`);

  // The next read is anybody's again, and is counted while one looks on.
  await hardware.scan("4006381333931");
  await page.getByTestId(`facts-${device("scanner")}`).filter({ hasText: "2 reads" }).waitFor();

  const scale = page.getByTestId(`devices-${device("scale")}`);
  await page.getByTestId(`release-${device("scale")}`).click();
  await scale.and(page.locator('[data-state="released"]')).filter({ hasText: "Claim it to work with it here" }).waitFor();
  expect(await page.getByTestId(`test-${device("scale")}`).count()).toBe(0);
  await page.getByTestId(`claim-${device("scale")}`).click();
  await scale.and(page.locator('[data-state="online"]')).waitFor();

  await hardware.weigh(250_000);
  await page.getByTestId(`test-${device("scale")}`).click();
  await page.getByTestId(`care-${device("scale")}`).filter({ hasText: "It rests at 0.250 kg." }).waitFor();

  await page.getByTestId(`test-${device("printer")}`).click();
  await page.getByTestId(`care-${device("printer")}`).filter({ hasText: "its test is printed" }).waitFor();
  await page.getByTestId(`facts-${device("printer")}`).filter({ hasText: "1 label" }).waitFor();
  expect(watched.check()).toEqual([]);
  await watched.close();
});

test("labels are held back and go on", async () => {
  const watched = await open("counter", "manager");
  const { page } = watched;
  const printer = device("printer");
  const queue = page.getByTestId(`queue-${printer}`);
  await queue.filter({ hasText: "No label waits" }).waitFor();
  await page.getByTestId(`pause-${printer}`).focus();
  await page.keyboard.press("Enter");
  await queue.filter({ hasText: "Labels are held back" }).waitFor();
  expect(await page.getByTestId(`move-${printer}`).count()).toBe(0); // nothing waits
  await page.getByTestId(`resume-${printer}`).click();
  await page.getByTestId(`pause-${printer}`).waitFor();
  expect(watched.check()).toEqual([]);
  await watched.close();
});

test("a picker tests at the handheld, and cannot give a device away", async () => {
  const { picker } = stage.agent.stations[0]!;
  const watched = await open("handheld", picker);
  const { page } = watched;
  await page.getByTestId(`device-${device("printer")}`).waitFor();
  expect(await page.locator('[data-testid^="release-"]').count()).toBe(0);
  await hardware.command("unplug @printer");
  await page.getByTestId(`test-${device("printer")}`).click();
  await page.getByTestId(`care-${device("printer")}`).filter({ hasText: "Not passed: " }).waitFor();
  await hardware.command("plug @printer");
  expect(watched.check()).toEqual([]);
  await watched.close();
});
