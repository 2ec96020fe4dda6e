// What head office sees, in every state of its pages.
import { lookAtEvery } from "./looks/every-scene";
import type { Standard } from "./looks/look";
import { HQ_SCENES, raiseHq } from "./scenes/hq";

const STANDARD: Standard = {
  size: [1440, 900],
  sizes: [[1024, 768], [1280, 800], [600, 960], [320, 640], [720, 450]], // the last: the first at 200 %
  target: 24,
  text: 12,
  contrast: { light: 4.5, dark: 4.5, glare: 7 },
}; // prettier-ignore

lookAtEvery(HQ_SCENES, raiseHq, STANDARD);
