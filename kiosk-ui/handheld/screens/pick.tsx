// H2: one scan is one unit, without a tap. The line that is worked on is large, the others are below.
import { agent, type Line, type ShipGroupDetail, type Verdict } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { onVerdict } from "@lib/device/reads";
import { feedback, hush } from "@lib/feedback/band";
import { t, units } from "@lib/i18n";
import { Icon } from "@lib/ui/icons";
import { ErrorNote, Loading } from "@lib/ui/parts";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { moreOpen, releaseTask } from "../more";
import { BackButton, BarButton, doneMilli, Finished, Method, MoreButton, Progress, Screen, wantedMilli } from "../parts";
import { go } from "../route";
import { CannotFindSheet, QuantitySheet } from "../sheets";
import { speak, wanted } from "../speak";
import { isClaimedHere, keyed, thisNode, useAct, useGroup } from "../work";
import { undoLast } from "../undo";

export function Pick({ id }: { id: string }) {
  const { group, error, put, apply, again } = useGroup(id);
  const [node, setNode] = useState("");
  const [chosen, setChosen] = useState<number>();
  const [pending, setPending] = useState<Verdict>();
  const [missing, setMissing] = useState(false);
  const undo = useAct();

  useEffect(() => {
    void thisNode().then(setNode, () => {});
  }, []);
  useLayoutEffect(
    () =>
      onVerdict((verdict) => {
        // Whatever was read last counts: what an open sheet says is older.
        setPending(verdict.verdict === "pending" ? verdict : undefined);
        setMissing(false);
        undo.clear();
        moreOpen.value = false;
        if (verdict.group !== id) return;
        apply(verdict);
        if (verdict.line !== null && verdict.verdict !== "nok") setChosen(verdict.line);
        document.querySelector("main")?.scrollTo(0, 0); // the line it was about is on top
      }),
    [id],
  );

  const current = group?.lines.find((line) => line.line === chosen && line.open_milli > 0) ?? group?.lines.find((line) => line.open_milli > 0);
  useEffect(() => {
    wanted.value = current?.name ?? "";
  }, [current?.name]);
  const mine = group !== undefined && isClaimedHere(group, node);
  useEffect(() => {
    if (!group || !mine || group.status !== "PICKING") return;
    releaseTask.value = {
      order: group.order_reference,
      run: async (key) => {
        await data(agent.POST("/api/v1/tasks/{group}/release", { params: { path: { group: id }, header: keyed(key) } }));
        hush();
        go();
      },
    };
    return () => {
      releaseTask.value = undefined;
    };
  }, [group?.order_reference, group?.status, mine, id]);

  const waits = group !== undefined && ["ALLOCATED", "PICKING"].includes(group.status);
  // Right behind the last unit a verdict has said that nothing is open, and not yet what the order became.
  if (!group || node === "" || (waits && current === undefined)) {
    return (
      <Screen title={t("pick.title")} testid="pick" bar={<><BackButton /><MoreButton /></>}>
        {error !== undefined ? <ErrorNote error={error} retry={again} /> : <Loading />}
      </Screen>
    );
  }

  const takeBack = () =>
    undo.run(async (key) => {
      const verdict = await undoLast(key);
      speak(verdict);
      again();
    });
  const toTasks = () => {
    hush();
    go();
  };
  if (current === undefined || !waits) {
    return <Complete group={group} undo={mine ? takeBack : undefined} undoing={undo.busy} error={undo.error} toTasks={toTasks} />;
  }
  if (!mine) {
    return (
      <Finished kind="warn" title={t("pick.not-mine")} primary={t("tasks.back")} onPrimary={toTasks}>
        <p>{group.claim ? t("pick.not-mine-at", { order: group.order_reference, station: group.claim.station }) : t("pick.not-claimed", { order: group.order_reference })}</p>
      </Finished>
    );
  }

  const left = group.open_milli / 1000;
  return (
    <Screen
      title={t("pick.order", { order: group.order_reference })}
      testid="pick"
      idle={feedback.value.verdict === "idle" ? t("pick.idle") : undefined}
      bar={
        <>
          <BarButton icon="undo" onClick={takeBack} disabled={undo.busy || group.picked_milli === 0} testid="undo">
            {t("common.undo")}
          </BarButton>
          <button type="button" class="button bar-main" onClick={() => setMissing(true)} data-testid="primary">
            <span class="with-icon" data-testid="pick-cant-find">
              <Icon name="missing" />
              {t("pick.cannot-find")}
            </span>
          </button>
          <MoreButton />
        </>
      }
    >
      {undo.error !== undefined && <ErrorNote error={undo.error} retry={undo.retry} />}
      <CurrentLine line={current} />
      <div class="remaining-row">
        <span class="remaining number" data-testid="remaining" data-milli={group.open_milli}>
          {t("pick.remaining", { n: left })}
        </span>
        <Method method={group.method} />
      </div>
      <Progress
        done={doneMilli(group)}
        of={wantedMilli(group)}
        label={t("tasks.progress", { done: doneMilli(group) / 1000, of: wantedMilli(group) / 1000 })}
      />
      <ul class="lines" aria-label={t("pick.lines")}>
        {group.lines.map((line) => (
          <LineRow key={line.line} line={line} current={line === current} onChoose={() => setChosen(line.line)} />
        ))}
      </ul>
      {pending && (
        <QuantitySheet
          key={`${pending.line}-${pending.line_open_milli}`}
          title={pending.name ?? ""}
          lead={t("quantity.lead")}
          openMilli={pending.line_open_milli}
          confirm={(said) => t("quantity.take", { units: said })}
          onClose={() => {
            setPending(undefined);
            hush();
          }}
          onConfirm={async (n, key) => {
            const verdict = await data(agent.POST("/api/v1/quantities", { params: { header: keyed(key) }, body: { quantity_milli: n * 1000 } }));
            setPending(undefined);
            speak(verdict);
            apply(verdict);
          }}
          testid="quantity-sheet"
        />
      )}
      {missing && (
        <CannotFindSheet
          group={id}
          line={current}
          onClose={() => setMissing(false)}
          onDone={(next) => {
            setMissing(false);
            hush();
            put(next);
          }}
        />
      )}
    </Screen>
  );
}

function CurrentLine({ line }: { line: Line }) {
  return (
    <section class="current" data-testid="current-line" data-line={line.line} aria-label={t("pick.current")}>
      <div class="current-top">
        <p class="bin">
          <span class="hidden-text">{t("pick.bin")} </span>
          {line.location ?? t("pick.no-bin")}
        </p>
        <p class="quantity-of number" data-testid="pick-quantity">
          <span class="hidden-text">{t("pick.picked-of")} </span>
          {units(doneMilli(line))} / {units(wantedMilli(line))}
        </p>
      </div>
      <p class="name">{line.name}</p>
      <p class="meta muted">
        {line.sku}
        {line.gtins[0] && <span class="number"> · {line.gtins[0].replace(/^0+/, "")}</span>}
      </p>
    </section>
  );
}

function LineRow({ line, current, onChoose }: { line: Line; current: boolean; onChoose: () => void }) {
  const open = line.open_milli > 0;
  const short = line.short_milli > 0;
  const gone = wantedMilli(line) === 0;
  const state = open ? (current ? "current" : "open") : short || gone ? "short" : "done";
  return (
    <li>
      <button
        type="button"
        class={`line ${state}`}
        aria-current={current ? "true" : undefined}
        disabled={!open}
        onClick={onChoose}
        data-testid={`line-${line.line}`}
        data-state={state}
      >
        <span class="line-mark" aria-hidden="true">
          {state === "done" ? "✓" : state === "short" ? "!" : state === "current" ? "▶" : "○"}
        </span>
        <span class="line-words">
          <b class="line-bin">{line.location ?? t("pick.no-bin")}</b>
          <span>{line.name}</span>
          {short && <span class="short-note">{t("pick.short", { n: line.short_milli / 1000 })}</span>}
          {line.cancelled_milli > 0 && <span class="short-note">{t("pick.cancelled-units", { n: line.cancelled_milli / 1000 })}</span>}
        </span>
        <span class="line-quantity number">
          {units(doneMilli(line))}/{units(wantedMilli(line))}
        </span>
      </button>
    </li>
  );
}

/** Nothing is open here any more: what it became, and what comes next. */
function Complete({
  group,
  undo,
  undoing,
  error,
  toTasks,
}: {
  group: ShipGroupDetail;
  undo: (() => void) | undefined;
  undoing: boolean;
  error: unknown;
  toTasks: () => void;
}) {
  const order = group.order_reference;
  const short = group.short_milli / 1000;
  const more = (
    <>
      {short > 0 && <p>{t("pick.short-sum", { n: short })}</p>}
      {error !== undefined && <ErrorNote error={error} />}
    </>
  );
  const second = undo && group.picked_milli > 0 ? { second: t("pick.undo-last"), onSecond: undo } : {};
  switch (group.status) {
    case "PICKED":
      return (
        <Finished
          kind="ok"
          title={t("pick.complete")}
          primary={t("pick.to-pack")}
          onPrimary={() => {
            hush();
            go("pack", group.id);
          }}
          busy={undoing}
          {...second}
        >
          <p>{t("pick.complete-order", { order, n: group.picked_milli / 1000 })}</p>
          {more}
        </Finished>
      );
    case "READY":
      return (
        <Finished kind="ok" title={t("pick.ready")} primary={t("tasks.back")} onPrimary={toTasks} busy={undoing} {...second}>
          <p>{t("pick.ready-order", { order, n: group.picked_milli / 1000 })}</p>
          {more}
        </Finished>
      );
    case "PACKED":
      return (
        <Finished kind="ok" title={t("pick.packed")} primary={t("pick.to-pack")} onPrimary={() => go("pack", group.id)}>
          <p>{t("pick.packed-order", { order })}</p>
        </Finished>
      );
    case "SHIPPED":
    case "HANDED_OVER":
      return (
        <Finished kind="ok" title={t("pick.gone")} primary={t("tasks.back")} onPrimary={toTasks}>
          <p>{t("pick.gone-order", { order })}</p>
        </Finished>
      );
    default:
      return (
        <Finished
          kind="warn"
          title={group.status === "CANCELLED" ? t("pick.cancelled") : t("pick.rejected")}
          primary={t("tasks.back")}
          onPrimary={toTasks}
        >
          <p>{group.status === "CANCELLED" ? t("pick.cancelled-order", { order }) : t("pick.rejected-order", { order })}</p>
          {more}
        </Finished>
      );
  }
}

