// Every scene of a page, looked at one after the other against the page's standard.
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWhatIsOpen, type Scene, type Set, strike } from "../scenes/scene";
import { look, prepare, type Standard } from "./look";

export function lookAtEvery(scenes: Scene[], raise: () => Promise<Set>, standard: Standard): void {
  let set: Set;

  beforeAll(async () => {
    set = await raise();
    await prepare(set.page);
  });
  afterAll(() => strike(set));

  test.each(scenes)("%s", async (_, play) => {
    await play(set);
    const found = await look(set.page, standard);
    await closeWhatIsOpen(set.page);
    expect([...found, ...set.watched.check()]).toEqual([]);
  });
}
