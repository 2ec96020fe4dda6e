// Labels that a camera is shown: EAN-13 (ISO/IEC 15420), drawn here.
import { writeFileSync } from "node:fs";
import type { Browser } from "playwright-core";

const LEFT = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];
const FIRST = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"];

/** Its 95 modules, ink is 1. */
export function modules(ean13: string): string {
  const digits = [...ean13].map(Number);
  const right = (digit: number) => [...LEFT[digit]!].map((module) => (module === "1" ? "0" : "1")).join("");
  const kinds = FIRST[digits[0]!]!;
  const left = digits.slice(1, 7).map((digit, n) => (kinds[n] === "L" ? LEFT[digit]! : [...right(digit)].reverse().join("")));
  return `101${left.join("")}01010${digits.slice(7).map(right).join("")}101`;
}

/** A page that shows labels below each other. */
export function sheetOf(codes: string[]): string {
  const bars = (code: string) => [...modules(code)].map((ink, x) => (ink === "1" ? `<rect x="${x}" width="1" height="50"/>` : "")).join("");
  const label = (code: string) => `<svg viewBox="-12 -12 119 74" width="476" shape-rendering="crispEdges" style="display:block">${bars(code)}</svg>`;
  return `<body style="margin:0;background:#fff">${codes.map(label).join("")}</body>`;
}

/** A PNG of such a page. */
export async function photoOf(browser: Browser, codes: string[]): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 476, height: 296 * codes.length } });
  await page.setContent(sheetOf(codes));
  const picture = await page.screenshot();
  await page.close();
  return picture;
}

/** What Chromium's false camera shows: a video of one frame that does not end. */
export function writeVideo(file: string, ean13: string): void {
  const [width, height, module] = [640, 480, 4];
  const luma = Buffer.alloc(width * height, 235);
  const left = (width - 95 * module) / 2;
  [...modules(ean13)].forEach((ink, n) => {
    if (ink === "0") return;
    for (let y = 120; y < 360; ++y) luma.fill(16, y * width + left + n * module, y * width + left + (n + 1) * module);
  });
  const grey = Buffer.alloc((width * height) / 2, 128);
  writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420\nFRAME\n`), luma, grey]));
}
