// Looks at a scene as every person has to: in each theme, at each size, in each language, with the keyboard alone.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { THEMES } from "../browser";
import { measure } from "./measure";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];
const LANGUAGES = ["de", "en-XA", "ar-XB"];

export type Size = [width: number, height: number];

export interface Standard {
  /** The size that everything is measured at. */
  size: Size;
  /** The others, where everything has to be within reach. */
  sizes: Size[];
  /** In px. */
  target: number;
  text: number;
  /** Contrast of text. */
  contrast: { light: number; dark: number; glare: number };
  /** The size of letters a person can choose in the browser: the page follows it. */
  letters?: number;
}

export async function prepare(page: Page): Promise<void> {
  await page.context().addInitScript(`window.looks = (${measure.toString()})()`);
  await page.evaluate(`window.looks ??= (${measure.toString()})()`);
}

/** What is wrong with what the page shows. */
export async function look(page: Page, standard: Standard): Promise<string[]> {
  const found: string[] = [];
  const note = (where: string, what: string[]) => found.push(...new Set(what.map((one) => `${where}: ${one}`)));
  await page.evaluate(`window.axe ?? ${AXE}`);

  for (const theme of THEMES) {
    await wear(page, theme);
    note(`${theme}, axe`, await axe(page));
    note(`${theme}, text`, await page.evaluate((least) => window.looks.faintText(least), standard.contrast[theme]));
    note(`${theme}, parts`, await page.evaluate(() => window.looks.faintParts(3)));
  }
  await wear(page, "light");
  note("targets", await page.evaluate((least) => window.looks.smallTargets(least), standard.target));
  note("letters", await page.evaluate((least) => window.looks.smallText(least), standard.text));
  note("keyboard", await tabs(page));
  note("room", await room(page));

  for (const language of LANGUAGES) {
    await speak(page, language);
    note(language, await room(page));
  }
  await resize(page, standard.sizes.at(0) ?? standard.size);
  for (const language of LANGUAGES) {
    await speak(page, language);
    note(`${language}, ${standard.sizes[0]?.join(" x ")}`, await room(page));
  }
  await speak(page, "en");
  for (const size of standard.sizes) {
    await resize(page, size);
    note(size.join(" x "), await room(page));
  }
  await resize(page, standard.size);
  if (standard.letters) {
    await letters(page, standard.letters);
    note(`letters of ${standard.letters} px`, await room(page));
    await letters(page, 16);
  }
  return found;
}

async function axe(page: Page): Promise<string[]> {
  return page.evaluate(async (tags) => {
    type Result = { violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] };
    const { axe } = window as unknown as { axe: { run: (where: Document, options: object) => Promise<Result> } };
    const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 120)}: ${node.failureSummary.slice(0, 200)}`));
  }, RULES);
}

async function room(page: Page): Promise<string[]> {
  return page.evaluate(() => [...window.looks.tooWide(), ...window.looks.outOfReach()]);
}

async function tabs(page: Page): Promise<string[]> {
  const stops = await page.evaluate(() => window.looks.beginTabs());
  const wrong: string[] = [];
  for (let stop = 0; stop < stops && wrong.length < 3; ++stop) {
    let problem: string | undefined = "scrolls";
    for (let presses = 0; problem === "scrolls" && presses < 3; ++presses) {
      await page.keyboard.press("Tab");
      problem = await page.evaluate((number) => window.looks.tabbed(number), stop);
    }
    if (problem) wrong.push(problem);
  }
  return wrong;
}

export async function wear(page: Page, theme: string): Promise<void> {
  await page.evaluate((chosen) => void (document.documentElement.dataset["theme"] = chosen), theme);
}

/** As another tab would tell it. */
async function speak(page: Page, language: string): Promise<void> {
  await page.evaluate((chosen) => {
    localStorage.setItem("cairn.language", chosen);
    dispatchEvent(new StorageEvent("storage", { key: "cairn.language", newValue: chosen }));
  }, language);
  await page.waitForFunction((chosen) => document.documentElement.lang === chosen, language);
  await painted(page);
}

async function resize(page: Page, [width, height]: Size): Promise<void> {
  await page.setViewportSize({ width, height });
  await painted(page);
}

async function letters(page: Page, size: number): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  await browser.send("Page.setFontSizes", { fontSizes: { standard: size, fixed: size } });
  await browser.detach();
  await painted(page);
}

async function painted(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
