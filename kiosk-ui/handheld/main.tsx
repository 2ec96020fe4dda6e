import "@lib/design/base.css";
import "@lib/design/components.css";
import "./handheld.css";
import { dress } from "@lib/design/theme";
import { attendReads, onVerdict } from "@lib/device/reads";
import { begin } from "@lib/device/session";
import { soundOff, unlockSound } from "@lib/feedback/tones";
import { apply } from "@lib/i18n";
import { render } from "preact";
import { App } from "./app";
import { speak } from "./speak";

dress("handheld");
apply();
attendReads();
onVerdict(speak);
// After a reload the page is silent until somebody touches it: any tap will do.
window.addEventListener("pointerdown", () => soundOff.value && unlockSound(), { capture: true });
void begin();
const root = document.getElementById("app");
if (root) render(<App />, root);
