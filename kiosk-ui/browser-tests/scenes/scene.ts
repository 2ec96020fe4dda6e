// A scene is a state of a page worth looking at. Those of a page are played in order: each begins where the one before
// it ended, after a sheet or drawer that was open there was closed by Escape.
import type { Browser, Page } from "playwright-core";
import { type Opening, openBrowser, WatchedPage } from "../browser";
import type { Hardware } from "../hardware";
import { type Plan, Stage } from "../stage";
import { GOODS, ORDERS, PICKUPS, SKUS } from "./trade";

/** What a scene is played with. */
export interface Set {
  stage: Stage;
  hardware: Hardware;
  watched: WatchedPage;
  page: Page;
  browser: Browser;
}

export type Scene = [name: string, play: (set: Set) => Promise<void>];

/** A company that has goods and orders, the devices of its first station, and a page that waits to go somewhere. */
export async function build(url: (stage: Stage) => string, opening: Opening, plan: Plan = {}): Promise<Set> {
  const [stage, browser] = await Promise.all([Stage.open({ articles: SKUS, goods: GOODS, orders: ORDERS, pickups: PICKUPS, ...plan }), openBrowser()]);
  const [hardware, watched] = await Promise.all([stage.hardware(undefined, { print_ms: 2000 }), WatchedPage.open(browser, url(stage), opening)]);
  return { stage, hardware, watched, page: watched.page, browser };
}

export async function strike(set: Set | undefined): Promise<void> {
  await set?.browser.close();
  await set?.hardware.close();
  await set?.stage.close();
}

/** Closes what lies over the page, as a keyboard does. */
export async function closeWhatIsOpen(page: Page): Promise<void> {
  const open = page.locator("dialog[open], .drawer");
  if ((await open.count()) === 0) return;
  await page.keyboard.press("Escape");
  await open.waitFor({ state: "detached" });
}
