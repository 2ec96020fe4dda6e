// The thread that draws labels.
import { zplToBase64Async } from "zpl-renderer-js";
import type { Drawn, Wish } from "./pictures";

const WIDTH_MM = 101.6;
const HEIGHT_MM = 152.4;
const DOTS_PER_MM = 8;

const page = globalThis as unknown as Worker; // what it speaks to is what it is, seen from here

page.onmessage = async ({ data: { turn, zpl } }: MessageEvent<Wish>) => {
  const drawn: Drawn = { turn, png: null };
  try {
    const png = atob(await zplToBase64Async(zpl, WIDTH_MM, HEIGHT_MM, DOTS_PER_MM));
    drawn.png = Uint8Array.from(png, (octet) => octet.charCodeAt(0));
  } catch {
    // The page shows the ZPL.
  }
  page.postMessage(drawn);
};
