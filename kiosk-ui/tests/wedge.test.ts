import { describe, expect, it } from "vitest";
import { type Key, WedgeDecoder } from "../lib/scanner/wedge";

class Keyboard {
  readonly decoder = new WedgeDecoder();
  readonly reads: string[] = [];
  at = 1000;

  press(key: string, gap: number, more: Partial<Key> = {}): void {
    this.at += gap;
    const step = this.decoder.feed({ key, code: "", ctrl: false, alt: false, meta: false, at: this.at, ...more });
    if (step.kind === "read") this.reads.push(step.code);
  }

  scan(code: string, { gap = 4, suffix = ["Enter"] }: { gap?: number; suffix?: string[] } = {}): void {
    for (const letter of code) this.press(letter, gap);
    for (const end of suffix) this.press(end, gap);
  }
}

const gtin = (n: number) => String(9_520_000_000_000 + n);

describe("a wedge", () => {
  it("loses none of 200 codes that come 20 ms apart", () => {
    const keyboard = new Keyboard();
    const codes = Array.from({ length: 200 }, (_, n) => gtin(n));
    for (const code of codes) {
      keyboard.at += 20;
      keyboard.scan(code, { gap: 1 });
    }
    expect(keyboard.reads).toEqual(codes);
  });

  it("reads codes one directly after the other, as a slow scanner does", () => {
    const keyboard = new Keyboard();
    keyboard.scan(gtin(1), { gap: 30 });
    keyboard.scan(gtin(2), { gap: 30 });
    expect(keyboard.reads).toEqual([gtin(1), gtin(2)]);
  });

  it.each([110, 180, 250])("never takes typing at %d ms a key for a read", (gap) => {
    const keyboard = new Keyboard();
    keyboard.scan("618595", { gap });
    keyboard.scan("oak lantern", { gap });
    expect(keyboard.reads).toEqual([]);
  });

  it.each([40, 50, 60])("never takes quick typing at %d ms a key for a read", (gap) => {
    const keyboard = new Keyboard();
    keyboard.scan("lantern", { gap });
    keyboard.scan("1234", { gap });
    expect(keyboard.reads).toEqual([]);
  });

  it("takes no burst of fingers for a read when the hand still has to go to Enter", () => {
    const keyboard = new Keyboard();
    for (const letter of "4711") keyboard.press(letter, 28);
    keyboard.press("Enter", 90);
    expect(keyboard.reads).toEqual([]);
  });

  it("ends at CR, and LF after it is nothing", () => {
    const keyboard = new Keyboard();
    keyboard.scan(gtin(1), { suffix: ["Enter", "Enter"] });
    keyboard.scan(gtin(2), { suffix: ["Enter", "Enter"] });
    expect(keyboard.reads).toEqual([gtin(1), gtin(2)]);
  });

  it("ends at Tab, too", () => {
    const keyboard = new Keyboard();
    keyboard.scan(gtin(1), { suffix: ["Tab"] });
    expect(keyboard.reads).toEqual([gtin(1)]);
  });

  it("keeps the group separator of a GS1 code", () => {
    const keyboard = new Keyboard();
    for (const letter of "010952123456788110LOT7") keyboard.press(letter, 4);
    keyboard.press("Control", 1, { ctrl: true });
    keyboard.press("]", 4, { ctrl: true, code: "BracketRight" });
    for (const letter of "2142") keyboard.press(letter, 4);
    keyboard.press("Enter", 4);
    expect(keyboard.reads).toEqual(["010952123456788110LOT7\u001d2142"]);
  });

  it("leaves what is shorter than four characters alone", () => {
    const keyboard = new Keyboard();
    keyboard.scan("123");
    keyboard.at += 200;
    keyboard.scan("1234");
    expect(keyboard.reads).toEqual(["1234"]);
  });

  it("reads capitals: Shift is no letter and breaks nothing", () => {
    const keyboard = new Keyboard();
    for (const letter of "AB") {
      keyboard.press("Shift", 2);
      keyboard.press(letter, 2);
    }
    for (const letter of "-12") keyboard.press(letter, 2);
    keyboard.press("Enter", 2);
    expect(keyboard.reads).toEqual(["AB-12"]);
  });

  it("tells a read from typing before and after it", () => {
    const keyboard = new Keyboard();
    for (const letter of "moin") keyboard.press(letter, 150);
    keyboard.at += 300;
    keyboard.scan(gtin(7));
    for (const letter of "tag") keyboard.press(letter, 150);
    keyboard.press("Enter", 150);
    expect(keyboard.reads).toEqual([gtin(7)]);
  });

  it("forgets half a read whose rest does not come", () => {
    const keyboard = new Keyboard();
    for (const letter of "95200") keyboard.press(letter, 4);
    keyboard.at += 500;
    keyboard.press("Enter", 0);
    keyboard.scan(gtin(8));
    expect(keyboard.reads).toEqual([gtin(8)]);
  });

  it("takes a shortcut for no character", () => {
    const keyboard = new Keyboard();
    for (const letter of "9520") keyboard.press(letter, 4);
    keyboard.press("r", 4, { ctrl: true });
    keyboard.press("Enter", 4);
    expect(keyboard.reads).toEqual([]);
  });
});
