// What a clerk sees, in every state of the counter.
import { lookAtEvery } from "./looks/every-scene";
import type { Standard } from "./looks/look";
import { COUNTER_SCENES, raiseCounter } from "./scenes/counter";

const STANDARD: Standard = {
  size: [1280, 800],
  sizes: [[1024, 768], [1440, 900], [600, 960], [360, 640], [320, 640], [640, 400]], // the last: the first at 200 %
  target: 60,
  text: 16,
  contrast: { light: 7, dark: 7, glare: 7 },
  letters: 32,
}; // prettier-ignore

lookAtEvery(COUNTER_SCENES, raiseCounter, STANDARD);
