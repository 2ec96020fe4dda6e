import "@lib/design/base.css";
import "@lib/design/components.css";
import "./hq.css";
import { dress } from "@lib/design/theme";
import { apply, teach } from "@lib/i18n";
import en from "@lib/i18n/hq.en.json";
import { render } from "preact";
import { App } from "./app";
import { attendKeys } from "./parts/keys";
import { begin } from "./session";

dress("hq");
await teach(en, { de: () => import("@lib/i18n/hq.de.json") });
apply();
attendKeys();
void begin();
const root = document.getElementById("app");
if (root) render(<App />, root);
