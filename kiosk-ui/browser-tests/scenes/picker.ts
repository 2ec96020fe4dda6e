// What a picker does between two scenes of the handheld.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Set } from "./scene";
import { gtin } from "./trade";

export function go(page: Page, place: string): Promise<void> {
  return page.evaluate((hash) => void (location.hash = hash), `#/${place}`);
}

export async function verdict(page: Page, what: "ok" | "nok" | "pending"): Promise<void> {
  await page.getByTestId("feedback").and(page.locator(`[data-verdict="${what}"]`)).waitFor();
}

/** What went well is shown for 700 ms; so that it can be looked at, it stays. */
export async function holdGoodNews(page: Page, hold: boolean): Promise<void> {
  await page.evaluate((held) => {
    type Clock = (then: () => void, ms?: number) => number;
    const here = window as unknown as { setTimeout: Clock; plainClock?: Clock };
    const plain = (here.plainClock ??= here.setTimeout.bind(window));
    here.setTimeout = held ? (then, ms) => (ms === 700 ? 0 : plain(then, ms)) : plain;
  }, hold);
}

export async function claim(page: Page, order: string): Promise<void> {
  await page.getByTestId(`task-${order}`).click();
  await page.getByTestId("current-line").waitFor();
}

/** Scans what is open on the screen until nothing is. */
export async function pickAll({ stage, hardware, page }: Set, order: string): Promise<void> {
  const api = await stage.agentApi();
  for (let group = await api.group(order); group.open_milli > 0; ) {
    const line = group.lines.find((one: { open_milli: number }) => one.open_milli > 0);
    await hardware.scan(gtin(line.sku));
    if (line.ordered_milli > 12_000) await page.getByTestId("quantity-confirm").click();
    const before = group.open_milli;
    await expect.poll(async () => (group = await api.group(order)).open_milli).toBeLessThan(before);
  }
  await page.getByTestId("finished").waitFor();
}

export async function expectedMilligrams({ stage }: Set, order: string): Promise<number> {
  const api = await stage.agentApi();
  const next = await api.get(`/api/v1/ship-groups/${(await api.group(order)).id}/next-package`);
  return next.expected_mg;
}

export async function weigh(set: Set, milligrams: number, looks: "right" | "off" = "right"): Promise<void> {
  await set.hardware.weigh(milligrams);
  await set.page.getByTestId("weight").and(set.page.locator(`.${looks}`)).waitFor();
}

export async function cancel({ stage }: Set, order: string): Promise<void> {
  const hub = await stage.hubApi();
  const [found] = await hub.pages(`/api/v1/orders?text=${order}`);
  for (const line of (await hub.get(`/api/v1/orders/${found.id}`)).lines) {
    await hub.post(`/api/v1/orders/${found.id}/cancellations`, { line: line.line, quantity_milli: line.ordered_milli });
  }
}
