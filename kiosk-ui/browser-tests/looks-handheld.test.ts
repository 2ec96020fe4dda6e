// What a picker sees, in every state of the handheld.
import { afterAll, beforeAll, expect, test } from "vitest";
import { look, prepare, type Standard } from "./looks/look";
import { HANDHELD_SCENES, raiseHandheld } from "./scenes/handheld";
import { closeWhatIsOpen, type Set, strike } from "./scenes/scene";

const STANDARD: Standard = {
  size: [360, 640],
  sizes: [[320, 640], [412, 915], [600, 960], [640, 360], [180, 320]], // the last: the first at 200 %
  target: 58,
  text: 16,
  contrast: { light: 7, dark: 7, glare: 7 },
  letters: 32,
}; // prettier-ignore

let set: Set;

beforeAll(async () => {
  set = await raiseHandheld();
  await prepare(set.page);
});
afterAll(() => strike(set));

test.each(HANDHELD_SCENES)("%s", async (_, play) => {
  await play(set);
  const found = await look(set.page, STANDARD);
  await closeWhatIsOpen(set.page);
  expect([...found, ...set.watched.check()]).toEqual([]);
});
