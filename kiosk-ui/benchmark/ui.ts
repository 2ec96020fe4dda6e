// From a read to the verdict on the screen: a real agent and a real page, a scanner on a line and one that types.
// Says what it does in lines of JSON: {"progress": words}, then {"samples": {name: [milliseconds, ...]}, ...}.
import type { Browser, Page } from "playwright-core";
import { HANDHELD, openBrowser, signIn, WatchedPage } from "../browser-tests/browser";
import { Keys } from "../browser-tests/keys";
import { Stage, type StationPlace } from "../browser-tests/stage";
import { openBare } from "./bare";
import { clockAhead, notePaint } from "./paint";

const SCANS = Number(process.env["CAIRN_BENCH_SCANS"] ?? 300);
/** Taken in turns, so that a busy moment of the machine meets all of them. */
const BLOCK = 50;
/** A hand with a scanner: between two reads. */
const PACE_MS = [100, 150, 120, 140, 110];
const WARM_UP = 10;
/** So many of an article at most are scanned one by one. */
const UNITS = 12;

function tell(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

/** A way for a read to reach the screen: `send` says when it left. */
interface Way {
  name: string;
  page: Page;
  send: (read: number) => Promise<number>;
  painted: () => Promise<number[]>;
  samples: number[];
  /** How much the page's clock is ahead. */
  ahead: number;
}

async function openPick(browser: Browser, stage: Stage, { station, picker }: StationPlace): Promise<{ page: Page; codes: string[] }> {
  const { page } = await WatchedPage.open(browser, `${stage.agent.url}/ui/handheld/?station=${station}`, HANDHELD);
  await signIn(page, picker, stage.pin(stage.agent, picker));
  await page.getByTestId(`task-${station}`).click();
  await page.getByTestId("current-line").waitFor();
  const { lines } = await (await stage.agentApi()).group(station);
  return { page, codes: lines.flatMap(({ gtins }: { gtins: string[] }) => Array<string>(UNITS).fill(gtins[0]!.slice(1))) };
}

async function measure(way: Way, first: number, reads: number): Promise<number[]> {
  await way.page.bringToFront();
  await way.painted();
  const sent: number[] = [];
  for (let read = 0; read < reads; ++read) {
    const pause = new Promise((over) => setTimeout(over, PACE_MS[read % PACE_MS.length]));
    sent.push(await way.send(first + read));
    await pause;
  }
  const painted: number[] = [];
  for (const since = performance.now(); painted.length < reads && performance.now() - since < 10_000; ) {
    painted.push(...(await way.painted()));
    if (painted.length < reads) await new Promise((later) => setTimeout(later, 20));
  }
  if (painted.length !== reads) throw new Error(`${way.name}: ${painted.length} verdicts of ${reads} reads were painted`);
  return painted.map((at, read) => at - way.ahead - sent[read]!);
}

async function run(stage: Stage, browser: Browser): Promise<void> {
  const [serialAt, wedgeAt] = stage.agent.stations as [StationPlace, StationPlace];
  const hardware = await stage.hardware(serialAt);
  const [serial, wedge, bare] = [await openPick(browser, stage, serialAt), await openPick(browser, stage, wedgeAt), await openBare(browser)];
  const keys = await Keys.of(wedge.page);
  const way = async (name: string, page: Page, send: Way["send"]): Promise<Way> => ({
    name,
    page,
    send,
    painted: await notePaint(page),
    samples: [],
    ahead: (await clockAhead(page)).ms,
  });
  const ways = [
    await way("serial", serial.page, async (read) => {
      const sent = performance.timeOrigin + performance.now();
      void hardware.scan(serial.codes[read]!);
      return sent;
    }),
    await way("wedge", wedge.page, (read) => keys.read(wedge.codes[read]!)),
    await way("bare", bare.page, (read) => bare.send(`${read}`)),
  ];
  for (const each of ways) await measure(each, 0, WARM_UP);
  for (let done = 0; done < SCANS; done += BLOCK) {
    for (const each of ways) {
      tell({ progress: `${each.name}: ${done} of ${SCANS} scans` });
      each.samples.push(...(await measure(each, WARM_UP + done, Math.min(BLOCK, SCANS - done))));
    }
  }
  const clocks = await Promise.all(ways.map(async ({ page, ahead }) => {
    const { ms, within } = await clockAhead(page);
    return Math.abs(ms - ahead) + within;
  }));
  tell({ samples: Object.fromEntries(ways.map(({ name, samples }) => [name, samples])), clock_within_ms: Math.max(...clocks) });
  await bare.close();
  await hardware.close();
}

export async function ui(): Promise<void> {
  tell({ progress: "a company, its agent and a browser" });
  const articles = Array.from({ length: Math.ceil((SCANS + WARM_UP) / UNITS) + 1 }, (_, n) => `CUP-${n + 1}`);
  const lines = articles.map((article): [string, number] => [article, UNITS]);
  const stage = await Stage.open({ articles, orders: { "bench-1": lines, "bench-2": lines }, stations: 2 });
  const browser = await openBrowser();
  try {
    await run(stage, browser);
  } finally {
    await browser.close();
    await stage.close();
  }
}
