// A hand-over can be taken back for ten seconds: the customer is still there.
import { agent } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { say } from "@lib/feedback/band";
import { t } from "@lib/i18n";
import { useEffect, useState } from "preact/hooks";
import { lastGiven, UNDO_MS } from "./customer";
import { Trouble } from "./parts";
import { useAction } from "./use-action";

const TICK_MS = 250;

export function UndoBar() {
  const given = lastGiven.value;
  const [now, setNow] = useState(Date.now());
  const action = useAction();
  const left = given ? given.at + UNDO_MS - now : 0;

  useEffect(() => {
    if (!given) return;
    action.clear();
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [given?.group, given?.at]);

  if (!given) return null;
  if (action.error !== undefined) {
    return (
      <div class="stack" data-testid="undo-failed">
        <Trouble error={action.error} retry={left > 0 ? action.retry : undefined} />
        <button type="button" class="button" onClick={() => (lastGiven.value = null)}>
          {t("common.close")}
        </button>
      </div>
    );
  }
  if (left <= 0 && !action.busy) return null;
  const undo = () =>
    action.run(async (key) => {
      const params = { path: { group: given.group }, header: { "Idempotency-Key": key } };
      await data(agent.POST("/api/v1/ship-groups/{group}/hand-over/undo", { params }));
      lastGiven.value = null;
      say("ok", t("pickup.undone", { order: given.order }), t("pickup.undone-todo"));
    });
  return (
    <div class="undo-bar" data-testid="undo-bar">
      <div>
        <p class="strong" role="status">
          {t("pickup.given", { order: given.order })}
        </p>
        <p class="muted number" aria-hidden="true">
          {t("pickup.undo-left", { n: Math.max(1, Math.ceil(left / 1000)) })}
        </p>
      </div>
      <button type="button" class="button" disabled={action.busy} onClick={() => void undo()} data-testid="undo">
        {t("common.undo")}
      </button>
      <progress max={UNDO_MS} value={Math.max(0, left)} aria-hidden="true" />
    </div>
  );
}
