// Runs a suite of this folder: node benchmark/run.mjs ui
import { resolve } from "node:path";
import { runnerImport } from "vite";

const root = resolve(import.meta.dirname, "..");
const suite = process.argv[2];
const { module } = await runnerImport(resolve(import.meta.dirname, `${suite}.ts`), { root, configFile: false });
await module[suite]();
