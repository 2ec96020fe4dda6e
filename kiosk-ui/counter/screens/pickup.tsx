// The pickup desk: the customer's code finds the order; what waits is listed.
import { agent, type ShipGroup } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { onVerdict, takeReads } from "@lib/device/reads";
import { session } from "@lib/device/session";
import { FeedbackBand, say } from "@lib/feedback/band";
import { clock, duration, t, units } from "@lib/i18n";
import { isReading } from "@lib/scanner/wedge";
import { Empty, Keypad, Loading } from "@lib/ui/parts";
import { useAsked, useRested } from "@lib/ui/use";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { choices, choose, CODE_LENGTH, isCode, lastGiven, looking, lookUp, take } from "../customer";
import { Split, Trouble } from "../parts";
import { ReceiptButton } from "../receipt-button";
import { leaveReturnMode } from "../station-mode";
import { UndoBar } from "../undo-bar";
import { wordsOf } from "../words";

const PAGE = 200;
const MINUTE_MS = 60_000;

/** Reads on the screens of pickups: codes are looked up, refusals of anything else are told. */
export function usePickupReads(): void {
  // Before the screen is painted: a read that comes with the first sight of it is taken, too.
  useLayoutEffect(() => {
    void leaveReturnMode();
    const endTaking = takeReads(take);
    const endVerdicts = onVerdict((verdict) => {
      if (verdict.verdict === "nok") {
        const words = verdict.reason ? wordsOf(verdict.reason) : undefined;
        say("nok", words?.what ?? verdict.message, words?.todo ?? verdict.code);
      } else {
        say(verdict.verdict, verdict.message, verdict.code);
      }
    });
    return () => {
      endTaking();
      endVerdicts();
    };
  }, []);
}

/** The time, again every minute: ages on the screen grow. */
export function useNow(): number {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), MINUTE_MS / 2);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function askReady() {
  return data(
    agent.GET("/api/v1/ship-groups", {
      params: { query: { status: "READY", method: "PICKUP", site: session.value?.site || undefined, limit: PAGE } },
    }),
  );
}

/** By the number that the customer says, whatever its status. */
async function askNumber(order: string): Promise<ShipGroup[]> {
  if (order === "") return [];
  const found = await data(
    agent.GET("/api/v1/ship-groups", {
      params: { query: { method: "PICKUP", order_reference: order, site: session.value?.site || undefined } },
    }),
  );
  return found.items;
}

function Row({ group, now }: { group: ShipGroup; now: number }) {
  const ready = group.status === "READY";
  return (
    <li>
      <button
        type="button"
        class="waiting"
        onClick={() => choose(group.id)}
        data-testid="pickup-row"
        data-order={group.order_reference}
      >
        <span class="order">{group.order_reference}</span>
        <span class="what">
          <span class="number">{t("common.units", { n: (group.picked_milli + group.handed_over_milli) / 1000 })}</span>
          {group.pickup?.locked && <span class="chip nok">{t("pickup.locked")}</span>}
          {!ready && <span class="chip warn">{t(`pickup.status.${group.status}`)}</span>}
        </span>
        <span class="age number muted">{t("pickup.since", { age: duration(now - Date.parse(group.allocated_at)) })}</span>
      </button>
    </li>
  );
}

function WaitingList() {
  const [number, setNumber] = useState("");
  const wanted = number.trim();
  const ready = useAsked(async () => ({ ...(await askReady()), at: Date.now() }), [], ["ship_group"]);
  const rested = useRested(wanted);
  const named = useAsked(() => askNumber(rested), [rested], ["ship_group"]);
  const now = useNow();
  const listed = (ready.data?.items ?? []).filter((group) => group.order_reference.includes(wanted));
  const others = (named.data ?? []).filter((group) => wanted !== "" && group.order_reference === wanted && group.status !== "READY");
  return (
    <>
      <div class="row spread head">
        <h1>
          {t("pickup.ready")}
          {ready.data && <span class="count number">{ready.data.next_cursor ? `${PAGE}+` : units(ready.data.items.length * 1000)}</span>}
        </h1>
        <label class="search">
          <span>{t("pickup.number")}</span>
          <input
            type="search"
            inputMode="search"
            autocomplete="off"
            value={number}
            onInput={(event) => setNumber(event.currentTarget.value)}
            data-testid="pickup-search"
          />
        </label>
      </div>
      {ready.error !== undefined && <Trouble error={ready.error} retry={ready.again} />}
      {!ready.data && ready.error === undefined && <Loading />}
      {ready.data && listed.length + others.length === 0 && (
        <Empty title={wanted === "" ? t("pickup.none") : t("pickup.none-named", { order: wanted })} icon={wanted === "" ? "check" : "missing"}>
          <p>{wanted === "" ? t("pickup.none-why", { time: clock(ready.data.at) }) : t("pickup.none-named-do")}</p>
        </Empty>
      )}
      <ul class="list" data-testid="pickup-list">
        {listed.map((group) => (
          <Row key={group.id} group={group} now={now} />
        ))}
        {others.map((group) => (
          <Row key={group.id} group={group} now={now} />
        ))}
      </ul>
    </>
  );
}

function Choices() {
  const found = choices.value;
  useEffect(() => () => void (choices.value = null), []);
  if (!found) return null;
  return (
    <div class="stack" data-testid="pickup-choices">
      <h2>{t("pickup.choose")}</h2>
      {found.groups.map((group) => (
        <button
          type="button"
          class="button wide"
          key={group.id}
          onClick={() => choose(group.id, found.code)}
        >
          {group.order_reference} · {t("common.units", { n: group.picked_milli / 1000 })}
        </button>
      ))}
    </div>
  );
}

/** Six digits: looked up as soon as they are there and nothing follows. */
function CodeEntry() {
  const [code, setCode] = useState("");
  const rested = useRested(code);
  const find = (digits: string) => isCode(digits) && !looking.value && void lookUp(digits).then(() => setCode(""));
  useEffect(() => void (isReading() || find(rested)), [rested]);
  return (
    <form
      class="entry"
      onSubmit={(event) => {
        event.preventDefault();
        find(code);
      }}
    >
      <label class="field code">
        {t("pickup.code")}
        <input
          inputMode="none"
          autocomplete="off"
          maxLength={CODE_LENGTH}
          value={code}
          placeholder="······"
          disabled={looking.value}
          onInput={(event) => setCode(event.currentTarget.value.replace(/\D/g, ""))}
          data-testid="pickup-code"
        />
      </label>
      <Keypad value={code} onChange={setCode} most={CODE_LENGTH} />
    </form>
  );
}

export function PickupDesk() {
  usePickupReads();
  return (
    <Split
      workName={t("pickup.ready")}
      work={<WaitingList />}
      nowName={t("pickup.code")}
      now={
        <>
          <FeedbackBand idle={t("pickup.scan-or-key")} />
          <UndoBar />
          {lastGiven.value && <ReceiptButton key={lastGiven.value.at} of={{ group: lastGiven.value.group }} />}
          {choices.value ? <Choices /> : <CodeEntry />}
        </>
      }
    />
  );
}
