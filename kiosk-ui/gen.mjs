// The types of both APIs, made from their descriptions: lib/api/generated/{agent,hub}.d.ts.
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const here = new URL("./", import.meta.url);
const folder = new URL("lib/api/generated/", here);
mkdirSync(folder, { recursive: true });
for (const program of ["agent", "hub"]) {
  const source = new URL(`../docs/api/${program}.openapi.yaml`, here);
  const target = fileURLToPath(new URL(`${program}.d.ts`, folder));
  if (existsSync(target) && statSync(target).mtimeMs > statSync(source).mtimeMs) continue;
  const types = astToString(await openapiTS(source));
  writeFileSync(target, `// Made by "npm run gen" from docs/api/${program}.openapi.yaml.\n${types}`);
}
