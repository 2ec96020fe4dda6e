// Draws ZPL files as PNG beside them (4 x 6 inches, 8 dots to the millimetre): draw.mjs PACKAGE FILE.zpl...
// PACKAGE is the folder that zpl-renderer-js is installed in. Prints how many pictures each file gave.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [home, ...files] = process.argv.slice(2);
const { ready } = createRequire(`${home}/`)("zpl-renderer-js");
const { api } = await ready;

for (const file of files) {
  const pictures = await api.zplToBase64MultipleAsync(readFileSync(file, "utf8"), 101.6, 152.4, 8);
  writeFileSync(file.replace(/\.zpl$/, ".png"), Buffer.from(pictures[0], "base64"));
  console.log(pictures.length);
}
process.exit(0); // the renderer's runtime would keep the process alive
