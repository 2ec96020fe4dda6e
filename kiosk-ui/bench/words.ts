import { isKey, language, locale, t } from "@lib/i18n";
import { sentence } from "@lib/i18n/reasons";

/** The simulator's own sentence, or what is known of its reason in the language of the page. */
export function refusal({ code, message }: { code: string; message: string }): string {
  const key = `bench.refused.${code}`;
  const english = language.value.startsWith("en") && language.value !== "en-XA";
  return english || !isKey(key) ? sentence(code, message) : t(key);
}

/** As the display of a scale shows it. */
export function kilograms(kg: string): string {
  return `${new Intl.NumberFormat(locale(), { minimumFractionDigits: 3 }).format(Number(kg))} kg`;
}
