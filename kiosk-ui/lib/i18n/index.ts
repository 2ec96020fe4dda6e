// Words of the pages: catalogues by language with ICU's {name} and {n, plural, one {…} other {…}}. Two languages that
// nobody speaks find what is not translated (en-XA, longer and accented) and what is not laid out for right to left
// (ar-XB).
import { signal } from "@preact/signals";
import en from "./en.json";
import type bench from "./bench.en.json";
import type hq from "./hq.en.json";

/** Words of head office and of the bench are not carried to every handheld: their pages teach them. */
export type Key = keyof typeof en | keyof typeof hq | keyof typeof bench;
export type Values = Record<string, string | number>;

export type Catalogue = Partial<Record<Key, string>>;
type Fetch = () => Promise<{ default: Catalogue }>;
/** English is in every page; the others are fetched when they are spoken. */
const catalogues: Record<string, Catalogue> = { en };
const others: Record<string, Fetch[]> = { de: [() => import("./de.json")] };
export const LANGUAGES = ["en", "de"] as const;
const KEY = "cairn.language";

function preferred(): string {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked) localStorage.setItem(KEY, asked);
  const wished = localStorage.getItem(KEY) ?? navigator.language;
  if (wished === "en-XA" || wished === "ar-XB") return wished;
  return wished.slice(0, 2) in catalogues || wished.slice(0, 2) in others ? wished : "en";
}

export const language = signal(preferred());

export function speak(next: string): void {
  localStorage.setItem(KEY, next);
  use(next);
}

function use(next: string): void {
  void fetchWords(next).then(() => {
    language.value = next;
    apply();
  });
}

// Chosen in another tab: all of them speak the same.
addEventListener("storage", (event) => event.key === KEY && event.newValue && use(event.newValue));

async function fetchWords(speech: string): Promise<void> {
  const short = speech.slice(0, 2);
  const wanted = others[short]?.splice(0) ?? [];
  try {
    for (const { default: words } of await Promise.all(wanted.map((fetch) => fetch()))) {
      catalogues[short] = { ...catalogues[short], ...words };
    }
  } catch {
    others[short]?.push(...wanted); // English, then.
  }
}

/** More words, before the first of them is shown. */
export async function teach(english: Catalogue, more: Record<string, Fetch>): Promise<void> {
  catalogues["en"] = { ...catalogues["en"], ...english };
  for (const [short, fetch] of Object.entries(more)) (others[short] ??= []).push(fetch);
  await fetchWords(language.value);
}

/** Whether there is a word for it, e.g. for a name that came from an API. */
export function isKey(key: string): key is Key {
  return key in (catalogues["en"] ?? {});
}

await fetchWords(language.value);

/** Tells the browser the language of the page. */
export function apply(): void {
  document.documentElement.lang = language.value;
  document.documentElement.dir = language.value === "ar-XB" ? "rtl" : "ltr";
}

export function t(key: Key, values: Values = {}): string {
  const speech = language.value;
  const pattern = catalogues[speech.slice(0, 2)]?.[key] ?? catalogues["en"]?.[key] ?? key;
  const text = format(pattern, values, locale());
  return speech === "en-XA" ? accented(text) : text;
}

/** For numbers and dates. */
export function locale(): string {
  return language.value === "en-XA" || language.value === "ar-XB" ? "en" : language.value;
}

export function format(pattern: string, values: Values, speech: string): string {
  const plurals = /\{(\w+), plural,((?:\s*(?:=\d+|\w+) \{[^{}]*\})+)\s*\}/g;
  const chosen = pattern.replace(plurals, (_, name: string, cases: string) => {
    const n = Number(values[name]);
    const found = new Map<string, string>();
    for (const [, which, text] of cases.matchAll(/(=\d+|\w+) \{([^{}]*)\}/g)) found.set(which ?? "", text ?? "");
    const text = found.get(`=${n}`) ?? found.get(new Intl.PluralRules(speech).select(n)) ?? found.get("other") ?? "";
    return text.replaceAll("#", number(n));
  });
  return chosen.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === "number" ? number(value) : (value ?? `{${name}}`);
  });
}

const ACCENTS: Record<string, string> = { a: "á", e: "é", i: "í", o: "ö", u: "ü", A: "Å", E: "É", I: "Î", O: "Ø", U: "Û", n: "ñ", c: "ç" };

function accented(text: string): string {
  const longer = text.replace(/[aeiouncAEIOU]/g, (letter) => ACCENTS[letter] ?? letter);
  return `[${longer}${"·".repeat(Math.ceil(text.length * 0.35))}]`;
}

// ---- figures ----

export function number(value: number, digits = 3): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

/** Thousandths of a unit of measure. */
export function units(milli: number): string {
  return number(milli / 1000);
}

/** Milligrams, in the unit a person would say. */
export function mass(milligrams: number): string {
  return milligrams >= 1_000_000
    ? `${number(milligrams / 1_000_000)}\u00a0kg`
    : `${number(Math.round(milligrams / 1000))}\u00a0g`;
}

export function money({ minor, currency }: { minor: number; currency: string }): string {
  const format = new Intl.NumberFormat(locale(), { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** digits);
}

export function clock(at: string | number | Date): string {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

export function moment(at: string | number | Date): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** How long ago, or how long, in its largest unit. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return t("time.seconds", { n: s });
  if (s < 3600) return t("time.minutes", { n: Math.floor(s / 60) });
  if (s < 86_400) return t("time.hours", { n: Math.floor(s / 3600) });
  return t("time.days", { n: Math.floor(s / 86_400) });
}
