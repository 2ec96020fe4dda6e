// Why something was not done. The agent's and the hub's sentences are English; in another language the reason is
// said in its words, as far as there are some.
import { isKey, language, t } from "./index";

/** A few words, for the band. */
export function reasonTitle(reason: string): string {
  const key = `reason.${reason}`;
  return isKey(key) ? t(key) : t("reason.other");
}

/** The program's own sentence, or what is known of its reason in the language of the page. */
export function sentence(reason: string, message: string): string {
  const key = `reason.${reason}`;
  const english = language.value.startsWith("en") && language.value !== "en-XA";
  return english || !isKey(key) ? upper(message) : t(key);
}

/** Programs speak in parts of sentences; here one begins. */
function upper(message: string): string {
  return message.charAt(0).toLocaleUpperCase() + message.slice(1);
}
