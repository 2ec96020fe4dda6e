import { mergeConfig } from "vitest/config";
import config from "./vitest.config";

config.test!.include = ["screens.ts"];
export default mergeConfig(config, { test: { testTimeout: 600_000 } });
