import { number, t } from "@lib/i18n";
import { useState } from "preact/hooks";
import { Labels } from "./labels";
import { DeviceCard, Switch } from "./parts";
import { type Printer, send } from "./simulator";

/** What can be wrong with it: the verb, its words for wrong and right, and whether it is. */
const TROUBLES = [
  { verb: "paper", wrong: "out", right: "in", is: (device: Printer) => device.paper === "out" },
  { verb: "lid", wrong: "open", right: "closed", is: (device: Printer) => device.lid === "open" },
  { verb: "ribbon", wrong: "out", right: "in", is: (device: Printer) => device.ribbon === "out" },
  { verb: "pause", wrong: "on", right: "off", is: (device: Printer) => device.paused },
] as const;

const FAULTS = ["none", "mute", "deaf", "close", "slow", "reset_after"] as const;
const COUNTS = ["received", "waiting", "printed"] as const;

export function PrinterCard({ device }: { device: Printer }) {
  return (
    <DeviceCard device={device}>
      <div class="printer-parts">
        <div class="stack">
          <div class="row" role="group" aria-label={t("bench.printer.troubles")}>
            {TROUBLES.map(({ verb, wrong, right, is }) => (
              <Switch key={verb} on={is(device)} onChange={(on) => void send(`${verb} @${device.name} ${on ? wrong : right}`, device.name)} testid={verb}>
                {t(`bench.printer.${verb}`)}
              </Switch>
            ))}
          </div>
          <Faults device={device} />
          <dl class="figures">
            {COUNTS.map((name) => (
              <div key={name}>
                <dt>{t(`bench.printer.${name}`)}</dt>
                <dd class="number" data-testid={name}>
                  {number(device[name])}
                </dd>
              </div>
            ))}
          </dl>
        </div>
        <Labels device={device} />
      </div>
    </DeviceCard>
  );
}

/** How its side of the network misbehaves: one way at a time. */
function Faults({ device }: { device: Printer }) {
  const [octets, setOctets] = useState("200");
  const [now, after] = device.fault.split("=");
  const title = `device-${device.name}-fault`;
  const means = FAULTS.find((one) => one === now);
  return (
    <fieldset class="faults" aria-describedby={title}>
      <legend>{t("bench.fault")}</legend>
      <div class="row">
        {FAULTS.map((fault) => (
          <button
            type="button"
            class="button"
            key={fault}
            aria-pressed={fault === now}
            onClick={() => void send(`fault @${device.name} ${fault === "reset_after" ? `reset_after=${octets}` : fault}`, device.name)}
            data-testid={`fault-${fault}`}
          >
            {t(`bench.fault.${fault}`)}
          </button>
        ))}
        <label class="field octets">
          {t("bench.fault.octets")}
          <input type="number" min={0} max={1_000_000} value={octets} onInput={(event) => setOctets(event.currentTarget.value)} data-testid="fault-octets" />
        </label>
      </div>
      <p id={title} class="muted" data-testid="fault-means">
        {means && t(`bench.fault.${means}-means`, { n: Number(after ?? 0) })}
      </p>
    </fieldset>
  );
}
