// A receipt on its way to the station's printer: whether there is one, how the job is, in words.
import { agent, type CounterJob, type Device } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { t } from "@lib/i18n";
import { atStation } from "./devices";

/** What a receipt is of. */
export type Act = { group: string } | { return: string };

export function hasReceiptPrinter(all: Device[] | undefined, station: string): boolean {
  return atStation(all ?? [], station).some((device) => device.kind === "receipt_printer");
}

export function printReceipt(act: Act, key: string): Promise<CounterJob> {
  const header = { "Idempotency-Key": key };
  if ("group" in act) {
    const params = { path: { group: act.group }, header };
    return data(agent.POST("/api/v1/ship-groups/{group}/receipt", { params, body: {} }));
  }
  const params = { path: { return: act.return }, header };
  return data(agent.POST("/api/v1/returns/{return}/receipt", { params, body: {} }));
}

/** The job as the event tells it, if the event is about this one. */
export function heard(job: CounterJob | undefined, event: string, what: unknown): CounterJob | undefined {
  if (event !== "counter_job" || (what as CounterJob).job !== job?.job) return job;
  return what as CounterJob;
}

/** What became of it; the printer's own sentence stands below. */
export function jobWords(job: CounterJob): string {
  if (job.state === "done") return t(job.copy ? "receipt.copy-done" : "receipt.done");
  return t(`receipt.${job.state}`);
}
