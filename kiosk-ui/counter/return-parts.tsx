// What a return is made of on the screen: a line of the sale, the conditions, the receipt.
import type { ReturnDraft } from "@lib/api/agent";
import { money, t, units } from "@lib/i18n";
import { type Condition, CONDITIONS, milliOf, type Taken, UNIT } from "./return-draft";

const ICONS: Record<Condition, string> = { RESTOCK: "✓", QC_HOLD: "?", DAMAGED: "✕" };

interface LineProps {
  draft: ReturnDraft;
  line: ReturnDraft["lines"][number];
  busy: boolean;
  change: (line: number, condition: Condition, milli: number) => void;
}

export function LineRow({ draft, line, busy, change }: LineProps) {
  const taken = milliOf(draft, line.line);
  const here = milliOf(draft, line.line, draft.condition);
  const other = CONDITIONS.find((condition) => milliOf(draft, line.line, condition) > 0) ?? draft.condition;
  const from = here > 0 ? draft.condition : other;
  const less = () => change(line.line, from, Math.max(0, milliOf(draft, line.line, from) - UNIT));
  const more = () => change(line.line, draft.condition, here + Math.min(UNIT, line.left_milli));
  return (
    <li class={`line ${taken > 0 ? "chosen" : ""}`} data-testid="return-line" data-sku={line.sku} data-units={taken / UNIT}>
      <span class="grow">
        <span class="name">{line.name}</span>
        <span class="muted number">
          {line.sku} · {money(line.unit_price)}
        </span>
        <span class="number">
          {t("return.line", { sold: line.sold_milli / UNIT, returned: line.returned_milli / UNIT, left: line.left_milli / UNIT })}
        </span>
        {taken > 0 && (
          <span class="row">
            {CONDITIONS.filter((condition) => milliOf(draft, line.line, condition) > 0).map((condition) => (
              <span class={`chip ${condition === "RESTOCK" ? "ok" : "warn"}`} key={condition} data-testid={`return-units-${condition}`}>
                {units(milliOf(draft, line.line, condition))} {t(`return.condition.${condition}`)}
              </span>
            ))}
          </span>
        )}
      </span>
      <span class="stepper" role="group" aria-label={line.name}>
        <button
          type="button"
          class="button"
          disabled={busy || taken === 0}
          onClick={less}
          aria-label={t("return.less", { name: line.name })}
          data-testid="return-less"
        >
          −
        </button>
        <span class="quantity number" aria-live="polite">
          {units(taken)}
        </span>
        <button
          type="button"
          class="button"
          disabled={busy || line.left_milli === 0}
          onClick={more}
          aria-label={t("return.more", { name: line.name })}
          data-testid="return-more"
        >
          +
        </button>
      </span>
    </li>
  );
}

export function Conditions({ condition, busy, choose }: { condition: Condition; busy: boolean; choose: (condition: Condition) => void }) {
  return (
    <fieldset class="conditions">
      <legend>{t("return.condition")}</legend>
      <div class="three">
        {CONDITIONS.map((one) => (
          <button
            type="button"
            class="button"
            key={one}
            aria-pressed={one === condition}
            disabled={busy}
            onClick={() => choose(one)}
            data-testid={`return-condition-${one}`}
          >
            <span class="mark" aria-hidden="true">
              {ICONS[one]}
            </span>
            {t(`return.condition.${one}`)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

// ---- at the end ----

export function Receipt({ taken }: { taken: Taken }) {
  return (
    <div class="receipt card" data-testid="return-receipt">
      <p class="muted">{t("return.taken", { order: taken.order_reference })}</p>
      <p class="figure number" data-testid="return-refunded">
        {money(taken.refund)}
      </p>
      <p>{t("return.owed")}</p>
      <ul class="list">
        {taken.lines.map((line) => (
          <li class="line" key={`${line.line} ${line.condition}`}>
            <span class="quantity number">{units(line.milli)}</span>
            <span class="grow">
              <span class="name">{line.name}</span>
              <span>
                {t(`return.condition.${line.condition}`)} → <strong>{line.to_location}</strong>
              </span>
            </span>
            <span class="number strong">{money({ minor: line.refund_minor, currency: taken.refund.currency })}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
