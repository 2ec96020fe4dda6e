import "@lib/design/base.css";
import "@lib/design/components.css";
import "./bench.css";
import { dress } from "@lib/design/theme";
import { apply, teach } from "@lib/i18n";
import en from "@lib/i18n/bench.en.json";
import { render } from "preact";
import { App } from "./app";
import { attendDevices } from "./simulator";

dress("bench");
await teach(en, { de: () => import("@lib/i18n/bench.de.json") });
apply();
attendDevices();
const root = document.getElementById("app");
if (root) render(<App />, root);
