// A return: receipt or label, items, condition, refund.
import { agent, type ReturnDraft } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { type Approval, OverrideSheet } from "@lib/device/override";
import { onVerdict } from "@lib/device/reads";
import { FeedbackBand, feedback, hush, say } from "@lib/feedback/band";
import { play } from "@lib/feedback/tones";
import { money, t, units } from "@lib/i18n";
import { Empty, Keypad, Loading } from "@lib/ui/parts";
import { useAsked } from "@lib/ui/use";
import { useEffect, useRef, useState } from "preact/hooks";
import { Split, Trouble } from "../parts";
import { allMilli, askDraft, type Condition, CONDITIONS, expectDraft, JustScanned, lastTaken, mayHaveDraft, milliOf, setUnits } from "../return-draft";
import { leaveReturnModeNow, setMode } from "../station-mode";
import { type Action, useAction } from "../use-action";
import { asRefusal, wordsOf } from "../words";

type Taken = Awaited<ReturnType<typeof takeReturn>>;

const UNIT = 1000;
const NUMBER_MOST = 40;
const ICONS: Record<Condition, string> = { RESTOCK: "✓", QC_HOLD: "?", DAMAGED: "✕" };

function takeReturn(key: string, reason: string, approval?: Approval) {
  return data(agent.POST("/api/v1/returns", { params: { header: { "Idempotency-Key": key } }, body: { reason, approval } }));
}

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

// ---- before anything is found ----

function Steps() {
  return (
    <ol class="steps">
      {(["receipt", "items", "condition", "refund"] as const).map((step, at) => (
        <li key={step}>
          <span class="bullet number" aria-hidden="true">
            {at + 1}
          </span>
          <span>{t(`return.step.${step}`)}</span>
        </li>
      ))}
    </ol>
  );
}

function Search({ action, onFound }: { action: Action; onFound: (draft: ReturnDraft) => void }) {
  const [text, setText] = useState("");
  const find = (event: Event) => {
    event.preventDefault();
    const code = text.trim();
    if (code === "" || action.busy) return;
    void action.run(async () => {
      say("pending", t("return.looking"), code);
      try {
        const draft = await data(agent.PUT("/api/v1/return-draft", { body: { code } }));
        sayFound(draft.order_reference, draft);
        setText("");
        onFound(draft);
      } catch (error) {
        hush();
        throw error;
      }
    });
  };
  return (
    <form class="entry" onSubmit={find}>
      <label class="field code">
        {t("return.number")}
        <input
          inputMode="none"
          autocomplete="off"
          maxLength={NUMBER_MOST}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          data-testid="return-number"
        />
      </label>
      <Keypad value={text} onChange={setText} most={NUMBER_MOST} />
      <div class="actions">
        <button type="submit" class="button primary wide" disabled={action.busy || text.trim() === ""} data-testid="primary">
          {action.busy ? t("return.looking") : t("return.find")}
        </button>
      </div>
    </form>
  );
}

function sayFound(order: string, draft: ReturnDraft): void {
  const left = draft.lines.reduce((sum, line) => sum + line.left_milli, 0);
  if (left === 0 && allMilli(draft) === 0) sayAllBack(order);
  else say("ok", t("return.found", { order }), t("return.found-left", { n: left / UNIT }));
}

/** By whom and when follows as soon as it is known. */
function sayAllBack(order: string): void {
  say("dup", t("return.all-back", { order }), t("counter.do.already_returned"));
  const said = feedback.value.number;
  void lastTaken()
    .then((by) => by && feedback.value.number === said && say("dup", t("return.all-back", { order }), by, null))
    .catch(() => undefined); // it is said already, if not by whom
}

// ---- lines ----

interface LineProps {
  draft: ReturnDraft;
  line: ReturnDraft["lines"][number];
  busy: boolean;
  change: (line: number, condition: Condition, milli: number) => void;
}

function LineRow({ draft, line, busy, change }: LineProps) {
  const taken = milliOf(draft, line.line);
  const here = milliOf(draft, line.line, draft.condition);
  const other = CONDITIONS.find((condition) => milliOf(draft, line.line, condition) > 0) ?? draft.condition;
  const from = here > 0 ? draft.condition : other;
  const less = () => change(line.line, from, Math.max(0, milliOf(draft, line.line, from) - UNIT));
  const more = () => change(line.line, draft.condition, here + Math.min(UNIT, line.left_milli));
  return (
    <li class={`line ${taken > 0 ? "chosen" : ""}`} data-testid="return-line" data-sku={line.sku} data-units={taken / UNIT}>
      <span class="grow">
        <span class="name">{line.name}</span>
        <span class="muted number">
          {line.sku} · {money(line.unit_price)}
        </span>
        <span class="number">
          {t("return.line", { sold: line.sold_milli / UNIT, returned: line.returned_milli / UNIT, left: line.left_milli / UNIT })}
        </span>
        {taken > 0 && (
          <span class="row">
            {CONDITIONS.filter((condition) => milliOf(draft, line.line, condition) > 0).map((condition) => (
              <span class={`chip ${condition === "RESTOCK" ? "ok" : "warn"}`} key={condition} data-testid={`return-units-${condition}`}>
                {units(milliOf(draft, line.line, condition))} {t(`return.condition.${condition}`)}
              </span>
            ))}
          </span>
        )}
      </span>
      <span class="stepper" role="group" aria-label={line.name}>
        <button
          type="button"
          class="button"
          disabled={busy || taken === 0}
          onClick={less}
          aria-label={t("return.less", { name: line.name })}
          data-testid="return-less"
        >
          −
        </button>
        <span class="quantity number" aria-live="polite">
          {units(taken)}
        </span>
        <button
          type="button"
          class="button"
          disabled={busy || line.left_milli === 0}
          onClick={more}
          aria-label={t("return.more", { name: line.name })}
          data-testid="return-more"
        >
          +
        </button>
      </span>
    </li>
  );
}

function Conditions({ condition, busy, choose }: { condition: Condition; busy: boolean; choose: (condition: Condition) => void }) {
  return (
    <fieldset class="conditions">
      <legend>{t("return.condition")}</legend>
      <div class="three">
        {CONDITIONS.map((one) => (
          <button
            type="button"
            class="button"
            key={one}
            aria-pressed={one === condition}
            disabled={busy}
            onClick={() => choose(one)}
            data-testid={`return-condition-${one}`}
          >
            <span class="mark" aria-hidden="true">
              {ICONS[one]}
            </span>
            {t(`return.condition.${one}`)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

// ---- at the end ----

function Receipt({ taken }: { taken: Taken }) {
  return (
    <div class="receipt card" data-testid="return-receipt">
      <p class="muted">{t("return.taken", { order: taken.order_reference })}</p>
      <p class="figure number" data-testid="return-refunded">
        {money(taken.refund)}
      </p>
      <p>{t("return.owed")}</p>
      <ul class="list">
        {taken.lines.map((line) => (
          <li class="line" key={`${line.line} ${line.condition}`}>
            <span class="quantity number">{units(line.milli)}</span>
            <span class="grow">
              <span class="name">{line.name}</span>
              <span>
                {t(`return.condition.${line.condition}`)} → <strong>{line.to_location}</strong>
              </span>
            </span>
            <span class="number strong">{money({ minor: line.refund_minor, currency: taken.refund.currency })}</span>
          </li>
        ))}
      </ul>
    </div>
  );
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

  useEffect(
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
