// A picker at work, by scans alone.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HANDHELD, openBrowser, signIn, WatchedPage } from "./browser";
import type { Hardware } from "./hardware";
import { Stage } from "./stage";

let stage: Stage;
let browser: Browser;
let hardware: Hardware;

beforeAll(async () => {
  [stage, browser] = await Promise.all([
    Stage.open({ articles: ["CUP-1", "CUP-2"], orders: { "1001": [["CUP-1", 2], ["CUP-2", 1]] } }), // prettier-ignore
    openBrowser(),
  ]);
  hardware = await stage.hardware();
});
afterAll(async () => {
  await browser?.close();
  await hardware?.close();
  await stage?.close();
});

test("one scan is one unit, and no tap is needed", async () => {
  const { agent } = stage;
  const picker = agent.stations[0]!.picker;
  const watched = await WatchedPage.open(browser, `${agent.url}/ui/handheld/`, HANDHELD);
  const { page } = watched;
  await signIn(page, picker, stage.pin(agent, picker));
  await page.getByTestId("primary").click(); // the next task
  await page.getByTestId("current-line").waitFor();
  const api = await stage.agentApi();
  const line = (await api.group("1001")).lines[0];
  for (let unit = 1; unit <= 2; ++unit) {
    await hardware.scan(line.gtins[0]);
    await page.getByTestId("feedback").and(page.locator('[data-verdict="ok"]')).waitFor();
    await expect.poll(async () => (await api.group("1001")).lines[0].picked_milli).toBe(unit * 1000);
  }
  expect(watched.check()).toEqual([]);
  await watched.close();
});
