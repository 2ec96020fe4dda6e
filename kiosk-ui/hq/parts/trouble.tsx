import { Refusal } from "@lib/api/problem";
import { t } from "@lib/i18n";
import { sentence } from "@lib/i18n/reasons";

/** Whoever looked for something that is not there has done nothing that could have failed. */
function happened(refusal: Refusal): string {
  if (refusal.isAway) return t("hq.error.away");
  const detail = sentence(refusal.reason, refusal.message);
  return refusal.status === 404 ? detail : t("error.other", { detail });
}

/** What happened, what is safe, what to do; codes behind "Details". */
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const refusal = error instanceof Refusal ? error : new Refusal("unexpected", String(error));
  return (
    <div class="note nok stack" role="alert" data-testid="error">
      <p>{happened(refusal)}</p>
      <details>
        <summary>{t("common.details")}</summary>
        <p>{t("error.code", { code: refusal.reason })}</p>
        {refusal.traceId && <p>{t("error.trace", { trace: refusal.traceId })}</p>}
      </details>
      {retry && (
        <p>
          <button type="button" class="button" onClick={retry}>
            {t("common.retry")}
          </button>
        </p>
      )}
    </div>
  );
}
