// The cash drawer on a receipt printer: opened with a reason, which goes to the service's log.
import { agent, type CounterJob, type Device } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { session } from "@lib/device/session";
import { t } from "@lib/i18n";
import { useState } from "preact/hooks";
import { Trouble } from "./parts";
import { useCounterJob } from "./receipt-job";
import { useAction } from "./use-action";

const REASONS = ["drawer.change", "drawer.count", "drawer.paid-out"] as const;

/** What became of it, in words. */
export function drawerWords({ state, detail }: Pick<CounterJob, "state" | "detail">): string {
  if (state === "done") return t("drawer.done");
  return state === "printing" ? t("drawer.asked") : t("drawer.not-done", { why: detail });
}

export function Drawer({ device }: { device: Device }) {
  const [reason, setReason] = useState<(typeof REASONS)[number]>(REASONS[0]);
  const [job, setJob] = useCounterJob();
  const action = useAction();
  if (device.state === "released" || !session.value?.permissions.includes("drawer.open")) return null;
  const open = () =>
    void action.run(async (key) => {
      const body = { reason: t(reason), printer: device.name };
      setJob(await data(agent.POST("/api/v1/drawer/open", { params: { header: { "Idempotency-Key": key } }, body })));
    });
  return (
    <div class="stack">
      <div class="device-buttons">
        <label>
          {t("drawer.why")}{" "}
          <select value={reason} onChange={(event) => setReason(event.currentTarget.value as (typeof REASONS)[number])}>
            {REASONS.map((one) => (
              <option key={one} value={one}>
                {t(one)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="button" disabled={action.busy} onClick={open} data-testid={`drawer-${device.name}`}>
          {t("drawer.open")}
        </button>
      </div>
      <p role="status" class={job ? `note ${job.state === "done" ? "ok" : "nok"}` : ""}>
        {job && drawerWords(job)}
      </p>
      {action.error !== undefined && <Trouble error={action.error} retry={action.retry} />}
    </div>
  );
}
