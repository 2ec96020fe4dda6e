// Screenshots with few colours, packed well: a third of what a browser makes.
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS = 256;

interface Picture {
  width: number;
  height: number;
  /** 0xRRGGBB of each pixel. */
  pixels: Uint32Array;
}

/** The same picture in its 256 most frequent colours; others become the nearest of them. */
export function pack(screenshot: Buffer): Buffer {
  const { width, height, pixels } = decode(screenshot);
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!).slice(0, COLOURS);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  const rows = Buffer.alloc((width + 1) * height); // each begins with its filter: none
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const colour = pixels[y * width + x]!;
      let place = places.get(colour);
      if (place === undefined) places.set(colour, (place = nearest(palette, colour)));
      rows[y * (width + 1) + 1 + x] = place;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // places of 8 bits in a palette
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("PLTE", colours), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const all = Buffer.alloc(body.length + 8);
  all.writeUInt32BE(data.length, 0);
  all.set(body, 4);
  all.writeUInt32BE(crc32(body), body.length + 4);
  return all;
}

function nearest(palette: number[], colour: number): number {
  const apart = (other: number) => [16, 8, 0].reduce((sum, at) => sum + (((colour >> at) & 255) - ((other >> at) & 255)) ** 2, 0);
  let best = 0;
  for (let place = 1; place < palette.length; ++place) if (apart(palette[place]!) < apart(palette[best]!)) best = place;
  return best;
}

/** What Chromium makes: 8 bits a channel, not interlaced, with or without alpha. */
function decode(png: Buffer): Picture {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const [depth, type, , , interlaced] = png.subarray(24, 29);
  if (depth !== 8 || (type !== 2 && type !== 6) || interlaced !== 0) throw new Error("not such a picture");
  const parts: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const channels = type === 6 ? 4 : 3;
  const octets = unfilter(inflateSync(Buffer.concat(parts)), width * channels, height, channels);
  const pixels = Uint32Array.from({ length: width * height }, (_, at) => octets.readUIntBE(at * channels, 3));
  return { width, height, pixels };
}

/** Undoes what makes rows easier to pack (PNG specification, 9). */
function unfilter(rows: Buffer, length: number, height: number, channels: number): Buffer {
  const out = Buffer.alloc(length * height);
  for (let y = 0; y < height; ++y) {
    const filter = rows[y * (length + 1)];
    for (let x = 0; x < length; ++x) {
      const at = y * length + x;
      const left = x >= channels ? out[at - channels]! : 0;
      const up = y > 0 ? out[at - length]! : 0;
      const corner = x >= channels && y > 0 ? out[at - length - channels]! : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter!]!;
      out[at] = rows[y * (length + 1) + 1 + x]! + guess;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
