// Tests in a real browser against the real programs: `npm run browser`. Each file has a company of its own.
// CAIRN_BROWSER=main: what people do all day, in a minute and a half. CAIRN_BROWSER=rest: everything else.
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const MAIN = ["devices.test.ts", "handheld-online.test.ts", "handheld-pick.test.ts", "counter.test.ts", "counter-return.test.ts", "hq.test.ts"];
const which = process.env["CAIRN_BROWSER"];

export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { "@lib": resolve(import.meta.dirname, "../lib") } },
  test: {
    include: which === "main" ? MAIN : ["*.test.ts"],
    exclude: which === "rest" ? MAIN : [],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000, interval: 20 } },
    fileParallelism: true,
    maxWorkers: 2, // browsers and programs mostly wait, but not for more than this
  },
});
