// Why something was refused, in words for the person at the counter: what happened, and what to do.
import { Refusal } from "@lib/api/problem";
import { clock, type Key, moment, t } from "@lib/i18n";

export interface Sentence {
  what: string;
  todo: string;
  reason: string;
  traceId: string;
}

/** Reasons a person at the counter meets. Others are told in the program's own words. */
const KNOWN = [
  "no_answer",
  "unknown_code",
  "too_many_requests",
  "already_handed_over",
  "code_locked",
  "no_code",
  "not_picked",
  "cancelled",
  "too_late_to_undo",
  "not_handed_over_here",
  "nothing_handed_over",
  "approver_is_operator",
  "wrong_approval",
  "not_allowed",
  "locked_out",
  "unknown_sale",
  "hub_not_reached",
  "already_returned",
  "needs_approval",
  "no_return",
  "wrong_item",
  "unknown_item",
  "read_incomplete",
  "nobody_signed_in",
  "timeout",
] as const;

type Known = (typeof KNOWN)[number];

function isKnown(reason: string): reason is Known {
  return (KNOWN as readonly string[]).includes(reason);
}

/** The words for a reason; undefined: the program's own have to do. */
export function wordsOf(reason: string): { what: string; todo: string } | undefined {
  if (!isKnown(reason)) return undefined;
  return { what: t(`counter.why.${reason}` satisfies Key), todo: t(`counter.do.${reason}` satisfies Key) };
}

export function asRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal("unexpected", String(error));
}

export function sentence(error: unknown): Sentence {
  const refusal = asRefusal(error);
  const words = wordsOf(refusal.reason) ?? { what: t("error.other", { detail: refusal.message }), todo: t("counter.do.other") };
  return { ...words, reason: refusal.reason, traceId: refusal.traceId };
}

/** When something was done, and by whom: the time alone if it was today. */
export function doneBy(at: string, person: string | null): string {
  const today = new Date(at).toDateString() === new Date().toDateString();
  return t("counter.done-by", { time: today ? clock(at) : moment(at), name: person ?? t("counter.somebody") });
}
