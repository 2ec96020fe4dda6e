// What a picker sees, in every state of the handheld.
import { lookAtEvery } from "./looks/every-scene";
import type { Standard } from "./looks/look";
import { HANDHELD_SCENES, raiseHandheld } from "./scenes/handheld";

const STANDARD: Standard = {
  size: [360, 640],
  sizes: [[320, 640], [412, 915], [600, 960], [640, 360], [180, 320]], // the last: the first at 200 %
  target: 58,
  text: 16,
  contrast: { light: 7, dark: 7, glare: 7 },
  letters: 32,
}; // prettier-ignore

lookAtEvery(HANDHELD_SCENES, raiseHandheld, STANDARD);
