// One order and its customer: what to give, the code, one tap.
import { agent, type Line, type ShipGroupDetail } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { type Approval, OverrideSheet } from "@lib/device/override";
import { FeedbackBand, hush, say } from "@lib/feedback/band";
import { play } from "@lib/feedback/tones";
import { t, units } from "@lib/i18n";
import { Keypad, Loading } from "@lib/ui/parts";
import { useAsked } from "@lib/ui/use";
import { useEffect, useState } from "preact/hooks";
import { CODE_LENGTH, givenBy, lastGiven, sayAlreadyGiven, shown, toDesk } from "../customer";
import { Split, Trouble } from "../parts";
import { ReceiptButton } from "../receipt-button";
import { type Action, useAction } from "../use-action";
import { asRefusal } from "../words";
import { usePickupReads } from "./pickup";

function askGroup(group: string): Promise<ShipGroupDetail> {
  return data(agent.GET("/api/v1/ship-groups/{group}", { params: { path: { group } } }));
}

/** Clashes of this order that the clerk should know of: devices that could not hear each other. */
async function askClashes(group: string): Promise<Set<string>> {
  const { items } = await data(agent.GET("/api/v1/exceptions"));
  return new Set(items.filter((one) => one.group === group).map((one) => one.kind));
}

/** With the customer now, or to be given to them. */
function milliOf(line: Line): number {
  return line.picked_milli + line.handed_over_milli;
}

function Lines({ group }: { group: ShipGroupDetail }) {
  return (
    <ul class="list lines" data-testid="handover-lines">
      {group.lines.map((line) => (
        <li key={line.line} class="line" data-testid="handover-line" data-sku={line.sku}>
          <span class="quantity number">{units(milliOf(line))}</span>
          <span class="grow">
            <span class="name">{line.name}</span>
            <span class="muted">{line.sku}</span>
          </span>
          <span class="row">
            {line.short_milli > 0 && <span class="chip warn">{t("pickup.line.short", { n: line.short_milli / 1000 })}</span>}
            {line.cancelled_milli > 0 && <span class="chip warn">{t("pickup.line.cancelled", { n: line.cancelled_milli / 1000 })}</span>}
            {line.returned_milli > 0 && <span class="chip">{t("pickup.line.returned", { n: line.returned_milli / 1000 })}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Clashes({ kinds }: { kinds: Set<string> }) {
  return (
    <>
      {kinds.has("DUPLICATE_HANDOVER") && (
        <div class="note stack" data-testid="handover-twice">
          <p class="strong">{t("pickup.twice")}</p>
          <p>{t("pickup.twice-why")}</p>
        </div>
      )}
      {kinds.has("HANDED_AFTER_CANCEL") && (
        <div class="note stack" data-testid="handover-after-cancel">
          <p class="strong">{t("pickup.after-cancel")}</p>
          <p>{t("pickup.after-cancel-why")}</p>
        </div>
      )}
    </>
  );
}

function Given({ group }: { group: ShipGroupDetail }) {
  const by = givenBy(group);
  return (
    <div class="card big" data-testid="handover-already">
      <p class="strong">{t("pickup.already", { order: group.order_reference })}</p>
      {by && <p data-testid="handover-by">{by}</p>}
      <p>{t("pickup.already-todo")}</p>
    </div>
  );
}

interface DeskProps {
  group: ShipGroupDetail;
  again: () => void;
  action: Action;
  /** A second person is being asked. */
  asking: boolean;
  ask: (asking: boolean) => void;
}

/** A pickup that waits: with the code that was shown, a code to be keyed, or a second person. */
function Waiting({ group, again, action, asking, ask }: DeskProps) {
  const [keyed, setKeyed] = useState("");
  const known = shown.value?.group === group.id ? shown.value.code : "";
  const code = known || keyed;
  const locked = group.pickup?.locked ?? false;
  const minted = group.pickup?.code_minted ?? false;
  const path = { group: group.id };

  const done = () => {
    lastGiven.value = { group: group.id, order: group.order_reference, at: Date.now() };
    say("ok", t("pickup.given", { order: group.order_reference }), "", null);
    play("done");
    toDesk();
  };

  const give = () =>
    action.run(async (key) => {
      try {
        const params = { path, header: { "Idempotency-Key": key } };
        const answer = await data(agent.POST("/api/v1/ship-groups/{group}/hand-over", { params, body: { code } }));
        if (answer.outcome === "HANDED_OVER") return done();
        setKeyed("");
        shown.value = null;
        say("nok", t("pickup.wrong-code"), t("pickup.tries", { n: answer.tries_left }));
      } catch (error) {
        if (asRefusal(error).reason !== "already_handed_over") throw error;
        sayAlreadyGiven(await askGroup(group.id));
      }
      again();
    });

  const approve = async (approval: Approval, key: string) => {
    try {
      const params = { path, header: { "Idempotency-Key": key } };
      await data(agent.POST("/api/v1/ship-groups/{group}/hand-over", { params, body: { approval } }));
    } catch (error) {
      if (asRefusal(error).reason !== "already_handed_over") throw error;
      ask(false);
      sayAlreadyGiven(await askGroup(group.id));
      again();
      return;
    }
    ask(false);
    done();
  };

  return (
    <>
      {locked || !minted ? (
        <div class="note nok stack grow" data-testid={locked ? "handover-locked" : "handover-no-code"}>
          <p class="strong">{t(locked ? "counter.why.code_locked" : "counter.why.no_code")}</p>
          <p>{t(locked ? "counter.do.code_locked" : "counter.do.no_code")}</p>
        </div>
      ) : known ? (
        <div class="card big ok grow" data-testid="handover-code-right">
          <p class="strong">
            <span aria-hidden="true">✓ </span>
            {t("pickup.code-right")}
          </p>
          <p class="figure number" data-testid="remaining">
            {t("common.units", { n: group.picked_milli / 1000 })}
          </p>
        </div>
      ) : (
        <div class="entry">
          <label class="field code">
            {t("pickup.code-of", { order: group.order_reference })}
            <input
              inputMode="none"
              autocomplete="off"
              maxLength={CODE_LENGTH}
              value={keyed}
              placeholder="······"
              onInput={(event) => setKeyed(event.currentTarget.value.replace(/\D/g, ""))}
              data-testid="handover-code"
            />
          </label>
          <Keypad value={keyed} onChange={setKeyed} most={CODE_LENGTH} />
        </div>
      )}
      <div class="actions">
        {locked || !minted ? (
          <button type="button" class="button primary wide" onClick={() => ask(true)} data-testid="primary">
            {t("pickup.second-person")}
          </button>
        ) : (
          <button
            type="button"
            class="button primary wide"
            disabled={action.busy || code.length < CODE_LENGTH}
            onClick={() => void give()}
            data-testid="primary"
          >
            {action.busy ? t("common.loading") : t("pickup.hand-over")}
          </button>
        )}
      </div>
      {asking && (
        <OverrideSheet
          title={t("pickup.override")}
          what={t("pickup.override-what", { order: group.order_reference, n: group.picked_milli / 1000 })}
          reasons={[t("pickup.reason.id"), t("pickup.reason.known"), t("pickup.reason.receipt")]}
          onClose={() => ask(false)}
          approve={approve}
        />
      )}
    </>
  );
}

function back(): void {
  hush();
  toDesk();
}

function idleWords(group: ShipGroupDetail | undefined): string {
  if (!group || group.status !== "READY") return t("pickup.scan-or-key");
  return shown.value?.group === group.id ? t("pickup.compare") : t("pickup.ask-code");
}

export function HandOver({ group: id }: { group: string }) {
  usePickupReads();
  const [asking, setAsking] = useState(false);
  const action = useAction();
  const asked = useAsked(() => askGroup(id), [id], ["ship_group"]);
  const clashes = useAsked(() => askClashes(id), [id], ["ship_group"]);
  const group = asked.data;
  // It was done, but its answer was lost: asking again, with the same key, says whether it was us.
  useEffect(() => {
    if (group?.status === "HANDED_OVER" && asRefusal(action.error).isAway) action.retry?.();
  }, [group?.status, action.error]);
  return (
    <Split
      workName={t("pickup.order-of", { order: group?.order_reference ?? "" })}
      work={
        <>
          {action.error !== undefined ? (
            <Trouble error={action.error} retry={action.retry} />
          ) : (
            asked.error !== undefined && <Trouble error={asked.error} retry={asked.again} />
          )}
          {!group && asked.error === undefined && <Loading />}
          {group && (
            <>
              <div class="row spread head">
                <h1 class="order" data-testid="current-line">
                  <span class="caption">{t("pickup.order")}</span> {group.order_reference}
                </h1>
                <span class={`chip ${group.status === "READY" ? "ok" : "warn"}`} data-testid="handover-status" data-status={group.status}>
                  {t(`pickup.status.${group.status}`)}
                </span>
              </div>
              {clashes.data && <Clashes kinds={clashes.data} />}
              <Lines group={group} />
              {group.status === "READY" && (
                <div class="row spread foot">
                  <button type="button" class="button" onClick={back} data-testid="handover-back">
                    {t("pickup.back")}
                  </button>
                  {!group.pickup?.locked && group.pickup?.code_minted && shown.value?.group !== group.id && (
                    <button type="button" class="button plain" onClick={() => setAsking(true)} data-testid="handover-override">
                      {t("pickup.without-code")}
                    </button>
                  )}
                </div>
              )}
            </>
          )}
        </>
      }
      nowName={t("pickup.hand-over")}
      now={
        <>
          <FeedbackBand idle={idleWords(group)} />
          {group?.status === "READY" ? (
            <Waiting group={group} again={asked.again} action={action} asking={asking} ask={setAsking} />
          ) : (
            <>
              {group?.status === "HANDED_OVER" && (
                <>
                  <Given group={group} />
                  <ReceiptButton of={{ group: group.id }} />
                </>
              )}
              {group && group.status !== "HANDED_OVER" && (
                <div class="note stack">
                  <p class="strong">{t("pickup.not-ready", { order: group.order_reference })}</p>
                  <p>{t("pickup.not-ready-do")}</p>
                </div>
              )}
              <div class="grow" />
              <div class="actions">
                <button type="button" class="button primary wide" onClick={back} data-testid="primary">
                  {t("pickup.back")}
                </button>
              </div>
            </>
          )}
        </>
      }
    />
  );
}
