// What hands do on a keyboard is never taken for a read: whatever its speed, it is typed where the focus is.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { Api } from "./api";
import { countBand } from "./band";
import { COUNTER, HANDHELD, openBrowser, signIn, WatchedPage } from "./browser";
import { makeReady, type Pickup } from "./counter";
import { Keys } from "./keys";
import { Stage } from "./stage";

let stage: Stage;
let browser: Browser;
let api: Api;
let pickup: Pickup;

beforeAll(async () => {
  const orders: Record<string, [string, number][]> = { "4711": [["CUP-1", 1]], "4712": [["CUP-2", 30]] };
  [stage, browser] = await Promise.all([Stage.open({ articles: ["CUP-1", "CUP-2"], orders, pickups: ["4711"] }), openBrowser()]);
  api = await stage.agentApi();
  pickup = await makeReady(stage, "4711");
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

const person = () => ({ name: stage.agent.stations[0]!.picker, pin: stage.pin(stage.agent, stage.agent.stations[0]!.picker) });

async function open(kind: "counter" | "handheld"): Promise<Page> {
  const watched = await WatchedPage.open(browser, `${stage.agent.url}/ui/${kind}/`, kind === "counter" ? COUNTER : HANDHELD);
  onTestFinished(async () => {
    expect(watched.check()).toEqual([]);
    await watched.close();
  });
  return watched.page;
}

async function openSignedIn(kind: "counter" | "handheld"): Promise<Page> {
  const page = await open(kind);
  await signIn(page, person().name, person().pin);
  await page.locator('[data-testid="link-agent"][data-up="true"]').waitFor();
  return page;
}

/** A page on which nothing is taken for a read until the test ends. */
async function unread(page: Page): Promise<void> {
  const said = await countBand(page);
  const scans: string[] = [];
  page.on("request", (request) => request.url().endsWith("/api/v1/scans") && scans.push(request.postData() ?? ""));
  onTestFinished(async () => {
    expect(await said()).toEqual({ ok: 0, nok: 0, dup: 0, pending: 0 });
    expect(scans).toEqual([]);
  });
}

let written = 0;
const inLog = async () => (await api.pages("/api/v1/log")).length;
beforeEach(async () => {
  written = await inLog();
});

/** How different hands type: milliseconds between keys, again and again. */
const HANDS: [string, number[]][] = [
  ["one finger, 200 ms a key", [200]],
  ["a calm hand, 110 to 190 ms", [150, 110, 190, 130]],
  ["an office hand, 70 to 130 ms", [90, 70, 130, 80]],
  ["a hand that rolls over pairs of keys, 30 and 110 ms", [30, 110]],
  ["the fastest hand there is, 50 to 70 ms", [60, 50, 70]],
  ["the same, in bursts of 30 ms that take turns", [30, 45, 75, 40]],
];

test.each(HANDS)("in a text field, with Enter after it: %s", async (_, gap) => {
  const page = await openSignedIn("counter");
  await unread(page);
  const field = page.getByTestId("pickup-search");
  await field.focus();
  const keys = await Keys.of(page);
  for (const text of ["4711", "order 4711", "a", "ab", "abc"]) {
    await field.fill("");
    await keys.press([...text, "Enter"], { gap });
    expect(await field.inputValue()).toBe(text);
  }
  await field.fill("");
  await keys.press([..."9521000000017"], { gap });
  expect(await field.inputValue()).toBe("9521000000017");
  expect(await inLog()).toBe(written);
});

test("a burst of up to three keys and Enter, as fast as a scanner", async () => {
  const page = await openSignedIn("counter");
  await unread(page);
  const field = page.getByTestId("pickup-search");
  await field.focus();
  const keys = await Keys.of(page);
  for (const text of ["1", "12", "123"]) {
    await field.fill("");
    await keys.press([...text, "Enter"], { gap: 5 });
    expect(await field.inputValue()).toBe(text);
  }
});

test("a key that is held down, in a field and on a button", async () => {
  const page = await openSignedIn("counter");
  await unread(page);
  const field = page.getByTestId("pickup-search");
  const keys = await Keys.of(page);
  await field.focus();
  await keys.hold("7", 12);
  await keys.press(["Enter"], { pause: 30 });
  expect(await field.inputValue()).toBe("777777777777");
  await page.getByTestId("tab-more").focus();
  await keys.hold("x", 6);
  await keys.press(["Enter"], { pause: 30 });
  await page.getByTestId("more-devices").waitFor(); // Enter still presses the button
});

test("a text that is pasted, with Enter after it", async () => {
  const page = await openSignedIn("counter");
  await unread(page);
  const field = page.getByTestId("pickup-search");
  await field.fill("9521000000017");
  await field.focus();
  for (const shortcut of ["Control+A", "Control+C", "End", "Control+V"]) await page.keyboard.press(shortcut);
  expect(await field.inputValue()).toBe("95210000000179521000000017");
  await page.keyboard.press("Enter");
  expect(await field.inputValue()).toBe("95210000000179521000000017");
});

test.each(HANDS)("a PIN, with Enter after it, signs in: %s", async (_, gap) => {
  const page = await open("handheld");
  await page.getByTestId(`person-${person().name}`).click();
  await page.getByTestId("sign-in-pin").focus();
  await (await Keys.of(page)).press([...person().pin, "Enter"], { gap });
  await page.getByTestId("tasks").waitFor();
});

test.each(HANDS)("six digits of a customer's code look it up: %s", async (_, gap) => {
  const page = await openSignedIn("counter");
  await page.getByTestId("pickup-code").focus();
  await (await Keys.of(page)).press([...pickup.code], { gap });
  await page.getByTestId("handover-code-right").waitFor();
});

test("digits of a quantity, with Enter after them, are the quantity", async () => {
  const page = await openSignedIn("handheld");
  await page.getByTestId("task-4712").click();
  await page.getByTestId("current-line").waitFor();
  const group = await api.group("4712");
  const keys = await Keys.of(page);
  await keys.scan(group.lines[0].gtins[0].slice(1));
  await page.getByTestId("quantity").waitFor();
  const asked: string[] = [];
  page.on("request", (request) => request.method() === "POST" && asked.push(new URL(request.url()).pathname));
  await page.getByTestId("quantity").focus();
  await keys.press([..."12", "Enter"], { gap: 40 });
  await expect.poll(async () => (await api.group("4712")).picked_milli).toBe(12_000);
  // The agent's figures may be here before word of the request.
  await expect.poll(() => asked).toEqual(["/api/v1/quantities"]);
});
