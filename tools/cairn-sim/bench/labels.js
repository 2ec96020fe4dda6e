// Labels as pictures. They are drawn here, by zpl-renderer-js, if the simulator was started with it; it has nine
// megabytes and is fetched with the first label. One is drawn at a time.

const kWidthMm = 101.6;
const kHeightMm = 152.4;
const kDotsPerMm = 8;

const texts = new Map(); // by address: what the simulator was asked for once
const pictures = new Map();
let renderer = null;
let last = Promise.resolve();

function addressOf(printer, number) {
  return `/api/v1/printers/${encodeURIComponent(printer)}/labels/${number}`;
}

/// The ZPL of a label; a sentence where there is none any more.
export function zplOf(printer, number) {
  return remembered(texts, addressOf(printer, number), async (address) => {
    const response = await fetch(address);
    return response.ok ? response.text() : "This label is not kept any more.";
  });
}

/// The picture of a label as an address for <img>; null if it cannot be drawn.
export function pictureOf(printer, number) {
  return remembered(pictures, addressOf(printer, number), () => {
    last = last.then(async () => draw(await zplOf(printer, number)));
    return last;
  });
}

/// Whether there is something that draws.
export async function drawingWorks() {
  return (await loaded()) !== null;
}

/// Labels are numbered anew by a simulator that was started anew.
export function forget(printer) {
  for (const store of [texts, pictures]) {
    for (const address of [...store.keys()]) {
      if (address.startsWith(addressOf(printer, ""))) store.delete(address);
    }
  }
}

function remembered(store, key, make) {
  if (!store.has(key)) store.set(key, make(key));
  return store.get(key);
}

function loaded() {
  renderer ??= import("/vendor/zpl-renderer.js")
    .then((module) => module.ready)
    .then(({ api }) => api)
    .catch(() => null);
  return renderer;
}

async function draw(zpl) {
  const api = await loaded();
  if (api === null) return null;
  try {
    return `data:image/png;base64,${await api.zplToBase64Async(zpl, kWidthMm, kHeightMm, kDotsPerMm)}`;
  } catch {
    return null; // no label that it knows how to draw
  }
}
