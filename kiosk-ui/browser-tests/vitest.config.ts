// Tests in a real browser against the real programs: `npm run browser`. Each file has a company of its own.
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { "@lib": resolve(import.meta.dirname, "../lib") } },
  test: {
    include: ["*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000, interval: 20 } },
    fileParallelism: true,
    maxWorkers: 2, // browsers and programs mostly wait, but not for more than this
  },
});
