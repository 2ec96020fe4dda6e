// The receipt of what was just done, where the station has a printer for it.
import { session } from "@lib/device/session";
import { t } from "@lib/i18n";
import { devices } from "./devices";
import { Trouble } from "./parts";
import { type Act, hasReceiptPrinter, jobWords, printReceipt, useCounterJob } from "./receipt-job";
import { useAction } from "./use-action";

/** Give it a `key` of what the receipt is of. */
export function ReceiptButton({ of }: { of: Act }) {
  const [job, setJob] = useCounterJob();
  const action = useAction();
  if (!hasReceiptPrinter(devices.value, session.value?.station ?? "")) return null;
  const print = () => void action.run(async (key) => setJob(await printReceipt(of, key)));
  const waits = action.busy || job?.state === "printing";
  const bad = job?.state === "failed" || job?.state === "unknown";
  return (
    <div class="stack" data-testid="receipt" data-state={job?.state ?? ""}>
      {action.error !== undefined && <Trouble error={action.error} retry={action.retry} />}
      {job && (
        <div class={`note stack ${bad ? "nok" : job.state === "done" ? "ok" : ""}`} role="status" data-testid="receipt-state">
          <p class="strong">{jobWords(job)}</p>
          {bad && <p>{job.detail}</p>}
        </div>
      )}
      <button type="button" class="button" disabled={waits} onClick={print} data-testid="receipt-print">
        {waits ? t("receipt.printing") : t(job && job.state !== "failed" ? "receipt.again" : "receipt.print")}
      </button>
    </div>
  );
}
