// Sheets over a screen: how many, and what cannot be found.
import { agent, type Line, type ShipGroupDetail } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { t, units } from "@lib/i18n";
import { ErrorNote, Keypad, Sheet } from "@lib/ui/parts";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { keyed, useAct } from "./work";

const MOST_DIGITS = 6;

/** Digits for a quantity that begins with what is open: the first key replaces it. */
export function QuantitySheet({
  title,
  lead,
  openMilli,
  unit = (n) => t("common.units", { n }),
  most = true,
  confirm,
  onConfirm,
  onClose,
  children,
  testid,
}: {
  title: string;
  lead: string;
  /** Filled in, and the most there can be unless `most` is false. */
  openMilli: number;
  unit?: (n: number) => string;
  most?: boolean;
  confirm: (said: string) => string;
  onConfirm: (n: number, key: string) => Promise<unknown>;
  onClose: () => void;
  children?: ComponentChildren;
  testid: string;
}) {
  const open = Math.floor(openMilli / 1000);
  const [digits, setDigits] = useState(open > 0 ? String(open) : "");
  const [fresh, setFresh] = useState(true);
  const act = useAct();
  const n = Number(digits);
  const valid = Number.isInteger(n) && n > 0 && (!most || n <= open);
  const change = (next: string) => {
    // The first digit replaces what was filled in.
    setDigits((fresh && next.length > digits.length ? next.slice(digits.length) : next).replace(/\D/g, "").slice(0, MOST_DIGITS));
    setFresh(false);
  };
  const submit = () => valid && act.run((key) => onConfirm(n, key));
  return (
    <Sheet
      title={title}
      onClose={onClose}
      testid={testid}
      foot={
        <button
          type="submit"
          form="quantity-form"
          class="button primary wide"
          disabled={!valid || act.busy}
          aria-busy={act.busy}
          data-testid="quantity-confirm"
        >
          {act.busy ? t("handheld.working") : confirm(unit(valid ? n : 0))}
        </button>
      }
    >
      <form
        id="quantity-form"
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {act.error !== undefined && <ErrorNote error={act.error} retry={act.retry} />}
        {children}
        <label class="quantity">
          <span class="quantity-lead">{lead}</span>
          <input
            inputMode="none"
            autocomplete="off"
            value={digits}
            aria-describedby="quantity-open"
            onFocus={(event) => event.currentTarget.select()}
            onInput={(event) => {
              setFresh(false);
              setDigits(event.currentTarget.value.replace(/\D/g, "").slice(0, MOST_DIGITS));
            }}
            data-testid="quantity"
          />
        </label>
        {most && (
          <div class="row spread">
            <span id="quantity-open" class={!valid && n > open ? "over" : "muted"}>
              {!valid && n > open ? t("quantity.too-many", { n: open }) : t("quantity.open", { n: open })}
            </span>
            <button
              type="button"
              class="button"
              disabled={n === open}
              onClick={() => {
                setDigits(String(open));
                setFresh(true);
              }}
              data-testid="quantity-required"
            >
              {t("quantity.required", { n: open })}
            </button>
          </div>
        )}
        <Keypad value={digits} onChange={change} most={MOST_DIGITS + digits.length} />
      </form>
    </Sheet>
  );
}

const REASONS = [
  "NOT_IN_STOCK",
  "SHORT_PARTIAL",
  "MISMATCH",
  "DAMAGED",
  "WORN_DISPLAY",
  "NO_VARIANCE",
  "AVOID_SPLIT",
  "STORE_BUSY",
  "NO_CAPACITY",
] as const;

export function CannotFindSheet({
  group,
  line,
  onDone,
  onClose,
}: {
  group: string;
  line: Line;
  onDone: (group: ShipGroupDetail) => void;
  onClose: () => void;
}) {
  const open = Math.max(1, Math.floor(line.open_milli / 1000));
  // Some were there already: so the bin was not empty.
  const [reason, setReason] = useState<(typeof REASONS)[number]>(line.picked_milli > 0 ? "SHORT_PARTIAL" : "NOT_IN_STOCK");
  const [n, setN] = useState(open);
  const act = useAct();
  const confirm = () =>
    act.run(async (key) => {
      onDone(
        await data(
          agent.POST("/api/v1/ship-groups/{group}/shorts", {
            params: { path: { group }, header: keyed(key) },
            body: { line: line.line, quantity_milli: line.open_milli < 1000 ? line.open_milli : n * 1000, reason },
          }),
        ),
      );
    });
  return (
    <Sheet
      title={t("short.title")}
      onClose={onClose}
      testid="short-sheet"
      foot={
        <>
          <div class="stepper" role="group" aria-label={t("short.how-many")}>
            <button
              type="button"
              class="button"
              disabled={n <= 1}
              aria-label={t("short.less")}
              onClick={() => setN(n - 1)}
              data-testid="short-less"
            >
              −
            </button>
            <output class="number" aria-live="polite" data-testid="short-quantity">
              {t("short.of", { n, of: units(line.open_milli) })}
            </output>
            <button
              type="button"
              class="button"
              disabled={n >= open}
              aria-label={t("short.more")}
              onClick={() => setN(n + 1)}
              data-testid="short-more"
            >
              +
            </button>
          </div>
          <button type="button" class="button primary wide" disabled={act.busy} aria-busy={act.busy} onClick={confirm} data-testid="short-confirm">
            {act.busy ? t("handheld.working") : t("short.confirm", { n })}
          </button>
        </>
      }
    >
      <p class="sheet-about">
        <b>{line.name}</b>
        {line.location && <span class="muted"> · {line.location}</span>}
      </p>
      {act.error !== undefined && <ErrorNote error={act.error} retry={act.retry} />}
      <fieldset class="reasons">
        <legend class="hidden-text">{t("short.why")}</legend>
        {REASONS.map((one) => (
          <label class="reason" key={one}>
            <input
              type="radio"
              name="short-reason"
              value={one}
              checked={reason === one}
              onChange={() => setReason(one)}
              data-testid={`short-${one}`}
            />
            <span>
              <b>{t(`short.${one}`)}</b>
              <span class="muted">{t(`short.${one}-means`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Sheet>
  );
}
