// Offers every waiting order to the sites, and says what became of it.
import { data } from "@lib/api/client";
import type { components } from "@lib/api/generated/hub";
import { hub } from "@lib/api/hub";
import { t } from "@lib/i18n";
import { Sheet } from "@lib/ui/parts";
import { useState } from "preact/hooks";
import { Trouble } from "./trouble";
import { href } from "../route";
import { may } from "../session";

type Run = components["schemas"]["RoutingRun"];

export function RoutingButton({ waiting }: { waiting: number }) {
  const [busy, setBusy] = useState(false);
  const [run, setRun] = useState<Run>();
  const [error, setError] = useState<unknown>();
  if (!may("routing.run")) return null;
  const start = async () => {
    setBusy(true);
    setError(undefined);
    try {
      setRun(await data(hub.POST("/api/v1/routing/runs")));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const close = () => {
    setRun(undefined);
    setError(undefined);
  };
  return (
    <>
      <button type="button" class="button" disabled={busy} onClick={() => void start()} data-testid="routing-run">
        {t(busy ? "hq.routing.busy" : "hq.routing.run", { n: waiting })}
      </button>
      {(run || error !== undefined) && (
        <Sheet title={t("hq.routing.title")} onClose={close} testid="routing-result">
          {error !== undefined && <Trouble error={error} retry={() => void start()} />}
          {run && (
            <>
              <p>{run.orders_seen === 0 ? t("hq.routing.nothing") : t("hq.routing.seen", { n: run.orders_seen })}</p>
              <dl class="facts">
                <dt>{t("hq.routing.routed")}</dt>
                <dd class="number">{run.orders_routed}</dd>
                <dt>{t("hq.routing.partly")}</dt>
                <dd class="number">{run.orders_partly}</dd>
                <dt>{t("hq.routing.waiting")}</dt>
                <dd class="number">{run.orders_waiting}</dd>
                <dt>{t("hq.routing.groups")}</dt>
                <dd class="number">{run.groups_opened}</dd>
              </dl>
              {run.orders_waiting + run.orders_partly > 0 && (
                <p>
                  {t("hq.routing.left")}{" "}
                  <a href={href(["orders"], { waiting: true })} onClick={close}>
                    {t("hq.routing.show")}
                  </a>
                </p>
              )}
            </>
          )}
        </Sheet>
      )}
    </>
  );
}
