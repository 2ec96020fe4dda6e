// H5: what goes into the next package, its weight, its label, and out of the door.
import { agent, type Device, type Package, type ShipGroupDetail } from "@lib/api/agent";
import { data, newKey } from "@lib/api/client";
import { Refusal } from "@lib/api/problem";
import { type Approval, OverrideSheet } from "@lib/device/override";
import { say } from "@lib/feedback/band";
import { mass, t, units } from "@lib/i18n";
import { sentence } from "@lib/i18n/reasons";
import { listen, onMissed } from "@lib/live/stream";
import { Icon } from "@lib/ui/icons";
import { ErrorNote, Loading } from "@lib/ui/parts";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { BackButton, BarButton, Finished, MoreButton, Primary, Screen } from "../parts";
import { go } from "../route";
import { QuantitySheet } from "../sheets";
import { wanted } from "../speak";
import { keyed, useAct, useGroup } from "../work";

type Next = Awaited<ReturnType<typeof askNext>>;

const WEIGH_EVERY_MS = 1000;
const LOOK_AT_LABEL_EVERY_MS = 2000;

function askNext(group: string) {
  return data(agent.GET("/api/v1/ship-groups/{group}/next-package", { params: { path: { group } } }));
}

/** Asked for again whenever what is in the tote changes. */
function useNext(group: ShipGroupDetail | undefined): { next: Next | undefined; error: unknown; again: () => void } {
  const [state, set] = useState<{ next?: Next; error?: unknown }>({});
  const [turn, setTurn] = useState(0);
  const inTote = group && group.picked_milli > 0 ? `${group.id} ${group.picked_milli} ${group.packed_milli}` : "";
  useEffect(() => {
    let on = true;
    if (!inTote) {
      set({});
      return;
    }
    askNext(group?.id ?? "").then(
      (next) => on && set({ next }),
      (error: unknown) => on && set((before) => ({ ...before, error })),
    );
    return () => {
      on = false;
    };
  }, [inTote, turn]);
  return { ...state, next: state.next, error: state.error, again: () => setTurn((n) => n + 1) };
}

interface Scale {
  device: Device | undefined;
  /** The station has none: the weight is keyed. */
  none: boolean;
  error: unknown;
}

/** The scale is asked as long as somebody looks; its answers come as events, too. */
function useScale(on: boolean): Scale {
  const [scale, set] = useState<Scale>({ device: undefined, none: false, error: undefined });
  const name = useRef("");
  useEffect(() => {
    if (!on) return;
    let going = true;
    let timer = 0;
    const ask = async () => {
      try {
        const device = await data(agent.GET("/api/v1/weight"));
        name.current = device.name;
        if (going) set({ device, none: false, error: undefined });
      } catch (error) {
        const none = error instanceof Refusal && error.reason === "no_scale";
        if (going) set({ device: undefined, none, error: none ? undefined : error });
      }
      if (going) timer = window.setTimeout(() => void ask(), WEIGH_EVERY_MS);
    };
    void ask();
    const end = listen((event, what) => {
      const device = what as Device;
      if (event === "device" && device.name === name.current) set({ device, none: false, error: undefined });
    });
    return () => {
      going = false;
      clearTimeout(timer);
      end();
    };
  }, [on]);
  return scale;
}

export function Pack({ id }: { id: string }) {
  const { group, error, put, again } = useGroup(id);
  const { next, error: nextError, again: askAgain } = useNext(group);
  const filling = group !== undefined && group.picked_milli > 0;
  const scale = useScale(filling);
  const [keyedMg, setKeyedMg] = useState<number>();
  const [keying, setKeying] = useState(false);
  const [mismatch, setMismatch] = useState<Refusal>();
  const [approving, setApproving] = useState(false);
  const closing = useAct();
  const labelling = useAct();
  const shipping = useAct();
  const tried = useRef(new Set<string>());
  const [comebacks, setComebacks] = useState(0);

  useEffect(() => {
    wanted.value = "";
  }, []);

  const packages = group?.packages.filter((one) => one.lines.length > 0) ?? [];
  const emptied = group?.packages.filter((one) => one.lines.length === 0) ?? [];
  const unprinted = packages.find((one) => one.label === "NONE" || one.label === "ASSIGNED");
  const unknown = packages.find((one) => one.label === "UNKNOWN");
  const failed = packages.find((one) => one.label === "FAILED");
  const printing = packages.find((one) => one.label === "PRINTING");

  const print = async (name: string, key: string) => {
    try {
      put(
        await data(
          agent.POST("/api/v1/ship-groups/{group}/labels", { params: { path: { group: id }, header: keyed(key) }, body: { package: name } }),
        ),
      );
    } catch (problem) {
      // Somebody else was faster: the group says what became of it.
      if (problem instanceof Refusal && ["label_printing", "label_printed", "label_unknown"].includes(problem.reason)) again();
      else throw problem;
    }
  };
  // The label of a package that was closed prints by itself, once; the agent knows whether it did.
  useEffect(() => {
    if (!unprinted || labelling.busy || tried.current.has(unprinted.package)) return;
    tried.current.add(unprinted.package);
    labelling.run((key) => print(unprinted.package, key));
  }, [unprinted?.package, labelling.busy, comebacks]);
  // Was the agent away, it may have forgotten that it was to print.
  useEffect(
    () =>
      onMissed(() => {
        tried.current.clear();
        setComebacks((n) => n + 1);
      }),
    [],
  );
  // How a label ended comes as an event; should that be lost, the screen looks.
  useEffect(() => {
    if (!printing) return;
    const timer = setInterval(again, LOOK_AT_LABEL_EVERY_MS);
    return () => clearInterval(timer);
  }, [printing?.package]);

  if (!group) {
    return (
      <Screen title={t("pack.title")} testid="pack" bar={<><BackButton /><MoreButton /></>}>
        {error !== undefined ? <ErrorNote error={error} retry={again} /> : <Loading />}
      </Screen>
    );
  }
  const order = group.order_reference;
  if (group.status === "SHIPPED") {
    return (
      <Finished kind="ok" title={t("pack.shipped")} primary={t("tasks.back")} onPrimary={() => go()}>
        <p>{t("pack.shipped-order", { order, n: packages.length })}</p>
      </Finished>
    );
  }
  if (!["PICKED", "PACKED"].includes(group.status)) {
    const picking = group.status === "PICKING" || group.status === "ALLOCATED";
    return (
      <Finished
        kind="warn"
        title={picking ? t("pack.not-picked") : t("pack.nothing")}
        primary={picking ? t("pack.to-pick") : t("tasks.back")}
        onPrimary={() => (picking ? go("pick", id) : go())}
      >
        <p>{t("pack.nothing-order", { order })}</p>
      </Finished>
    );
  }

  const weight = scale.device?.weight;
  const weightMg = scale.none ? keyedMg : weight?.state === "stable" && scale.device?.state === "online" ? (weight.weight_mg ?? undefined) : undefined;
  const something = weightMg !== undefined && weightMg > 0;
  const closePackage = async (key: string, approval?: Approval) => {
    if (!next) return;
    const closed = await data(
      agent.POST("/api/v1/ship-groups/{group}/packages", {
        params: { path: { group: id }, header: keyed(key) },
        body: { lines: next.lines, ...(scale.none && keyedMg ? { weight_mg: keyedMg } : {}), ...(approval ? { approval } : {}) },
      }),
    );
    setKeyedMg(undefined);
    setMismatch(undefined);
    setApproving(false);
    put(closed);
    say("ok", t("pack.closed"), t("pack.closed-label"));
  };
  const close = () =>
    closing.run(async (key) => {
      setMismatch(undefined);
      try {
        await closePackage(key);
      } catch (problem) {
        if (!(problem instanceof Refusal && problem.reason === "weight_mismatch")) throw problem;
        setMismatch(problem);
        say("nok", t("reason.weight_mismatch-title"), t("pack.look-inside"));
      }
    });
  const check = (one: Package, cameOut: boolean) =>
    labelling.run(async (key) => {
      put(
        await data(
          agent.POST("/api/v1/ship-groups/{group}/label-checks", {
            params: { path: { group: id }, header: keyed(key) },
            body: { package: one.package, came_out: cameOut },
          }),
        ),
      );
      if (!cameOut) await print(one.package, newKey());
    });
  const ship = () =>
    shipping.run(async (key) => {
      put(await data(agent.POST("/api/v1/ship-groups/{group}/ship", { params: { path: { group: id }, header: keyed(key) } })));
      say("ok", t("pack.shipped"), "", "done");
    });

  const numberOf = (one: Package) => group.packages.indexOf(one) + 1;
  const busy = closing.busy || labelling.busy || shipping.busy;
  let side = <BackButton />;
  let primary: ComponentChildren;
  let idle: string;
  if (unknown) {
    idle = t("pack.look-at-printer");
    side = (
      <BarButton icon="cross" onClick={() => check(unknown, false)} disabled={busy} testid="label-no">
        {t("pack.label-no")}
      </BarButton>
    );
    primary = (
      <Primary onClick={() => check(unknown, true)} busy={busy}>
        {t("pack.label-yes")}
      </Primary>
    );
  } else if (failed) {
    idle = t("pack.label-failed");
    primary = (
      <Primary onClick={() => labelling.run((key) => print(failed.package, key))} busy={busy}>
        {t("pack.print-again")}
      </Primary>
    );
  } else if (filling) {
    idle = !something ? (scale.none ? t("pack.idle-key") : t("pack.idle-weigh")) : t("pack.idle-close");
    primary = (
      <Primary onClick={close} disabled={!something || !next} busy={closing.busy}>
        {t("pack.close")}
      </Primary>
    );
  } else if (unprinted || printing) {
    idle = t("pack.printing");
    primary = (
      <Primary onClick={() => {}} disabled>
        {t("pack.printing")}
      </Primary>
    );
  } else {
    idle = t("pack.idle-ship");
    primary = (
      <Primary onClick={ship} busy={shipping.busy}>
        {t("pack.ship")}
      </Primary>
    );
  }

  return (
    <Screen
      title={t("pack.order", { order })}
      testid="pack"
      idle={idle}
      bar={
        <>
          {side}
          {primary}
          <MoreButton />
        </>
      }
    >
      <div class="stack">
        {[closing, labelling, shipping].map((act) => act.error !== undefined && <ErrorNote key={String(act.error)} error={act.error} retry={act.retry} />)}
        {emptied.map((one) => (
          <div class="note" key={one.package}>
            <p>{t("pack.emptied", { n: numberOf(one) })}</p>
          </div>
        ))}
        {unknown && (
          <section class="note stack" data-testid="label-question">
            <h2>{t("pack.label-question")}</h2>
            <p>{t("pack.label-question-why", { n: numberOf(unknown) })}</p>
          </section>
        )}
        {!unknown && failed && (
          <section class="note nok stack" data-testid="label-failed">
            <h2>{t("pack.label-failed")}</h2>
            <p>{t("pack.label-failed-do")}</p>
            {failed.print_detail && <p class="meta muted">{failed.print_detail}</p>}
          </section>
        )}
        {!unknown && !failed && filling && (
          <>
            {nextError !== undefined && <ErrorNote error={nextError} retry={askAgain} />}
            {mismatch && (
              <section class="note nok stack" role="alert" data-testid="weight-mismatch">
                <p class="step">{sentence(mismatch.reason, mismatch.message)}</p>
                <button type="button" class="button wide" onClick={() => setMismatch(undefined)} data-testid="weigh-again">
                  {t("pack.weigh-again")}
                </button>
                <button type="button" class="button wide" onClick={() => setApproving(true)} data-testid="approve">
                  {t("pack.approve")}
                </button>
              </section>
            )}
            {next && <ScalePanel scale={scale} next={next} keyedMg={keyedMg} onKey={() => setKeying(true)} />}
            {next ? <Contents group={group} next={next} number={group.packages.length + 1} /> : !nextError && <Loading />}
          </>
        )}
        {packages.length > 0 && (
          <section aria-labelledby="pack-closed">
            <h2 id="pack-closed" class="section">
              {t("pack.packages", { n: packages.length })}
            </h2>
            <ul class="lines">
              {packages.map((one) => (
                <PackageRow key={one.package} one={one} number={numberOf(one)} />
              ))}
            </ul>
          </section>
        )}
      </div>
      {keying && (
        <QuantitySheet
          title={t("pack.key-weight")}
          lead={t("pack.grams")}
          openMilli={0}
          most={false}
          unit={(n) => mass(n * 1000)}
          confirm={(said) => said}
          onClose={() => setKeying(false)}
          onConfirm={async (grams) => {
            setKeyedMg(grams * 1000);
            setKeying(false);
          }}
          testid="weight-sheet"
        />
      )}
      {approving && mismatch && (
        <OverrideSheet
          title={t("pack.approve-title")}
          what={sentence(mismatch.reason, mismatch.message)}
          reasons={[t("pack.because-packing"), t("pack.because-data"), t("pack.because-scale")]}
          onClose={() => setApproving(false)}
          approve={(approval, key) => closePackage(key, approval)}
        />
      )}
    </Screen>
  );
}

/** What lies on the scale, and what should. */
function ScalePanel({ scale, next, keyedMg, onKey }: { scale: Scale; next: Next; keyedMg: number | undefined; onKey: () => void }) {
  const expected = next.weight_checked ? t("pack.expected", { weight: mass(next.expected_mg), by: mass(next.tolerance_mg) }) : t("pack.not-checked");
  if (scale.none) {
    return (
      <button type="button" class="scale keyed" onClick={onKey} data-testid="weight">
        <span class="scale-figure number">{keyedMg ? mass(keyedMg) : "–"}</span>
        <span class="scale-state">{keyedMg ? t("pack.change-weight") : t("pack.key-weight")}</span>
        <span class="muted">{expected}</span>
      </button>
    );
  }
  const { device } = scale;
  const weight = device?.weight;
  const online = device?.state === "online";
  const stable = online && weight?.state === "stable" && weight.weight_mg !== null;
  const off = stable ? (weight.weight_mg ?? 0) - next.expected_mg : 0;
  const near = Math.abs(off) <= next.tolerance_mg;
  const something = stable && (weight.weight_mg ?? 0) > 0;
  const judged = !something ? "" : near || !next.weight_checked ? "right" : "off";
  const words = !device
    ? scale.error !== undefined
      ? t("pack.scale-silent")
      : t("common.loading")
    : !online
      ? t("pack.scale-offline")
      : !weight
        ? t("pack.scale-asked")
        : t(`pack.scale-${weight.state}`);
  return (
    <section class={`scale ${judged}`} data-testid="weight" data-state={online ? (weight?.state ?? "asked") : "offline"} aria-label={t("pack.scale")}>
      <span class="scale-figure number">{stable ? mass(weight.weight_mg ?? 0) : "–"}</span>
      <span class="scale-state">
        <Icon name={stable ? "check" : online ? "scale" : "warn"} />
        {words}
      </span>
      <span class="muted">{expected}</span>
      {judged === "off" && (
        <span class="scale-off">{off < 0 ? t("pack.less", { by: mass(-off) }) : t("pack.more", { by: mass(off) })}</span>
      )}
      {device && !online && device.detail && <span class="muted">{device.detail}</span>}
    </section>
  );
}

function Contents({ group, next, number }: { group: ShipGroupDetail; next: Next; number: number }) {
  const sum = next.lines.reduce((all, one) => all + one.milli, 0);
  return (
    <section aria-labelledby="pack-next">
      <h2 id="pack-next" class="section">
        {t("pack.next", { number, n: sum / 1000 })}
      </h2>
      <ul class="lines" data-testid="next-package">
        {next.lines.map((one) => {
          const line = group.lines.find((each) => each.line === one.line);
          return (
            <li class="line" key={one.line}>
              <span class="line-words">
                <b>{line?.name}</b>
                <span class="muted">{line?.sku}</span>
              </span>
              <span class="line-quantity number">× {units(one.milli)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function PackageRow({ one, number }: { one: Package; number: number }) {
  const done = one.label === "PRINTED";
  const bad = one.label === "FAILED" || one.label === "UNKNOWN";
  return (
    <li class="line" data-testid={`package-${number}`} data-label={one.label}>
      <span class="line-words">
        <b>{t("pack.package", { n: number })}</b>
        <span class="muted number">{mass(one.weight_mg)}</span>
        {one.tracking && <span class="muted number">{one.tracking}</span>}
      </span>
      <span class={`chip ${done ? "ok" : bad ? "warn" : ""}`}>
        <Icon name={done ? "check" : bad ? "warn" : "printer"} />
        {t(`pack.label-${one.label}`)}
      </span>
    </li>
  );
}
