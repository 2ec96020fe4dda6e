// Names of the API in words, and the colour of each.
import type { components } from "@lib/api/generated/hub";
import { isKey, t } from "@lib/i18n";

type Schemas = components["schemas"];
export type GroupStatus = Schemas["ShipGroupStatus"];
export type OrderStatus = Schemas["Order"]["status"];
export type ExceptionKind = Schemas["Exception"]["kind"];
export type Tone = "" | "ok" | "warn" | "nok" | "live" | "quiet";

/** Also of what a newer hub says: its own word then. */
export function word(prefix: string, name: string): string {
  const key = `${prefix}.${name}`;
  return isKey(key) ? t(key) : name.toLowerCase().replaceAll("_", " ");
}

const TONES: Record<string, Tone> = {
  ALLOCATED: "",
  PICKING: "live",
  PICKED: "live",
  PACKED: "live",
  READY: "warn",
  SHIPPED: "ok",
  HANDED_OVER: "ok",
  CANCELLED: "quiet",
  REJECTED: "quiet",
  APPROVED: "live",
  HOLD: "warn",
  COMPLETED: "ok",
  PRINTED: "ok",
  FAILED: "nok",
  UNKNOWN: "warn",
  OVERRIDDEN: "warn",
  MATCHED: "ok",
  done: "ok",
  failed: "nok",
  running: "live",
};

export function tone(name: string): Tone {
  return TONES[name] ?? "";
}

export const GROUP_STATUSES: GroupStatus[] = ["ALLOCATED", "PICKING", "PICKED", "PACKED", "READY", "SHIPPED", "HANDED_OVER", "CANCELLED", "REJECTED"];
export const ORDER_STATUSES: OrderStatus[] = ["APPROVED", "HOLD", "COMPLETED", "CANCELLED", "REJECTED"];
export const KINDS: ExceptionKind[] = [
  "LOST_CLAIM",
  "UNKNOWN_LINE",
  "PACKED_UNPICKED",
  "SHIPPED_UNPICKED",
  "SHIPPED_AFTER_CANCEL",
  "HANDED_AFTER_CANCEL",
  "DUPLICATE_HANDOVER",
  "DUPLICATE_LABEL",
  "UNDONE_UNPICKED",
  "REFUNDED_TWICE",
  "REFUNDED_ELSEWHERE",
  "RECORD_SET_ASIDE",
  "ORDER_UNKNOWN",
  "ORDER_OVERFILLED",
];

/** Where money or goods are lost until somebody acts. */
export const GRAVE: ReadonlySet<string> = new Set([
  "SHIPPED_UNPICKED",
  "SHIPPED_AFTER_CANCEL",
  "HANDED_AFTER_CANCEL",
  "DUPLICATE_HANDOVER",
  "DUPLICATE_LABEL",
  "REFUNDED_TWICE",
  "REFUNDED_ELSEWHERE",
  "ORDER_UNKNOWN",
  "ORDER_OVERFILLED",
]);
