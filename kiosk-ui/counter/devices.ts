// The devices of this agent as they are now: asked for once, then told by the stream.
import { agent, type Device } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { session } from "@lib/device/session";
import { t } from "@lib/i18n";
import { listen, onMissed } from "@lib/live/stream";
import { signal } from "@preact/signals";

export const devices = signal<Device[] | undefined>(undefined);
export const devicesError = signal<unknown>(undefined);

/** Questions asked, the latest of them that was answered, and events heard: which of two words is the newer one. */
let asked = 0;
let answered = 0;
let heard = 0;
/** What the stream told last of each device. */
const told = new Map<string, { device: Device; heard: number }>();

export async function askDevices(): Promise<void> {
  const turn = ++asked;
  const before = heard;
  try {
    const { items } = await data(agent.GET("/api/v1/devices"));
    if (turn < answered) return;
    answered = turn;
    // What was told meanwhile may be newer than the answer, and is not told again.
    devices.value = items.map((one) => {
      const event = told.get(one.name);
      return event && event.heard > before ? event.device : one;
    });
    devicesError.value = undefined;
  } catch (error) {
    if (turn < answered) return;
    answered = turn;
    devicesError.value = error;
  }
}

/** Once a page. */
export function attendDevices(): void {
  onMissed(() => session.value && void askDevices());
  listen((event, what) => {
    if (event !== "device") return;
    const device = what as Device;
    told.set(device.name, { device, heard: ++heard });
    devices.value = devices.value?.map((one) => (one.name === device.name ? device : one));
  });
}

const ORDER: Device["kind"][] = ["scanner", "scale", "printer", "receipt_printer"];

/** Of the station, and those that belong to nobody and serve it. */
export function atStation(all: Device[], station: string): Device[] {
  const own = all.filter((device) => device.station === station);
  const kinds = new Set(own.map((device) => device.kind));
  const served = [...own, ...all.filter((device) => device.station === "" && !kinds.has(device.kind))];
  return served.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

export function isPrinter(device: Device): boolean {
  return device.kind === "printer" || device.kind === "receipt_printer";
}

/** What a device does, in a word or two. */
export function stateWords(device: Device): string {
  if (device.state !== "online") return t(`devices.${device.state}`);
  if (device.kind === "scale" && device.weight) {
    if (device.weight.state === "stable") return device.weight.shown ?? t("devices.ready");
    return t(`devices.weight.${device.weight.state}`);
  }
  return isPrinter(device) && device.detail ? device.detail : t("devices.ready");
}
