// Parts of the counter's screens.
import { type Device } from "@lib/api/agent";
import { session } from "@lib/device/session";
import { t } from "@lib/i18n";
import type { ComponentChildren } from "preact";
import { atStation, devices, stateWords } from "./devices";
import { sentence } from "./words";

/** What happened, what to do, and a way to try it again. */
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const { what, todo, reason, traceId } = sentence(error);
  return (
    <div class="note nok stack" role="alert" data-testid="error" data-reason={reason}>
      <p class="strong">{what}</p>
      <p>{todo}</p>
      <details>
        <summary>{t("common.details")}</summary>
        <p>{t("error.code", { code: reason })}</p>
        {traceId && <p>{t("error.trace", { trace: traceId })}</p>}
      </details>
      {retry && (
        <button type="button" class="button" onClick={retry} data-testid="retry">
          {t("common.retry")}
        </button>
      )}
    </div>
  );
}

/** Left: the work. Right: what is done now, and its actions. */
export function Split({ work, workName, now, nowName }: { work: ComponentChildren; workName: string; now: ComponentChildren; nowName: string }) {
  return (
    <main class="split">
      <section class="pane work" aria-label={workName} tabIndex={0}>
        {work}
      </section>
      <section class="pane now" aria-label={nowName} tabIndex={0}>
        {now}
      </section>
    </main>
  );
}

/** One column, for what is looked at and not worked on. */
export function Single({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <main class="single">
      <section class="pane" aria-label={title} tabIndex={0}>
        <h1>{title}</h1>
        {children}
      </section>
    </main>
  );
}

const TABS = [
  { mode: "pickup", href: "#/pickup" },
  { mode: "return", href: "#/return" },
  { mode: "more", href: "#/more" },
] as const;

export type Mode = (typeof TABS)[number]["mode"];

export function Tabs({ mode }: { mode: Mode }) {
  return (
    <nav class="tabs" aria-label={t("counter.tabs")}>
      {TABS.map((tab) => (
        <a key={tab.mode} href={tab.href} aria-current={tab.mode === mode ? "page" : undefined} data-testid={`tab-${tab.mode}`}>
          {t(`counter.tab.${tab.mode}`)}
        </a>
      ))}
    </nav>
  );
}

function DeviceWord({ device }: { device: Device }) {
  const up = device.state === "online";
  return (
    <span class={`device-word ${up ? "" : "off"}`} data-testid={`device-${device.kind}`} data-state={device.state}>
      <span class="dot" aria-hidden="true">
        {up ? "●" : "▲"}
      </span>
      <span class="muted">{t(`devices.kind.${device.kind}`)}</span>
      <span class="strong number">{stateWords(device)}</span>
    </span>
  );
}

/** Always there: what the station's hardware does. */
export function DeviceRow() {
  const mine = atStation(devices.value ?? [], session.value?.station ?? "");
  return (
    <footer>
      <a class="device-row" href="#/devices" data-testid="device-row">
        {mine.length === 0 && <span class="muted">{devices.value ? t("devices.none-here") : t("common.loading")}</span>}
        {mine.map((device) => (
          <DeviceWord key={device.name} device={device} />
        ))}
        <span class="grow" />
        <span class="link">{t("devices.title")}</span>
      </a>
    </footer>
  );
}
