// The pictures of docs/screens: `npm run screens`. With CAIRN_SCREENS=FOLDER every scene in every theme, to look through.
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { type Theme, THEMES } from "./browser";
import { wear } from "./looks/look";
import { pack } from "./png";
import { COUNTER_SCENES, raiseCounter } from "./scenes/counter";
import { HANDHELD_SCENES, raiseHandheld } from "./scenes/handheld";
import { HQ_SCENES, raiseHq } from "./scenes/hq";
import { closeWhatIsOpen, type Scene, type Set, strike } from "./scenes/scene";

const ALL = process.env["CAIRN_SCREENS"];
const FOLDER = ALL ?? resolve(import.meta.dirname, "../../docs/screens");

/** Which scenes, as what, in which colours. */
type Album = Record<string, [file: string, theme: Theme]>;

const HANDHELD_ALBUM: Album = {
  tasks: ["handheld-tasks", "light"],
  "a unit that counts": ["handheld-pick", "light"],
  "a wrong item": ["handheld-wrong-item", "dark"],
  "what cannot be found": ["handheld-cannot-find", "light"],
  "the right weight": ["handheld-pack", "glare"],
  "head office is away": ["handheld-offline", "light"],
};
const COUNTER_ALBUM: Album = {
  "the right code": ["counter-hand-over", "light"],
  "handed over, for ten seconds": ["counter-undo", "dark"],
  "units that come back": ["counter-return", "light"],
};
const HQ_ALBUM: Album = {
  overview: ["hq-overview", "light"],
  orders: ["hq-orders", "dark"],
  "an order beside the list": ["hq-order", "light"],
};

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
      await set.page.mouse.move(0, 0); // nothing is pointed at
      for (const [file, theme] of shots) {
        await wear(set.page, theme);
        const screenshot = await set.page.screenshot({ animations: "disabled" });
        writeFileSync(resolve(FOLDER, `${file}.png`), ALL ? screenshot : pack(screenshot));
      }
      await closeWhatIsOpen(set.page);
    }
    expect(set.watched.check()).toEqual([]);
  } finally {
    await strike(set);
  }
});
