// Units that were picked and are not needed: back into their bins. One scan is one unit back.
import { agent, type PutBack } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { onVerdict } from "@lib/device/reads";
import { session } from "@lib/device/session";
import { clock, t, units } from "@lib/i18n";
import { Empty, ErrorNote, Loading } from "@lib/ui/parts";
import { useAsked } from "@lib/ui/use";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { MoreButton, Primary, Screen } from "../parts";
import { go } from "../route";
import { QuantitySheet } from "../sheets";
import { speak, wanted } from "../speak";
import { keyed, stationMode } from "../work";

async function everything() {
  const list = await data(agent.GET("/api/v1/put-backs", { params: { query: { site: session.value?.site } } }));
  const items = list.items.filter((one) => one.milli > one.done_milli);
  // As one walks: bin by bin.
  items.sort((one, other) => one.to_location.localeCompare(other.to_location, undefined, { numeric: true }) || one.line - other.line);
  return { items, at: Date.now() };
}

export function PutBacks() {
  const asked = useAsked(everything, [], ["ship_group"]);
  const [open, setOpen] = useState<PutBack>();
  const [bin, setBin] = useState("");
  useEffect(() => {
    wanted.value = "";
  }, []);
  useLayoutEffect(
    () =>
      onVerdict((verdict) => {
        setOpen(undefined);
        if (verdict.what === "put_back") asked.again();
      }),
    [],
  );
  const items = asked.data?.items ?? [];
  const left = items.reduce((sum, one) => sum + one.milli - one.done_milli, 0);
  const ready = stationMode.value === "PUT_BACK";
  return (
    <Screen
      title={t("putback.title")}
      testid="put-backs"
      idle={ready && left > 0 ? t("putback.idle") : left > 0 ? t("common.loading") : t("putback.idle-none")}
      bar={
        <>
          <Primary onClick={() => go()}>{left > 0 ? t("tasks.back") : t("putback.finish")}</Primary>
          <MoreButton />
        </>
      }
    >
      {asked.error !== undefined && <ErrorNote error={asked.error} retry={asked.again} />}
      {!asked.data && asked.loading && <Loading />}
      {asked.data && items.length === 0 && (
        <Empty title={t("putback.none")} icon="check">
          <p>{t("putback.none-do")}</p>
          <p>{t("common.checked", { at: clock(asked.data.at) })}</p>
          <button type="button" class="button" onClick={asked.again}>
            {t("common.check")}
          </button>
        </Empty>
      )}
      {items.length > 0 && (
        <>
          <p class="remaining number" data-testid="remaining" data-milli={left}>
            {t("putback.remaining", { n: left / 1000 })}
          </p>
          <ul class="lines">
            {items.map((one) => (
              <li key={`${one.cause} ${one.line}`}>
                <button
                  type="button"
                  class="line open"
                  onClick={() => {
                    setBin(one.to_location);
                    setOpen(one);
                  }}
                  data-testid={`put-back-${one.sku || one.line}`}
                >
                  <span class="line-words">
                    <b class="line-bin big">{one.to_location || t("pick.no-bin")}</b>
                    <span>{one.name || t("putback.unknown", { line: one.line })}</span>
                    <span class="muted">
                      {one.sku} · {t("pick.order", { order: one.order_reference })}
                    </span>
                  </span>
                  <span class="line-quantity number">× {units(one.milli - one.done_milli)}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {open && (
        <QuantitySheet
          title={open.name || t("putback.title")}
          lead={t("putback.lead", { bin: bin || "–" })}
          openMilli={open.milli - open.done_milli}
          confirm={(said) => t("putback.confirm", { units: said })}
          onClose={() => setOpen(undefined)}
          onConfirm={async (n, key) => {
            const { group, cause, line } = open;
            const verdict = await data(
              agent.POST("/api/v1/put-backs", {
                params: { header: keyed(key) },
                body: { group, cause, line, quantity_milli: n * 1000, ...(open.to_location ? {} : { to_location: bin }) },
              }),
            );
            setOpen(undefined);
            speak(verdict);
            asked.again();
          }}
          testid="put-back-sheet"
        >
          {open.to_location === "" && (
            <label class="field">
              {t("putback.bin")}
              <input value={bin} required autocomplete="off" onInput={(event) => setBin(event.currentTarget.value.trim())} data-testid="put-back-bin" />
            </label>
          )}
        </QuantitySheet>
      )}
    </Screen>
  );
}
