// Builds receipts with @point-of-sale/receipt-printer-encoder from the documents that `cairn receipt` takes:
// encode.mjs PACKAGE PAGES FILE.json... PACKAGE is the folder it is installed in, PAGES a JSON file of what
// cairn knows of the printers. Prints each receipt's octets in hexadecimal, one line a file.

import { readFileSync } from "node:fs";

const [home, pagesFile, ...files] = process.argv.slice(2);
const entry = `${home}/node_modules/@point-of-sale/receipt-printer-encoder/dist/receipt-printer-encoder.mjs`;
const { default: Encoder } = await import(entry);
const printers = JSON.parse(readFileSync(pagesFile, "utf8"));

const width = (text) => [...text].length;

const clean = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ");

/** Between words; a word that is longer than a line is broken where it must. */
function wrap(text, columns) {
  const lines = [""];
  for (let word of clean(text).split(" ").filter((word) => word !== "")) {
    const used = width(lines.at(-1));
    if (used > 0 && used + 1 + width(word) <= columns) lines[lines.length - 1] += " ";
    else if (used > 0) lines.push("");
    while (width(word) > columns) {
      lines[lines.length - 1] = [...word].slice(0, columns).join("");
      lines.push("");
      word = [...word].slice(columns).join("");
    }
    lines[lines.length - 1] += word;
  }
  return lines;
}

function decimal(scaled, places, keep) {
  const digits = String(Math.abs(scaled)).padStart(places + 1, "0");
  let fraction = digits.slice(digits.length - places);
  if (places === 0) fraction = "";
  if (!keep) fraction = fraction.replace(/0+$/, "");
  const whole = digits.slice(0, digits.length - places);
  return `${scaled < 0 ? "-" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
}

function build(receipt) {
  const printer = printers[receipt.printer ?? "epson"];
  const columns = receipt.columns ?? (receipt.paper_mm === 58 ? 32 : printer.columns);
  const encoder = new Encoder({
    columns,
    feedBeforeCut: printer.feed,
    codepageMapping: printer.pages,
    codepageCandidates: Object.keys(printer.pages).sort((a, b) => printer.order.indexOf(a) - printer.order.indexOf(b)),
  });
  const places = { JPY: 0, KWD: 3 }[receipt.currency] ?? 2;
  const money = (minor) => decimal(minor, places, true);
  const line = (text) => encoder.text(text).newline();
  const centred = (text) => {
    for (const each of wrap(text, columns)) encoder.align("center").text(each).newline().align("left");
  };
  const amount = (name, sum, bold) => {
    const lines = wrap(name, columns - width(sum) - 1);
    const last = lines.pop();
    const all = [...lines, last + " ".repeat(columns - width(last) - width(sum)) + sum];
    for (const each of all) {
      if (bold) encoder.bold(true).text(each).bold(false).newline();
      else line(each);
    }
  };

  encoder.initialize().codepage("auto");
  if (receipt.title) {
    for (const each of wrap(receipt.title, columns / 2)) {
      encoder.align("center").bold(true).size(2, 2).text(each).size(1, 1).bold(false).newline().align("left");
    }
  }
  for (const each of receipt.header ?? []) centred(each);
  if (receipt.facts?.length) encoder.newline();
  for (const each of receipt.facts ?? []) wrap(each, columns).forEach(line);
  if (receipt.items.length) encoder.rule();
  const letters = Math.max(0, ...receipt.items.map((item) => width(clean(item.tax ?? ""))));
  for (const item of receipt.items) {
    const letter = letters ? ` ${clean(item.tax ?? "").padEnd(letters)}` : "";
    amount(item.name, money(item.total_minor) + letter);
    const quantity = item.quantity_milli ?? 1000;
    if (quantity === 1000 && !item.unit) continue;
    const unit = item.unit ? ` ${item.unit}` : "";
    const detail = `${decimal(quantity, 3, false)}${unit} x ${money(item.unit_price_minor ?? 0)}`;
    for (const each of wrap(detail, columns - 2)) line(`  ${each}`);
  }
  encoder.rule();
  amount(`TOTAL ${receipt.currency}`, money(receipt.total_minor), true);
  if (receipt.taxes?.length) encoder.newline();
  for (const tax of receipt.taxes ?? []) amount(tax.name, `${money(tax.net_minor)} + ${money(tax.tax_minor)}`);
  if (receipt.payments?.length) encoder.newline();
  for (const payment of receipt.payments ?? []) amount(payment.name, money(payment.amount_minor));
  if (receipt.footer?.length) encoder.newline();
  for (const each of receipt.footer ?? []) centred(each);
  const centre = (draw) => {
    encoder.newline().align("center");
    draw();
    encoder.align("left");
  };
  const { barcode } = receipt;
  if (barcode) {
    const modules = 11 * (barcode.data.length + 2) + 13 + 20;
    const bars = barcode.symbology === "ean13" || modules * 3 <= columns * 12 ? 2 : 1;
    centre(() => encoder.barcode(barcode.data, barcode.symbology, { height: 60, width: bars, text: "below" }));
  }
  if (receipt.qr) centre(() => encoder.qrcode(receipt.qr, { model: 2, size: 6, errorlevel: "m" }));
  const cut = receipt.cut ?? "partial";
  if (cut !== "none") encoder.cut(cut);
  return encoder.encode();
}

for (const file of files) console.log(Buffer.from(build(JSON.parse(readFileSync(file, "utf8")))).toString("hex"));
