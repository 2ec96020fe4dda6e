// What a clerk sees, in every state of the counter.
import { afterAll, beforeAll, expect, test } from "vitest";
import { look, prepare, type Standard } from "./looks/look";
import { COUNTER_SCENES, raiseCounter } from "./scenes/counter";
import { closeWhatIsOpen, type Set, strike } from "./scenes/scene";

const STANDARD: Standard = {
  size: [1280, 800],
  sizes: [[1024, 768], [1440, 900], [600, 960], [360, 640], [320, 640], [640, 400]], // the last: the first at 200 %
  target: 60,
  text: 16,
  contrast: { light: 7, dark: 7, glare: 7 },
  letters: 32,
}; // prettier-ignore

let set: Set;

beforeAll(async () => {
  set = await raiseCounter();
  await prepare(set.page);
});
afterAll(() => strike(set));

test.each(COUNTER_SCENES)("%s", async (_, play) => {
  await play(set);
  const found = await look(set.page, STANDARD);
  await closeWhatIsOpen(set.page);
  expect([...found, ...set.watched.check()]).toEqual([]);
});
