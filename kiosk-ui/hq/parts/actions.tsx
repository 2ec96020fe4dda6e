// What head office can do to an order. Each says first what will happen.
import { data, newKey } from "@lib/api/client";
import { hub, type OrderDetail, type OrderLine, type ShipGroupDetail } from "@lib/api/hub";
import { t, units } from "@lib/i18n";
import { Sheet } from "@lib/ui/parts";
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { atSites, cancellable } from "../screens/order";
import { siteName } from "../sites";
import { word } from "../words";
import { CopyButton } from "./bits";
import { Trouble } from "./trouble";

const MILLI = 1000;

/** Asks for a number of units, and does it once, however often it has to be sent. */
function UnitsForm({ most, button, danger = false, consequences, act, onClose, onDone }: { most: number; button: string; danger?: boolean; consequences: (milli: number) => ComponentChildren; act: (milli: number, key: string) => Promise<unknown>; onClose: () => void; onDone: () => void }) {
  const [text, setText] = useState(String(most / MILLI));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const key = useRef({ of: 0, name: "" });
  const milli = Math.round(Number(text.replace(",", ".")) * MILLI);
  const fits = Number.isFinite(milli) && milli > 0 && milli <= most;

  const submit = async (event: Event) => {
    event.preventDefault();
    if (!fits) return;
    if (key.current.of !== milli) key.current = { of: milli, name: newKey() };
    setBusy(true);
    setError(undefined);
    try {
      await act(milli, key.current.name);
      onDone();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <label class="field narrow">
        {t("hq.sheet.how-many", { most: units(most) })}
        <input
          inputMode="decimal"
          value={text}
          aria-invalid={!fits}
          aria-describedby="sheet-consequences"
          onInput={(event) => setText(event.currentTarget.value)}
          data-testid="sheet-units"
        />
      </label>
      <div id="sheet-consequences" class="consequences" aria-live="polite">
        <h3>{t("hq.sheet.will-happen")}</h3>
        {fits ? consequences(milli) : <p class="nok">{t("hq.sheet.bad-number", { most: units(most) })}</p>}
      </div>
      {error !== undefined && <Trouble error={error} />}
      <div class="row end">
        <button type="button" class="button" onClick={onClose}>
          {t("hq.sheet.leave")}
        </button>
        <button type="submit" class={`button ${danger ? "danger filled" : "primary"}`} disabled={busy || !fits} data-testid="sheet-confirm">
          {button}
        </button>
      </div>
    </form>
  );
}

export function CancelSheet({ order, line, groups, onClose, onDone }: { order: OrderDetail; line: OrderLine; groups: ShipGroupDetail[]; onClose: () => void; onDone: () => void }) {
  const nowhere = line.service ? cancellable(line, groups) : line.waiting_milli + line.parked_milli;
  return (
    <Sheet title={t("hq.cancel.title", { name: line.name || line.sku })} onClose={onClose} testid="cancel-sheet">
      <UnitsForm
        most={cancellable(line, groups)}
        button={t("hq.cancel.go")}
        danger
        act={(milli, key) =>
          data(
            hub.POST("/api/v1/orders/{order}/cancellations", {
              params: { path: { order: order.id }, header: { "Idempotency-Key": key } },
              body: { line: line.line, quantity_milli: milli },
            }),
          )
        }
        onClose={onClose}
        onDone={onDone}
        consequences={(milli) => {
          let left = milli;
          const first = Math.min(left, nowhere);
          left -= first;
          const steps = atSites(line, groups).flatMap((one) => {
            const part = Math.min(left, one.milli);
            left -= part;
            // What is still in its bin goes first.
            const back = Math.max(0, part - (one.milli - one.picked));
            return part > 0 ? [{ ...one, part, back }] : [];
          });
          return (
            <ul class="bullets">
              {first > 0 && <li>{t("hq.cancel.nowhere", { units: units(first) })}</li>}
              {steps.map(({ group, part, back }) => (
                <li key={group.id}>
                  {t("hq.cancel.at-site", { units: units(part), site: siteName(group.site), status: word("hq.group", group.status) })}
                  {back > 0 && ` ${t("hq.cancel.put-back", { units: units(back) })}`}
                </li>
              ))}
              <li>{t("hq.cancel.race")}</li>
              <li>{t("hq.cancel.final")}</li>
            </ul>
          );
        }}
      />
    </Sheet>
  );
}

export function ConvertSheet({ order, line, onClose, onDone }: { order: OrderDetail; line: OrderLine; onClose: () => void; onDone: () => void }) {
  return (
    <Sheet title={t("hq.convert.title", { name: line.name || line.sku })} onClose={onClose} testid="convert-sheet">
      <UnitsForm
        most={line.parked_milli}
        button={t("hq.convert.go")}
        act={(milli, key) =>
          data(
            hub.POST("/api/v1/orders/{order}/conversions", {
              params: { path: { order: order.id }, header: { "Idempotency-Key": key } },
              body: { line: line.line, quantity_milli: milli },
            }),
          )
        }
        onClose={onClose}
        onDone={onDone}
        consequences={(milli) => (
          <ul class="bullets">
            <li>{t("hq.convert.ships", { units: units(milli), site: siteName(order.pickup_site ?? "") })}</li>
            <li>{t("hq.convert.routing")}</li>
            <li>{t("hq.convert.customer")}</li>
          </ul>
        )}
      />
    </Sheet>
  );
}

export function MintSheet({ group, onClose }: { group: ShipGroupDetail; onClose: () => void }) {
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const mint = async () => {
    setBusy(true);
    setError(undefined);
    try {
      setCode((await data(hub.POST("/api/v1/ship-groups/{group}/pickup-code", { params: { path: { group: group.id } } }))).code);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Sheet title={t("hq.mint.title", { site: siteName(group.site) })} onClose={onClose} testid="mint-sheet">
      {error !== undefined && <Trouble error={error} />}
      {code ? (
        <div class="stack">
          <p>{t("hq.mint.tell")}</p>
          <p class="pickup-code" data-testid="pickup-code">
            <span aria-hidden="true">
              {code.slice(0, 3)} {code.slice(3)}
            </span>
            <span class="hidden-text" role="status">
              {[...code].join(" ")}
            </span>
          </p>
          <p class="muted">{t("hq.mint.once")}</p>
          <div class="row end">
            <CopyButton text={code} />
            <button type="button" class="button primary" onClick={onClose} data-testid="mint-done">
              {t("hq.mint.done")}
            </button>
          </div>
        </div>
      ) : (
        <div class="stack">
          <div class="consequences">
            <h3>{t("hq.sheet.will-happen")}</h3>
            <ul class="bullets">
              <li>{t("hq.mint.new")}</li>
              {group.pickup?.code_minted && <li>{t("hq.mint.old")}</li>}
              <li>{t("hq.mint.nowhere")}</li>
            </ul>
          </div>
          <div class="row end">
            <button type="button" class="button" onClick={onClose}>
              {t("hq.sheet.leave")}
            </button>
            <button type="button" class="button primary" disabled={busy} onClick={() => void mint()} data-testid="sheet-confirm">
              {t("hq.mint.go")}
            </button>
          </div>
        </div>
      )}
    </Sheet>
  );
}
