// Many reads in little time, by either way that a scanner is connected.
import { expect } from "vitest";
import type { Page } from "playwright-core";
import type { Api } from "./api";
import type { Hardware } from "./hardware";
import { Keys } from "./keys";
import type { StationPlace } from "./stage";

export const READS = 200;
export const APART_MS = 20;
export const ARTICLES = Array.from({ length: 20 }, (_, n) => `CUP-${n + 1}`);
export const UNITS_READ = READS / ARTICLES.length;
/** One more of each article than is read: a read that counted twice would be seen. */
export const LINES = ARTICLES.map((article): [string, number] => [article, UNITS_READ + 1]);

export const PATHS = ["serial", "wedge"] as const;
export type Path = (typeof PATHS)[number];

/** The codes of 200 reads: the same one again and again, for the next unit of an article is no repetition of a read. */
export function codesOf(group: { lines: { gtins: string[] }[] }): string[] {
  return group.lines.slice(0, ARTICLES.length).flatMap(({ gtins }) => Array<string>(UNITS_READ).fill(gtins[0]!.slice(1)));
}

export async function readAll(path: Path, codes: string[], page: Page, hardware: Hardware): Promise<void> {
  if (path === "wedge") await (await Keys.of(page)).scans(codes, APART_MS);
  else expect(await hardware.command(`burst ${APART_MS} ${codes.join(" ")}`)).toMatchObject({ scans: codes.length });
}

/** How many reads the agent has had from a station's own scanner. */
export async function readsOf(api: Api, station: StationPlace): Promise<number> {
  const { items } = await api.get("/api/v1/devices");
  return items.find((device: { name: string }) => device.name === `scanner-${station.station}`).reads;
}
