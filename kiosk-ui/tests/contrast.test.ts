import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../lib/design/tokens.css", import.meta.url), "utf8");

function tokens(theme: string): Record<string, string> {
  const block = new RegExp(`\\[data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
}

/** WCAG 2: relative luminance. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ["bg", "surface"];
const TEXTS = ["fg", "muted", "action", "ok", "warn", "nok"];
const FILLED: [string, string][] = [
  ["on-action", "action"],
  ["on-state", "ok"],
  ["on-state", "warn"],
  ["on-state", "nok"],
];

describe("black on white", () => {
  it("is 21", () => expect(contrast("#000000", "#ffffff")).toBeCloseTo(21));
});

describe.each(["light", "dark", "glare"])("in %s", (theme) => {
  const colour = tokens(theme);
  const ratio = (text: string, ground: string) => contrast(colour[text] ?? "", colour[ground] ?? "");

  it.each(GROUNDS.flatMap((ground) => TEXTS.map((text) => [text, ground] as const)))("%s on %s can be read at arm's length", (text, ground) => {
    expect(ratio(text, ground)).toBeGreaterThanOrEqual(7);
  });

  it.each(FILLED)("%s on %s can be read at arm's length", (text, ground) => {
    expect(ratio(text, ground)).toBeGreaterThanOrEqual(7);
  });

  it.each(GROUNDS)("borders are seen on %s", (ground) => {
    expect(ratio("line", ground)).toBeGreaterThanOrEqual(3);
    expect(ratio("action", ground)).toBeGreaterThanOrEqual(3); // the ring of the focus
  });
});
