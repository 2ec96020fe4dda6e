// `npm run screens`: as the browser tests, but what it makes are pictures.
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { "@lib": resolve(import.meta.dirname, "../lib") } },
  test: {
    include: ["screens.ts"],
    testTimeout: 300_000,
    expect: { poll: { timeout: 20_000, interval: 20 } },
  },
});
