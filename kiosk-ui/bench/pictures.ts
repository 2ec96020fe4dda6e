// Labels drawn by zpl-renderer-js, which has nine megabytes and is loaded with the first label, into a thread of its
// own: the page stays quick meanwhile.

export const WIDTH_DOTS = 812; // 4 x 6 inches at 203 dpi
export const HEIGHT_DOTS = 1218;

export interface Wish {
  turn: number;
  zpl: string;
}
export interface Drawn {
  turn: number;
  /** Null: it is no label that the renderer knows how to draw. */
  png: Uint8Array<ArrayBuffer> | null;
}

const KEPT = 50;
const pictures = new Map<string, Promise<Blob | null>>(); // by ZPL
const waiting = new Map<number, (png: Blob | null) => void>();
let renderer: Worker | undefined;
let turns = 0;

export function pictureOf(zpl: string): Promise<Blob | null> {
  const known = pictures.get(zpl);
  if (known) return known;
  if (pictures.size >= KEPT) pictures.delete([...pictures.keys()][0] ?? "");
  const picture = new Promise<Blob | null>((resolve) => {
    const wish: Wish = { turn: ++turns, zpl };
    waiting.set(wish.turn, resolve);
    renderer ??= start();
    renderer.postMessage(wish);
  });
  pictures.set(zpl, picture);
  return picture;
}

function start(): Worker {
  const worker = new Worker(new URL("./renderer.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data: { turn, png } }: MessageEvent<Drawn>) => {
    waiting.get(turn)?.(png && new Blob([png], { type: "image/png" }));
    waiting.delete(turn);
  };
  worker.onerror = () => {
    for (const resolve of waiting.values()) resolve(null);
    waiting.clear();
  };
  return worker;
}
