// The labels that wait for a printer: seen, held back, sent to another printer, taken out.
import { useState } from "preact/hooks";
import { agent, type Device, type LabelPrinter } from "../api/agent";
import { data, newKey } from "../api/client";
import { t } from "../i18n";
import { ErrorNote } from "../ui/parts";
import { useAsked } from "../ui/use";
import { session } from "./session";

type Action = "pause" | "resume" | "move" | "cancel";

async function act(action: Action, device: string, to: string): Promise<unknown> {
  const params = { path: { device }, header: { "Idempotency-Key": newKey() } };
  if (action === "move") return data(agent.POST("/api/v1/printers/{device}/move", { params, body: { to } }));
  if (action === "cancel") return data(agent.POST("/api/v1/printers/{device}/cancel", { params, body: {} }));
  if (action === "pause") return data(agent.POST("/api/v1/printers/{device}/pause", { params }));
  return data(agent.POST("/api/v1/printers/{device}/resume", { params }));
}

/** What the queue is like, in words. */
export function queueWords({ paused, under_way, waiting }: LabelPrinter): string {
  const words = [
    ...(paused ? [t("queue.paused")] : []),
    ...(under_way ? [t("queue.under-way", { order: under_way.order_reference })] : []),
    waiting.length > 0 ? t("queue.waiting", { n: waiting.length }) : t("queue.none"),
  ];
  return words.join(" · ");
}

/** Of a label printer. */
export function LabelQueue({ device }: { device: Device }) {
  const asked = useAsked(async () => (await data(agent.GET("/api/v1/printers"))).items, [device.name], ["device"]);
  const [to, setTo] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const queue = asked.data?.find((one) => one.name === device.name);
  if (!queue || device.state === "released") return null;
  const others = asked.data!.filter((one) => one.name !== device.name).map((one) => one.name);
  const target = to || others[0] || "";
  const may = session.value?.permissions.includes("labels.print") ?? false;
  const press = async (action: Action) => {
    if (busy) return; // aria-disabled keeps the focus
    setBusy(true);
    setError(undefined);
    try {
      await act(action, device.name, target);
    } catch (reason) {
      setError(reason);
    }
    setBusy(false);
    asked.again();
  };
  const button = (action: Action, words: string) => (
    <button
      type="button"
      class="button"
      aria-disabled={busy}
      aria-label={t("devices.button", { what: words, device: device.name })}
      data-testid={`${action}-${device.name}`}
      onClick={() => void press(action)}
    >
      {words}
    </button>
  );
  return (
    <div class="stack" data-testid={`queue-${device.name}`} data-waiting={queue.waiting.length}>
      <p role="status">{queueWords(queue)}</p>
      {queue.waiting.length > 0 && (
        <ol>
          {queue.waiting.map((job) => (
            <li key={job.job}>{job.order_reference}</li>
          ))}
        </ol>
      )}
      {may && (
        <div class="device-buttons">
          {queue.paused ? button("resume", t("queue.resume")) : button("pause", t("queue.pause"))}
          {queue.waiting.length > 0 && button("cancel", t("queue.cancel"))}
          {queue.waiting.length > 0 && target !== "" && button("move", t("queue.move", { to: target }))}
          {queue.waiting.length > 0 && others.length > 1 && (
            <label>
              {t("queue.to")}{" "}
              <select value={target} onChange={(event) => setTo(event.currentTarget.value)} data-testid={`to-${device.name}`}>
                {others.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
          )}
        </div>
      )}
      {error !== undefined && <ErrorNote error={error} />}
    </div>
  );
}
