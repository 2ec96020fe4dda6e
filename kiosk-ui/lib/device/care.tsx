// Looking after one device: what it has done, its test, and giving it away for a while.
import { useState } from "preact/hooks";
import { agent, type Device, type DeviceTest } from "../api/agent";
import { data, fetchWithin } from "../api/client";
import { moment, t } from "../i18n";
import { Icon, type IconName } from "../ui/icons";
import { ErrorNote } from "../ui/parts";
import { session } from "./session";

/** Longer than the agent lets any test take. */
const TEST_WITHIN_MS = 60_000;

const STATE_ICONS: Record<Device["state"], IconName> = { online: "check", offline: "warn", released: "cross" };

/** How it is, in words with a picture. */
export function DeviceState({ device }: { device: Device }) {
  const words = { online: "devices.ready", offline: "devices.offline", released: "devices.released" } as const;
  return (
    <span class={`chip ${device.state === "online" ? "ok" : "warn"}`}>
      <Icon name={STATE_ICONS[device.state]} />
      {t(words[device.state])}
    </span>
  );
}

/** Counts since the agent started, and what went wrong last. */
export function DeviceFacts({ device }: { device: Device }) {
  const { labels, last_error } = device;
  const facts = [
    t("devices.since", { time: moment(device.since) }),
    ...(device.kind === "scanner" ? [t("devices.reads", { n: device.reads })] : []),
    ...(device.failed_reads > 0 ? [t("devices.failed-reads", { n: device.failed_reads })] : []),
    ...(device.last_read_at ? [t("devices.last-read", { time: moment(device.last_read_at) })] : []),
    ...(labels ? [t("devices.labels", { n: labels.done })] : []),
    ...(labels && labels.failed > 0 ? [t("devices.labels-failed", { n: labels.failed })] : []),
    ...(labels && labels.unknown > 0 ? [t("devices.labels-unknown", { n: labels.unknown })] : []),
    ...(device.went_offline > 0 ? [t("devices.went-offline", { n: device.went_offline })] : []),
  ];
  return (
    <>
      <p class="muted number" data-testid={`facts-${device.name}`}>
        {facts.join(" · ")}
      </p>
      {last_error && last_error.sentence !== device.detail && <p class="muted">{t("devices.last-error", { time: moment(last_error.at), what: last_error.sentence })}</p>}
    </>
  );
}

/** What to do, or what happens, while a test is under way: nobody is asked to scan before the read is the test's. */
export function testingWords({ kind, control_state }: Pick<Device, "kind" | "control_state">): string {
  if (kind === "scanner" && control_state !== "busy") return t("devices.testing.begins");
  return t(`devices.testing.${kind}`);
}

/** What came of a test. */
export function testWords({ passed, said, read, weight }: DeviceTest): string {
  if (!passed) return t("devices.test.failed", { said });
  if (read) return t("devices.test.read", { code: read.code });
  if (weight) return weight.weight_mg === 0 ? t("devices.test.zero") : t("devices.test.weight", { shown: weight.shown ?? "" });
  return t("devices.test.printed");
}

function TestResult({ test }: { test: DeviceTest }) {
  return (
    <p class={`note with-icon ${test.passed ? "ok" : "nok"}`}>
      <Icon name={test.passed ? "check" : "warn"} />
      <span>{testWords(test)}</span>
    </p>
  );
}

type Action = "test" | "release" | "claim";

async function act(action: Action, device: string): Promise<DeviceTest | undefined> {
  const params = { path: { device } };
  if (action === "test") return data(agent.POST("/api/v1/devices/{device}/test", { params, fetch: fetchWithin(TEST_WITHIN_MS) }));
  if (action === "release") await data(agent.POST("/api/v1/devices/{device}/release", { params }));
  else await data(agent.POST("/api/v1/devices/{device}/claim", { params }));
  return undefined;
}

/** The buttons, for who may press them, and what came of it. `changed`: the list may be old now. */
export function DeviceCare({ device, changed }: { device: Device; changed: () => void }) {
  const [doing, setDoing] = useState<Action | undefined>(undefined);
  const [test, setTest] = useState<DeviceTest | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  const may = session.value?.permissions ?? [];
  const actions: Action[] = [
    ...(device.state !== "released" && may.includes("devices.test") ? (["test"] as const) : []),
    ...(may.includes("devices.control") ? ([device.state === "released" ? "claim" : "release"] as const) : []),
  ];
  const press = async (action: Action) => {
    if (doing) return; // aria-disabled keeps the focus, and says why nothing happens
    setDoing(action);
    setTest(undefined);
    setError(undefined);
    try {
      setTest(await act(action, device.name));
    } catch (reason) {
      setError(reason);
    }
    setDoing(undefined);
    changed();
  };
  return (
    <div class="device-care stack">
      <div class="device-buttons">
        {actions.map((action) => (
          <button
            type="button"
            class="button"
            key={action}
            aria-disabled={doing !== undefined}
            aria-label={t("devices.button", { what: t(`devices.${action}`), device: device.name })}
            data-testid={`${action}-${device.name}`}
            onClick={() => void press(action)}
          >
            {t(`devices.${action}`)}
          </button>
        ))}
      </div>
      <div role="status" data-testid={`care-${device.name}`}>
        {doing === "test" && <p class="note">{testingWords(device)}</p>}
        {test && <TestResult test={test} />}
        {device.state === "released" && <p class="note">{t("devices.released-do")}</p>}
      </div>
      {error !== undefined && <ErrorNote error={error} />}
    </div>
  );
}
