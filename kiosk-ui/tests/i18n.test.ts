import { readdirSync, readFileSync } from "node:fs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { pretend } from "./browser";

type Catalogue = Record<string, string>;
const folder = new URL("../lib/i18n/", import.meta.url);
const read = (name: string): Catalogue => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Catalogue;
const english = readdirSync(folder).filter((name) => /(^|\.)en\.json$/.test(name));

const PLURAL = /\{(\w+), plural,(?:[^{}]|\{[^{}]*\})*\}/g;

function placeholders(text: string): string[] {
  const counted = [...text.matchAll(PLURAL)].map(([, name]) => `${name}, counted`);
  const plain = [...text.replace(PLURAL, "").matchAll(/\{(\w+)\}/g)].map(([, name]) => `${name}`);
  return [...new Set([...counted, ...plain])].sort();
}

describe.each(english)("%s and its German twin", (name) => {
  const en = read(name);
  const de = read(name.replace("en.json", "de.json"));

  it("have the same keys", () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.keys(en))("%s: the same placeholders", (key) => {
    expect(placeholders(de[key] ?? "")).toEqual(placeholders(en[key] ?? ""));
  });

  it("never leave a text empty", () => {
    for (const [key, text] of [...Object.entries(en), ...Object.entries(de)]) expect(text.trim(), key).not.toBe("");
  });

  it("say what happens for every number", () => {
    for (const [key, text] of [...Object.entries(en), ...Object.entries(de)]) {
      for (const [plural] of text.matchAll(PLURAL)) expect(plural, key).toMatch(/ other \{/);
    }
  });
});

describe("words", () => {
  beforeEach(() => vi.resetModules());

  it("count", async () => {
    pretend();
    const { t } = await import("../lib/i18n");
    expect(t("common.units", { n: 1 })).toBe("1 unit");
    expect(t("common.units", { n: 3 })).toBe("3 units");
    expect(t("outbox.count", { n: 0 })).toBe("all sent");
    expect(t("link.hub-down", { n: 2 })).toContain("2 entries are waiting");
  });

  it("count in German, which is fetched", async () => {
    pretend("", "de-DE");
    const { t, number } = await import("../lib/i18n");
    expect(t("time.days", { n: 1 })).toBe("1 Tag");
    expect(t("time.days", { n: 2 })).toBe("2 Tage");
    expect(number(1234.5)).toBe("1.234,5");
  });

  it("are longer and accented in en-XA, with figures as they are", async () => {
    pretend("?lang=en-XA");
    const { t } = await import("../lib/i18n");
    const text = t("common.units", { n: 3 });
    expect(text).toMatch(/^\[3 üñíts·+\]$/);
    expect(text.length).toBeGreaterThanOrEqual("3 units".length * 1.3);
  });

  it("go from right to left in ar-XB", async () => {
    pretend("?lang=ar-XB");
    const { apply } = await import("../lib/i18n");
    apply();
    expect(document.documentElement.dir).toBe("rtl");
  });

  it("are English in a language that nobody translated", async () => {
    pretend("", "fi-FI");
    const { t } = await import("../lib/i18n");
    expect(t("common.undo")).toBe("Undo");
  });

  it("become German in every tab when one tab does", async () => {
    pretend();
    const { t } = await import("../lib/i18n");
    dispatchEvent(Object.assign(new Event("storage"), { key: "cairn.language", newValue: "de" }));
    await vi.waitFor(() => expect(t("common.close")).toBe("Schließen"));
  });

  it("say masses and quantities as people do", async () => {
    pretend();
    const { mass, units } = await import("../lib/i18n");
    expect(mass(14_421_000)).toBe("14.421\u00a0kg");
    expect(mass(288_420)).toBe("288\u00a0g");
    expect(units(24_000)).toBe("24");
    expect(units(1_500)).toBe("1.5");
  });

  it("keep a number of one catalogue out of a sentence that does not name it", async () => {
    pretend();
    const { format } = await import("../lib/i18n");
    expect(format("{a} of {b}", { a: 1 }, "en")).toBe("1 of {b}");
  });
});

describe("a refusal", () => {
  beforeEach(() => vi.resetModules());

  it("is said in the agent's own words in English", async () => {
    pretend();
    const { sentence } = await import("../lib/i18n/reasons");
    expect(sentence("wrong_item", "Mug (MUG-1) is not on order 7; put it back")).toContain("order 7");
  });

  it("is said by its reason in German, and by the agent where there is no word for it", async () => {
    pretend("", "de");
    const { reasonTitle, sentence } = await import("../lib/i18n/reasons");
    expect(sentence("wrong_item", "x")).toBe("Falscher Artikel");
    expect(sentence("never_heard_of", "the shelf is on fire")).toBe("The shelf is on fire");
    expect(reasonTitle("never_heard_of")).toBe("Nicht ausgeführt");
  });
});
