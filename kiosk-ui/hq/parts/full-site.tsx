// A site that said it can take no more, and the way out of it.
import { data, newKey } from "@lib/api/client";
import { hub } from "@lib/api/hub";
import { moment, t } from "@lib/i18n";
import { useRef, useState } from "preact/hooks";
import { useLive } from "../live";
import { may } from "../session";
import { word } from "../words";
import { Trouble } from "./trouble";

/** Nothing, as long as the site takes orders. */
export function FullSite({ site }: { site: string }) {
  const found = useLive(async () => (await data(hub.GET("/api/v1/sites"))).items.find((one) => one.site === site), [site]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const key = useRef(newKey());
  const since = found.data?.full_since;
  if (!since) return null;
  const reset = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await data(hub.POST("/api/v1/sites/{site}/capacity-reset", { params: { path: { site }, header: { "Idempotency-Key": key.current } } }));
      key.current = newKey(); // the next is another reset
      found.again();
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  return (
    <div class="note stack" data-testid="full-site">
      <p>{t("hq.stores.full", { when: moment(since), why: word("short", found.data?.full_reason ?? "NO_CAPACITY") })}</p>
      {error !== undefined && <Trouble error={error} />}
      {may("sites.manage") && (
        <p>
          <button type="button" class="button" disabled={busy} onClick={() => void reset()} data-testid="reset-capacity">
            {t("hq.stores.reset")}
          </button>
        </p>
      )}
    </div>
  );
}
