// 200 reads, 20 ms apart: each counts once, whatever has the focus and however the scanner is connected.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { countBand } from "./band";
import { HANDHELD, openBrowser, signIn, WatchedPage } from "./browser";
import type { Hardware } from "./hardware";
import { ARTICLES, codesOf, LINES, type Path, PATHS, readAll, READS, readsOf, UNITS_READ } from "./reads";
import { Stage, type StationPlace } from "./stage";

interface Place {
  name: string;
  /** Puts the focus there. */
  focus: (page: Page, desk: Desk) => Promise<void>;
  /** What must not have happened there. */
  untouched: (page: Page) => Promise<void>;
}

/** A station with somebody at a page, an order of many units, and its scanner. */
interface Desk {
  station: StationPlace;
  order: string;
  watched: WatchedPage;
  hardware: Hardware;
  codes: string[];
}

const PLACES: Place[] = [
  {
    name: "on a button that opens a sheet",
    focus: (page) => page.getByTestId("primary").focus(),
    untouched: async (page) => expect(await page.locator("dialog").count()).toBe(0),
  },
  {
    // No screen that counts units keeps a field open through two reads, so this one is the test's own.
    name: "in a text field",
    focus: async (page) => {
      await page.evaluate(() => document.querySelector("main")!.append(Object.assign(document.createElement("input"), { id: "note", value: "as it was" })));
      await page.locator("#note").focus();
    },
    untouched: async (page) => {
      expect(await page.locator("#note").inputValue()).toBe("as it was");
      expect(await page.locator("#note").evaluate((note) => note === document.activeElement)).toBe(true);
    },
  },
  {
    name: "in a dialog, on the button that confirms it",
    focus: async (page) => {
      await page.getByTestId("primary").click();
      await page.getByTestId("short-confirm").focus();
    },
    // A sheet is older than what was read last: it goes, and nothing of it is done.
    untouched: async (page) => expect(await page.getByTestId("short-sheet").count()).toBe(0),
  },
  {
    name: "in the quantity of a dialog",
    focus: async (page, { station, hardware }) => {
      const line = (await (await stage.agentApi()).group(orderOf(station))).lines.at(-1);
      await hardware.scan(line.gtins[0].slice(1)); // the line of many: scanned once and keyed
      await page.getByTestId("quantity").fill("7");
    },
    untouched: async (page) => expect(await page.getByTestId("quantity-sheet").count()).toBe(0),
  },
];

/** An article of which so many are ordered that they are keyed, not scanned. */
const CRATE = "CRATE-99";
const IN_CRATE = 50;

let stage: Stage;
let browser: Browser;

const seats: { path: Path; place: Place }[] = PATHS.flatMap((path) => PLACES.map((place) => ({ path, place })));
const orderOf = (station: StationPlace) => `of-${station.station}`;

beforeAll(async () => {
  const lines: typeof LINES = [...LINES, [CRATE, IN_CRATE]];
  const orders = Object.fromEntries(seats.map((_, n) => [`of-bench-${n + 1}`, lines]));
  [stage, browser] = await Promise.all([
    Stage.open({ articles: [...ARTICLES, CRATE], orders, stations: seats.length }),
    openBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

/** Somebody at a page of the handheld who has taken the order of this station. */
async function sitDown(station: StationPlace): Promise<Desk> {
  const hardware = await stage.hardware(station);
  onTestFinished(() => hardware.close());
  const order = orderOf(station);
  const watched = await WatchedPage.open(browser, `${stage.agent.url}/ui/handheld/?station=${station.station}`, HANDHELD);
  onTestFinished(() => watched.close());
  const { page } = watched;
  await signIn(page, station.picker, stage.pin(stage.agent, station.picker));
  await page.getByTestId(`task-${order}`).click();
  await page.getByTestId("current-line").waitFor();
  return { station, order, watched, hardware, codes: codesOf(await (await stage.agentApi()).group(order)) };
}

describe.each(seats.map((seat, n) => ({ ...seat, n })))(`${READS} reads by $path`, ({ path, place, n }) => {
  test(`count once each with the focus ${place.name}`, async () => {
    const station = stage.agent.stations[n]!;
    const desk = await sitDown(station);
    const { page } = desk.watched;
    const api = await stage.agentApi();
    await place.focus(page, desk);
    const before = await readsOf(api, station);
    const said = await countBand(page);

    await readAll(path, desk.codes, page, desk.hardware);

    await expect.poll(async () => (await api.group(desk.order)).picked_milli).toBe(READS * 1000);
    const group = await api.group(desk.order);
    expect(group.lines.slice(0, ARTICLES.length).map((line: { picked_milli: number }) => line.picked_milli)).toEqual(
      ARTICLES.map(() => UNITS_READ * 1000),
    );
    expect(group.short_milli).toBe(0);
    expect(group.lines.at(-1).open_milli).toBe(IN_CRATE * 1000);
    expect(await readsOf(api, station)).toBe(path === "serial" ? before + READS : before);
    await expect.poll(said).toMatchObject({ ok: READS, nok: 0, dup: 0 });
    await expect.poll(() => page.getByTestId("remaining").getAttribute("data-milli")).toBe(String(group.open_milli));
    await place.untouched(page);
    expect(desk.watched.check()).toEqual([]);
  });
});
