// A return: receipt or label, items, condition, refund.
import { agent, type ReturnDraft } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { type Approval, OverrideSheet } from "@lib/device/override";
import { onVerdict } from "@lib/device/reads";
import { FeedbackBand, hush, say } from "@lib/feedback/band";
import { play } from "@lib/feedback/tones";
import { money, t } from "@lib/i18n";
import { Empty, Loading } from "@lib/ui/parts";
import { useAsked } from "@lib/ui/use";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Split, Trouble } from "../parts";
import { allMilli, askDraft, type Condition, expectDraft, JustScanned, mayHaveDraft, setUnits, type Taken, takeReturn, UNIT } from "../return-draft";
import { ReceiptButton } from "../receipt-button";
import { Conditions, LineRow, Receipt } from "../return-parts";
import { sayAllBack, Search, Steps } from "../return-search";
import { leaveReturnModeNow, setMode } from "../station-mode";
import { type Action, useAction } from "../use-action";
import { asRefusal, wordsOf } from "../words";

/** Scans do returns while this screen is there, and only then. */
function useReturnMode(): Action {
  const action = useAction();
  useEffect(() => {
    void action.run(async () => void (await setMode("RETURN")));
    window.addEventListener("pagehide", leaveReturnModeNow);
    return () => {
      window.removeEventListener("pagehide", leaveReturnModeNow);
      setMode("PICK").catch(leaveReturnModeNow);
    };
  }, []);
  return action;
}

export function ReturnScreen() {
  const mode = useReturnMode();
  const looks = useRef(mayHaveDraft());
  const held = useRef(0); // how often this page learned or changed the draft itself
  const asked = useAsked(async () => ({ since: held.current, found: looks.current ? await askDraft() : null }));
  const [draft, setDraft] = useState<ReturnDraft | null>();
  const [taken, setTaken] = useState<Taken>();
  const [asking, setAsking] = useState(false);
  const search = useAction();
  const action = useAction();
  const scanned = useRef(new JustScanned());
  const unheard = useRef<() => Promise<Taken>>();

  const refresh = () => {
    looks.current = true;
    asked.again();
  };

  const hold = (now: ReturnDraft | null) => {
    ++held.current;
    looks.current = now !== null;
    setDraft(now);
  };

  useEffect(() => {
    if (draft !== undefined) expectDraft(draft !== null);
    if (draft) looks.current = true;
  }, [draft]);

  useEffect(() => {
    if (asked.loading || asked.data === undefined) return;
    // An answer to an older question must not undo what was learned meanwhile.
    if (asked.data.since === held.current) setDraft(asked.data.found);
    else asked.again();
  }, [asked.data, asked.loading]);

  useLayoutEffect(
    () =>
      onVerdict((verdict) => {
        if (verdict.verdict === "nok") {
          const words = verdict.reason ? wordsOf(verdict.reason) : undefined;
          const dup = verdict.reason === "already_returned";
          say(dup ? "dup" : "nok", words?.what ?? verdict.message, words ? `${verdict.code} · ${words.todo}` : verdict.code);
          // Refused by a return that this page does not know of: it was begun elsewhere.
          if (verdict.reason === "wrong_item" || verdict.reason === "unknown_item" || dup) refresh();
          return;
        }
        setTaken(undefined);
        search.clear();
        if (verdict.what === "return_unit" && verdict.line !== null) {
          scanned.current.add(verdict.line, verdict.taken_milli);
          say("ok", verdict.name ?? verdict.code, t("return.scanned", { n: verdict.line_open_milli / UNIT }));
        } else if (verdict.what === "return_find") {
          scanned.current.clear();
          const order = verdict.order_reference ?? verdict.code;
          if (verdict.open_milli === 0) sayAllBack(order);
          else say("ok", t("return.found", { order }), t("return.found-left", { n: verdict.open_milli / UNIT }));
        } else {
          say(verdict.verdict, verdict.message, verdict.code);
        }
        refresh();
      }),
    [],
  );

  // It was taken, but its answer was lost: asking again, with the same key, gives the receipt.
  useEffect(() => {
    const approval = unheard.current;
    unheard.current = undefined;
    if (draft !== null) return;
    if (approval) void action.run(async () => finished(await approval()));
    else if (asRefusal(action.error).isAway) action.retry?.();
  }, [draft, action.error]);

  const forget = () => {
    scanned.current.clear();
    hold(null);
  };
  const change = (line: number, condition: Condition, milli: number) =>
    void action.run(async () => {
      scanned.current.clear();
      hold(await setUnits(line, condition, milli));
    });
  const choose = (condition: Condition) =>
    draft && void action.run(async () => hold(await scanned.current.say(draft, condition)));
  const drop = () =>
    void action.run(async () => {
      await data(agent.DELETE("/api/v1/return-draft"));
      forget();
      hush();
    });
  const finished = (done: Taken) => {
    forget();
    setAsking(false);
    setTaken(done);
    say("ok", t("return.done", { amount: money(done.refund) }), "", null);
    play("done");
  };
  const refund = () =>
    void action.run(async (key) => {
      try {
        finished(await takeReturn(key, ""));
      } catch (error) {
        if (asRefusal(error).reason === "needs_approval") return setAsking(true);
        refresh();
        throw error;
      }
    });
  const approved = async (approval: Approval, key: string) => {
    const take = () => takeReturn(key, approval.reason, approval);
    try {
      finished(await take());
    } catch (error) {
      if (asRefusal(error).isAway) unheard.current = take;
      throw error;
    }
  };

  const any = draft ? allMilli(draft) > 0 : false;
  return (
    <Split
      workName={t("return.title")}
      work={
        <>
          {asked.error !== undefined && !draft && <Trouble error={asked.error} retry={asked.again} />}
          {[mode, search, action].map(
            (one, at) => one.error !== undefined && <Trouble key={at} error={one.error} retry={one.retry} />,
          )}
          {draft === undefined && asked.error === undefined && <Loading />}
          {draft && (
            <>
              <div class="row spread head">
                <h1 class="order" data-testid="current-line">
                  <span class="caption">{t("pickup.order")}</span> {draft.order_reference}
                </h1>
                <button type="button" class="button" onClick={drop} disabled={action.busy} data-testid="return-drop">
                  {t("return.drop")}
                </button>
              </div>
              <ul class="list lines" data-testid="return-lines">
                {draft.lines.map((line) => (
                  <LineRow key={line.line} draft={draft} line={line} busy={action.busy} change={change} />
                ))}
              </ul>
              {draft.lines.length === 0 && <Empty title={t("return.no-lines")} icon="box" />}
            </>
          )}
          {draft === null && taken && <Receipt taken={taken} />}
          {draft === null && !taken && (
            <>
              <h1>{t("return.title")}</h1>
              <Steps />
            </>
          )}
        </>
      }
      nowName={t("return.refund")}
      now={
        <>
          <FeedbackBand idle={draft ? t("return.scan-item") : t("return.scan-receipt")} />
          {draft && (
            <>
              <div class="card amount" data-testid="return-amount">
                <p class="muted">{t("return.refund")}</p>
                <p class="figure number" aria-live="polite" data-testid="remaining">
                  {money(draft.refund)}
                </p>
                <p class="number">{t("return.units", { n: allMilli(draft) / UNIT })}</p>
              </div>
              <Conditions condition={draft.condition} busy={action.busy} choose={choose} />
              {draft.needs_approval && (
                <p class="note" data-testid="return-needs-approval">
                  {t("return.needs-approval")}
                </p>
              )}
              <div class="grow" />
              <div class="actions">
                <button
                  type="button"
                  class="button primary wide"
                  disabled={action.busy || !any}
                  onClick={() => (draft.needs_approval ? setAsking(true) : refund())}
                  data-testid="primary"
                >
                  {action.busy ? t("common.loading") : any ? t("return.do", { amount: money(draft.refund) }) : t("return.nothing")}
                </button>
              </div>
            </>
          )}
          {draft === null && taken && (
            <>
              <ReceiptButton key={taken.id} of={{ return: taken.id }} />
              <div class="grow" />
              <div class="actions">
                <button
                  type="button"
                  class="button primary wide"
                  onClick={() => {
                    setTaken(undefined);
                    hush();
                  }}
                  data-testid="primary"
                >
                  {t("return.next")}
                </button>
              </div>
            </>
          )}
          {draft === null && !taken && <Search action={search} onFound={hold} />}
          {asking && draft && (
            <OverrideSheet
              title={t("return.override")}
              what={t("return.override-what", { amount: money(draft.refund) })}
              reasons={[t("return.reason.fault"), t("return.reason.fit"), t("return.reason.goodwill")]}
              onClose={() => setAsking(false)}
              approve={approved}
            />
          )}
        </>
      }
    />
  );
}
