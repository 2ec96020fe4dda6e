// The card of a device, and what all cards are made of.
import { t } from "@lib/i18n";
import { Icon } from "@lib/ui/icons";
import type { ComponentChildren } from "preact";
import { type Device, refused, send } from "./simulator";
import { refusal } from "./words";

export function DeviceCard({ device, children }: { device: Device; children: ComponentChildren }) {
  const title = `device-${device.name}-title`;
  const problem = refused.value[device.name];
  return (
    <section class={`card bench-card ${device.kind}`} aria-labelledby={title} data-testid={`device-${device.name}`}>
      <header class="card-head">
        <Icon name={device.kind} />
        <div class="grow">
          <h2 id={title}>{device.name}</h2>
          <p class="muted">
            {t(`bench.kind.${device.kind}`)} · <span class="code">{device.path ?? device.address}</span>
          </p>
        </div>
        <State device={device} />
      </header>
      {problem && (
        <p class="note nok" role="alert" data-testid="refused">
          {refusal(problem)}
        </p>
      )}
      {children}
      <div class="card-foot">
        <Switch on={!device.plugged} onChange={(off) => void send(`${off ? "unplug" : "plug"} @${device.name}`, device.name)} testid="unplugged">
          {t("bench.unplugged")}
        </Switch>
      </div>
    </section>
  );
}

const TONES = { unplugged: "nok", stopped: "warn", waiting: "", busy: "ok", ready: "ok", used: "ok" };

/** Programs keep scanners and scales open; they come to a printer for a moment only. */
function stateOf(device: Device): keyof typeof TONES {
  if (!device.plugged) return "unplugged";
  if (device.kind !== "printer") return device.open ? "used" : "waiting";
  const stopped = device.paper === "out" || device.lid === "open" || device.ribbon === "out" || device.paused || device.fault !== "none";
  return stopped ? "stopped" : device.waiting > 0 ? "busy" : "ready";
}

function State({ device }: { device: Device }) {
  const state = stateOf(device);
  return (
    <span class={`chip ${TONES[state]}`} data-testid="state" data-state={state}>
      {t(`bench.state.${state}`)}
    </span>
  );
}

/** Something that is wrong with a device, or not. */
export function Switch({ on, onChange, children, testid }: { on: boolean; onChange: (on: boolean) => void; children: ComponentChildren; testid: string }) {
  return (
    <button type="button" class="switch" role="switch" aria-checked={on} onClick={() => onChange(!on)} data-testid={testid}>
      <span class="track" aria-hidden="true" />
      <span>{children}</span>
    </button>
  );
}
