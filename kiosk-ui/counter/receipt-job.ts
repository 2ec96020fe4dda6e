// A receipt on its way to the station's printer: whether there is one, how the job is, in words.
import { agent, type CounterJob, type Device } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { t } from "@lib/i18n";
import { listen } from "@lib/live/stream";
import { useEffect, useRef, useState } from "preact/hooks";
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

/**
 * A job of the printer, followed to its end. The second sets the job that an answer told of: its end may have been heard
 * before.
 */
export function useCounterJob(): [CounterJob | undefined, (answer: CounterJob) => void] {
  const [job, set] = useState<CounterJob>();
  const told = useRef(new Map<string, CounterJob>());
  useEffect(
    () =>
      listen((event, what) => {
        if (event !== "counter_job") return;
        told.current.set((what as CounterJob).job, what as CounterJob);
        set((now) => heard(now, event, what));
      }),
    [],
  );
  return [job, (answer) => set(told.current.get(answer.job) ?? answer)];
}

/** What became of it; the printer's own sentence stands below. */
export function jobWords(job: CounterJob): string {
  if (job.state === "done") return t(job.copy ? "receipt.copy-done" : "receipt.done");
  return t(`receipt.${job.state}`);
}
