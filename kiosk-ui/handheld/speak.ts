// Verdicts of the agent as the band says them.
import { signal } from "@preact/signals";
import type { Verdict } from "@lib/api/agent";
import { say } from "@lib/feedback/band";
import { t, units } from "@lib/i18n";
import { reasonTitle, sentence } from "@lib/i18n/reasons";

/** What the screen waits for, in words; empty: nothing in particular. */
export const wanted = signal("");

/** Of "Mug (MUG-1) is not on order 1002; …" the article; else what was read. */
function scanned(verdict: Verdict): string {
  return /^(.+) \([^()]+\) is not on order /.exec(verdict.message)?.[1] ?? verdict.code;
}

/** What a GS1 label says besides the article, in lines: batch, days, serial number. */
export function labelWords(verdict: Verdict): string {
  const elements = verdict.scan?.elements ?? [];
  const said = [
    ["10", "scan.batch"],
    ["17", "scan.use-by"],
    ["15", "scan.best-before"],
    ["16", "scan.sell-by"],
    ["21", "scan.serial"],
  ] as const;
  return said
    .flatMap(([ai, key]) => {
      const value = elements.find((one) => one.ai === ai)?.value;
      if (value === undefined) return [];
      return t(key, { value: /^1[567]$/.test(ai) ? day(value) : value });
    })
    .join(" · ");
}

/** YYMMDD as a day, or as a month where the day is 00; the century that is nearest (GS1 General Specifications 7.12). */
function day(digits: string): string {
  const [year = 0, month = 0, date = 0] = [0, 2, 4].map((at) => Number(digits.slice(at, at + 2)));
  const now = new Date().getFullYear();
  const ahead = year - (now % 100);
  const century = Math.floor(now / 100) + (ahead > 50 ? -1 : ahead < -49 ? 1 : 0);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${century}${two(year)}-${two(month)}${date === 0 ? "" : `-${two(date)}`}`;
}

export function speak(verdict: Verdict): void {
  const name = verdict.name ?? verdict.code;
  if (verdict.verdict === "nok") {
    const reason = verdict.reason ?? "";
    const about =
      reason === "wrong_item" || reason === "unknown_item"
        ? [t("band.scanned", { what: scanned(verdict) }), wanted.value && t("band.wanted", { what: wanted.value })]
        : [sentence(reason, verdict.message), ""];
    say("nok", reasonTitle(reason), about.filter(Boolean).join("\n"));
    return;
  }
  if (verdict.verdict === "pending") {
    say("pending", name, t("pick.key-how-many"));
    return;
  }
  const left = verdict.line_open_milli;
  switch (verdict.what as string) {
    case "undo":
      say("dup", t("pick.undone"), name, "ok");
      break;
    case "put_back":
      say("ok", name, left > 0 ? t("band.to-go", { n: left / 1000 }) : t("putback.done"), verdict.open_milli === 0 ? "done" : "ok");
      break;
    case "pick":
      say(
        "ok",
        name,
        [left > 0 ? t("band.to-go", { n: left / 1000 }) : t("pick.line-complete"), labelWords(verdict)].filter(Boolean).join("\n"),
        verdict.open_milli === 0 ? "done" : "ok",
      );
      break;
    default:
      say("ok", name, t("common.units", { n: units(verdict.taken_milli) }));
  }
}
