// The pictures of docs/screens: `npm run screens`. With CAIRN_SCREENS=FOLDER every scene in every theme, to look through.
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { type Theme, THEMES } from "./browser";
import { wear } from "./looks/look";
import { COUNTER_SCENES, raiseCounter } from "./scenes/counter";
import { HANDHELD_SCENES, raiseHandheld } from "./scenes/handheld";
import { HQ_SCENES, raiseHq } from "./scenes/hq";
import { closeWhatIsOpen, type Scene, type Set, strike } from "./scenes/scene";

const ALL = process.env["CAIRN_SCREENS"];
const FOLDER = ALL ?? resolve(import.meta.dirname, "../../docs/screens");

/** Which scenes, as what, in which colours. */
type Album = Record<string, [file: string, theme: Theme]>;

const HANDHELD_ALBUM: Album = {
  "a task that was taken": ["handheld-pick", "light"],
};

const COUNTER_ALBUM: Album = {};
const HQ_ALBUM: Album = {};

const PAGES: [page: string, raise: (opening: object) => Promise<Set>, scenes: Scene[], album: Album][] = [
  ["handheld", raiseHandheld, HANDHELD_SCENES, HANDHELD_ALBUM],
  ["counter", raiseCounter, COUNTER_SCENES, COUNTER_ALBUM],
  ["hq", raiseHq, HQ_SCENES, HQ_ALBUM],
];

test.each(PAGES)("%s", async (name, raise, scenes, album) => {
  mkdirSync(FOLDER, { recursive: true });
  const set = await raise(ALL ? {} : { deviceScaleFactor: 1.5 });
  try {
    for (const [at, [title, play]] of scenes.entries()) {
      await play(set);
      const chosen = album[title];
      const shots: [string, Theme][] = ALL
        ? THEMES.map((theme) => [`${name}-${String(at + 1).padStart(2, "0")}-${title.replaceAll(/\W+/g, "-")}-${theme}`, theme])
        : chosen
          ? [chosen]
          : [];
      for (const [file, theme] of shots) {
        await wear(set.page, theme);
        await set.page.screenshot({ path: resolve(FOLDER, `${file}.png`), animations: "disabled" });
      }
      await closeWhatIsOpen(set.page);
    }
    expect(set.watched.check()).toEqual([]);
  } finally {
    await strike(set);
  }
});
