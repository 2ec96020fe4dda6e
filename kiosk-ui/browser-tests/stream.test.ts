// Live events: a page that hears nothing says so, then catches up; tabs of one browser share one connection.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import type { Api } from "./api";
import { countBand } from "./band";
import { HANDHELD, HQ, openBrowser, signIn, WatchedPage } from "./browser";
import type { Hardware } from "./hardware";
import { Stage } from "./stage";
import { Wire } from "./wire";

const SHOWN_WITHIN_MS = 12_000;
const ORDERS = ["frozen", "cut", "stopped", "tabs", "handed-on", "far"];
const UNITS = 40; // of each article of four, ten each: scanned, not keyed

let stage: Stage;
let browser: Browser;
let hardware: Hardware;
let api: Api;
let wire: Wire;

beforeAll(async () => {
  const articles = ["CUP-1", "CUP-2", "CUP-3", "CUP-4"];
  const lines = articles.map((article): [string, number] => [article, UNITS / 4]);
  [stage, browser] = await Promise.all([
    Stage.open({ articles, orders: Object.fromEntries(ORDERS.map((order) => [order, lines])) }),
    openBrowser(),
  ]);
  [hardware, api] = await Promise.all([stage.hardware(), stage.agentApi()]);
});
afterAll(async () => {
  await browser?.close();
  await hardware?.close();
  await stage?.close();
});
beforeEach(async () => {
  wire = await Wire.open(stage.agent.url);
  onTestFinished(() => wire.close());
});

const picker = () => stage.agent.stations[0]!.picker;
const heard = (page: Page, up: boolean) => page.locator(`[data-testid="${page.url().includes("/hq/") ? "link-hub" : "link-agent"}"][data-up="${up}"]`).waitFor();
const remaining = (page: Page) => page.getByTestId("remaining").getAttribute("data-milli");

/** The handheld, through the wire, with an order taken. */
async function openPick(order: string): Promise<Page> {
  const watched = await WatchedPage.open(browser, `${wire.url}/ui/handheld/`, HANDHELD);
  onTestFinished(async () => {
    expect(watched.check()).toEqual([]);
    await watched.close();
  });
  const { page } = watched;
  await signIn(page, picker(), stage.pin(stage.agent, picker()));
  await page.getByTestId(`task-${order}`).click();
  await page.getByTestId("current-line").waitFor();
  await heard(page, true);
  return page;
}

/** Scans so many units of an order, and waits for the agent to have them. */
async function scanUnits(order: string, units: number): Promise<void> {
  const { lines, picked_milli } = await api.group(order);
  const codes = lines.flatMap(({ gtins, open_milli }: { gtins: string[]; open_milli: number }) => Array<string>(open_milli / 1000).fill(gtins[0]!.slice(1)));
  await hardware.command(`burst 20 ${codes.slice(0, units).join(" ")}`);
  await expect.poll(async () => (await api.group(order)).picked_milli).toBe(picked_milli + units * 1000);
}

/** How long it takes until a page says that it hears nothing, and how long ago it did. */
async function silenceShown(page: Page): Promise<number> {
  const since = performance.now();
  await heard(page, false);
  return performance.now() - since;
}

/** The rest of an order is for nobody: its picker takes the next one. */
async function giveBack(order: string): Promise<void> {
  await api.post(`/api/v1/tasks/${(await api.group(order)).id}/release`, { force: true });
}

test("a stream that stands still is told within 12 s, and what happened meanwhile is told once", async () => {
  const page = await openPick("frozen");
  const said = await countBand(page);
  await scanUnits("frozen", 5);
  await expect.poll(said).toMatchObject({ ok: 5 });

  wire.freeze();
  expect(await silenceShown(page)).toBeLessThanOrEqual(SHOWN_WITHIN_MS);
  expect(await page.getByTestId("link-agent").innerText()).toMatch(/\d+ s/);
  expect(await page.getByTestId("agent-down").isVisible()).toBe(true);
  await scanUnits("frozen", 30);
  expect(await said()).toMatchObject({ ok: 5 });

  wire.thaw();
  await expect.poll(said).toMatchObject({ ok: 35, nok: 0, dup: 0 });
  await expect.poll(() => remaining(page)).toBe("5000");
  await heard(page, true);
  expect(await page.getByTestId("agent-down").count()).toBe(0);
  await scanUnits("frozen", 1);
  await expect.poll(said).toMatchObject({ ok: 36 });
  await giveBack("frozen");
});

test("a stream that breaks goes on where it broke", async () => {
  const page = await openPick("cut");
  const said = await countBand(page);
  for (let units = 8; units <= 32; units += 8) {
    const scanned = scanUnits("cut", 8);
    wire.cut();
    await scanned;
    await expect.poll(said).toMatchObject({ ok: units, nok: 0, dup: 0 });
    await expect.poll(() => remaining(page)).toBe(String((UNITS - units) * 1000));
  }
  await heard(page, true);
  await giveBack("cut");
});

test("an agent that stands still is told within 12 s, and reads of that time count once it goes on", async () => {
  const page = await openPick("stopped");
  const said = await countBand(page);
  const { lines } = await api.group("stopped");

  await stage.pause(stage.agent.name);
  expect(await silenceShown(page)).toBeLessThanOrEqual(SHOWN_WITHIN_MS);
  await hardware.command(`burst 20 ${Array<string>(10).fill(lines[0].gtins[0].slice(1)).join(" ")}`);

  await stage.resume(stage.agent.name);
  await heard(page, true);
  await expect.poll(async () => (await api.group("stopped")).picked_milli).toBe(10_000);
  await expect.poll(said).toMatchObject({ ok: 10, nok: 0, dup: 0 });
  await expect.poll(() => remaining(page)).toBe("30000");
  await giveBack("stopped");
});

/** Eight tabs of one browser at the same task. */
async function openTabs(order: string): Promise<Page[]> {
  const first = await openPick(order);
  const tabs = [first];
  while (tabs.length < 8) {
    const tab = await first.context().newPage();
    await tab.goto(first.url());
    await heard(tab, true);
    tabs.push(tab);
  }
  for (const tab of tabs) await tab.getByTestId("current-line").waitFor();
  return tabs;
}

test("eight tabs of a browser are live on one connection", async () => {
  const tabs = await openTabs("tabs");
  const said = await Promise.all(tabs.map(countBand));
  expect(wire.streams).toBe(1);
  await scanUnits("tabs", 12);
  for (const [n, tab] of tabs.entries()) {
    await expect.poll(said[n]!).toMatchObject({ ok: 12, nok: 0, dup: 0 });
    await expect.poll(() => remaining(tab)).toBe("28000");
  }
  expect(wire.streams).toBe(1);
  await giveBack("tabs");
});

test("when the tab that listens is closed in the middle of reads another goes on, and none tells a read twice", async () => {
  const tabs = await openTabs("handed-on");
  const others = tabs.slice(1);
  const said = await Promise.all(others.map(countBand));
  const scanned = scanUnits("handed-on", 30);
  await expect.poll(async () => (await said[0]!()).ok).toBeGreaterThan(3);
  await tabs[0]!.close();
  await scanned;
  for (const [n, tab] of others.entries()) {
    await expect.poll(said[n]!).toMatchObject({ ok: 30, nok: 0, dup: 0 });
    await expect.poll(() => remaining(tab)).toBe("10000");
    await heard(tab, true);
  }
  await expect.poll(() => wire.streams).toBe(1);
  await giveBack("handed-on");
});

/** The figures of a column of the order's lines, together. */
async function column(page: Page, title: string): Promise<number> {
  const table = page.getByTestId("order-lines");
  const place = (await table.locator("thead th").allInnerTexts()).indexOf(title);
  return (await table.locator(`tbody tr > :nth-child(${place + 1})`).allInnerTexts()).reduce((sum, figure) => sum + Number(figure.replace(/\D/g, "")), 0); // nothing is a dash
}

test("head office says within 12 s that its hub stands still, dims what it shows, and catches up", async () => {
  const watched = await WatchedPage.open(browser, `${stage.hub.url}/ui/hq/`, HQ);
  onTestFinished(async () => {
    expect(watched.check()).toEqual([]);
    await watched.close();
  });
  const { page } = watched;
  const admin = stage.hub.staff[0]!;
  await page.getByTestId("sign-in-name").fill(admin.name);
  await page.getByTestId("sign-in-pin").fill(admin.pin);
  await page.getByTestId("primary").click();
  const hub = await stage.hubApi();
  const { id } = (await hub.pages("/api/v1/orders")).find((order) => order.external_id === "far");
  await page.evaluate((order) => void (location.hash = `#/orders/${order}`), id);
  await heard(page, true);
  await expect.poll(() => column(page, "Picked")).toBe(0);
  await openPick("far");

  await stage.pause("hub");
  expect(await silenceShown(page)).toBeLessThanOrEqual(SHOWN_WITHIN_MS);
  expect(await page.getByTestId("link-hub").innerText()).toMatch(/\d+ s/);
  await page.getByTestId("hub-silent").waitFor();
  await page.getByTestId("order-lines-panel").and(page.locator(".dim")).waitFor();
  await scanUnits("far", 25); // a store works without its hub

  await stage.resume("hub");
  await heard(page, true);
  await expect.poll(() => column(page, "Picked")).toBe(25);
  const facts = (await hub.get(`/api/v1/orders/${id}`)).lines as { picked_milli: number }[];
  expect(facts.reduce((sum, line) => sum + line.picked_milli, 0)).toBe(25_000);
  expect(await page.getByTestId("hub-silent").count()).toBe(0);
  await expect.poll(() => page.getByTestId("order-lines-panel").and(page.locator(".dim")).count()).toBe(0);
});
