// Every device of this agent: what it is, what it does, what to do when it does not.
import { agent, type Device } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { DeviceCare, DeviceFacts, DeviceState } from "@lib/device/care";
import { LabelQueue } from "@lib/device/label-queue";
import { session } from "@lib/device/session";
import { number, t } from "@lib/i18n";
import { listen } from "@lib/live/stream";
import { Empty, Loading } from "@lib/ui/parts";
import { useEffect } from "preact/hooks";
import { askDevices, devices, devicesError, isPrinter, stateWords } from "../devices";
import { Drawer } from "../drawer";
import { Single, Trouble } from "../parts";

/** The agent watches a scale for 15 s after it was asked. */
const WATCH_AGAIN_MS = 10_000;

function useWatchedScale(): void {
  useEffect(() => {
    const watch = () => void data(agent.GET("/api/v1/weight")).catch(() => undefined); // a station without a scale
    watch();
    const timer = setInterval(watch, WATCH_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
}

function Weight({ device }: { device: Device }) {
  const { weight } = device;
  if (device.state !== "online") return null;
  return (
    <p class="figure number" data-testid="devices-weight">
      {weight ? (weight.state === "stable" ? weight.shown : t(`devices.weight.${weight.state}`)) : t("devices.weight.none")}
    </p>
  );
}

function Card({ device }: { device: Device }) {
  const up = device.state === "online";
  return (
    <li class="card device-card" data-testid={`devices-${device.name}`} data-state={device.state}>
      <div class="row spread">
        <h2>{t(`devices.kind.${device.kind}`)}</h2>
        <DeviceState device={device} />
      </div>
      <p class="muted">
        {device.name} · {device.station === "" ? t("devices.shared") : t("devices.at", { station: device.station })}
      </p>
      {device.kind === "scale" && <Weight device={device} />}
      {isPrinter(device) && up && <p class="strong">{stateWords(device)}</p>}
      {device.state === "offline" && (
        <div class="note nok stack">
          {device.detail && <p class="strong">{device.detail}</p>}
          <p>{t(`devices.do.${device.kind}`)}</p>
        </div>
      )}
      {up && device.detail && !isPrinter(device) && <p class="muted">{device.detail}</p>}
      <DeviceFacts device={device} />
      {device.drawer && <Drawer device={device} />}
      {device.kind === "printer" && <LabelQueue device={device} />}
      <DeviceCare device={device} changed={() => void askDevices()} />
      <details>
        <summary>{t("common.details")}</summary>
        <p>{t("devices.address", { url: device.url })}</p>
        <p>{t("devices.protocol", { protocol: device.protocol })}</p>
      </details>
    </li>
  );
}

export function DevicesScreen() {
  useWatchedScale();
  useEffect(() => void askDevices(), []);
  useEffect(() => listen((event) => event === "verdict" && void askDevices()), []); // counts go on with each read
  const all = devices.value;
  const station = session.value?.station ?? "";
  const sorted = [...(all ?? [])].sort((a, b) => rank(a, station) - rank(b, station) || a.name.localeCompare(b.name));
  const off = sorted.filter((device) => device.state !== "online").length;
  return (
    <Single title={t("devices.title")}>
      {devicesError.value !== undefined && <Trouble error={devicesError.value} retry={() => void askDevices()} />}
      {!all && devicesError.value === undefined && <Loading />}
      {all && (
        <p class={off ? "note" : "note ok"} role="status" data-testid="devices-summary">
          {off ? t("devices.some-off", { n: off }) : t("devices.all-on", { total: number(all.length) })}
        </p>
      )}
      {all?.length === 0 && <Empty title={t("devices.none")} icon="device">{t("devices.none-do")}</Empty>}
      <ul class="cards">
        {sorted.map((device) => (
          <Card key={device.name} device={device} />
        ))}
      </ul>
    </Single>
  );
}

/** What is broken at this station first, then this station, then others. */
function rank(device: Device, station: string): number {
  const mine = device.station === station || device.station === "" ? 0 : 2;
  return mine + (device.state === "online" ? 1 : 0);
}
