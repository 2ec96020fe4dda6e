// What head office sees, in every state of its pages.
import { afterAll, beforeAll, expect, test } from "vitest";
import { look, prepare, type Standard } from "./looks/look";
import { HQ_SCENES, raiseHq } from "./scenes/hq";
import { closeWhatIsOpen, type Set, strike } from "./scenes/scene";

const STANDARD: Standard = {
  size: [1440, 900],
  sizes: [[1024, 768], [1280, 800], [600, 960], [320, 640], [720, 450]], // the last: the first at 200 %
  target: 24,
  text: 12,
  contrast: { light: 4.5, dark: 4.5, glare: 7 },
}; // prettier-ignore

let set: Set;

beforeAll(async () => {
  set = await raiseHq();
  await prepare(set.page);
});
afterAll(() => strike(set));

test.each(HQ_SCENES)("%s", async (_, play) => {
  await play(set);
  const found = await look(set.page, STANDARD);
  await closeWhatIsOpen(set.page);
  expect([...found, ...set.watched.check()]).toEqual([]);
});
