// Head office: files for spreadsheets, and that both languages say the same things.
import { expect, test } from "vitest";
import { csv, csvCell } from "../hq/csv";
import de from "../lib/i18n/hq.de.json";
import en from "../lib/i18n/hq.en.json";

test("cells that need it are quoted", () => {
  expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
  expect(csvCell("two\nlines")).toBe('"two\nlines"');
  expect(csvCell("plain")).toBe("plain");
});

test("text is no formula, a number is a number", () => {
  expect(csvCell("=1+1")).toBe("'=1+1");
  expect(csvCell("@x")).toBe("'@x");
  expect(csvCell(-1.5)).toBe("-1.5");
});

test("a file begins with a byte order mark and ends its rows as RFC 4180 says", () => {
  expect(csv([["a", 1], ["b", 2]])).toBe("\ufeffa,1\r\nb,2\r\n");
});

test("both languages have the same words with the same places for values", () => {
  const places = (text: string) => [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name))].sort();
  expect(Object.keys(de)).toEqual(Object.keys(en));
  for (const [key, text] of Object.entries(en)) {
    expect(places(de[key as keyof typeof de]), key).toEqual(places(text));
    expect(text, key).not.toBe("");
  }
});
