// What a page loads before it shows anything, compressed: handheld, counter and the simulator's bench at most 60 kB of
// JavaScript, head office 120 kB; what the bench draws labels with is loaded with the first of them and has a budget
// of its own. node budget.mjs FOLDER (of built pages)
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const MOST_KB = { handheld: 60, counter: 60, hq: 120, bench: 60 };
const RENDERER_MOST_KB = 3500;
const folder = process.argv[2] ?? "dist";
let over = false;

function weigh(what, scripts, most) {
  const kb = scripts.reduce((sum, script) => sum + gzipSync(readFileSync(join(folder, script))).length, 0) / 1000;
  console.log(`${what}: ${scripts.length} scripts, ${kb.toFixed(1)} kB compressed, at most ${most} kB`);
  over ||= kb > most || scripts.length === 0;
}

for (const [page, most] of Object.entries(MOST_KB)) {
  const html = join(folder, page, "index.html");
  if (!existsSync(html)) {
    console.error(`${html} is not there: build the pages first`);
    process.exit(1);
  }
  weigh(page, [...readFileSync(html, "utf8").matchAll(/(?:src|href)="\/ui\/((?:assets|bench)\/[^"]+\.js)"/g)].map((found) => found[1]), most);
}
const renderer = readdirSync(join(folder, "bench")).filter((name) => name.startsWith("renderer-"));
weigh("bench, its labels", renderer.map((name) => `bench/${name}`), RENDERER_MOST_KB);
process.exit(over ? 1 : 0);
