// What a page loads before it shows anything, compressed: handheld and counter at most 60 kB of JavaScript, head
// office 120 kB. node budget.mjs FOLDER (of built pages)
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const MOST_KB = { handheld: 60, counter: 60, hq: 120 };
const folder = process.argv[2] ?? "dist";
let over = false;
for (const [page, most] of Object.entries(MOST_KB)) {
  const html = join(folder, page, "index.html");
  if (!existsSync(html)) {
    console.error(`${html} is not there: build the pages first`);
    process.exit(1);
  }
  const scripts = [...readFileSync(html, "utf8").matchAll(/(?:src|href)="\/ui\/(assets\/[^"]+\.js)"/g)].map((found) => found[1]);
  const kb = scripts.reduce((sum, script) => sum + gzipSync(readFileSync(join(folder, script))).length, 0) / 1000;
  console.log(`${page}: ${scripts.length} scripts, ${kb.toFixed(1)} kB compressed, at most ${most} kB`);
  over ||= kb > most || scripts.length === 0;
}
process.exit(over ? 1 : 0);
