import { t } from "@lib/i18n";
import { useState } from "preact/hooks";
import { DeviceCard, Switch } from "./parts";
import { type Scale, send } from "./simulator";
import { kilograms } from "./words";

const ACTS = { off: "weight 0", move: "move", over: "over", under: "under" } as const;

export function ScaleCard({ device }: { device: Scale }) {
  const [kg, setKg] = useState("1.250");
  const act = (line: string) => {
    const [verb, ...rest] = line.split(" ");
    void send([verb, `@${device.name}`, ...rest].join(" "), device.name);
  };
  const put = (event: SubmitEvent) => {
    event.preventDefault();
    act(`weight ${kg.trim().replace(",", ".")}`);
  };
  const state = device.plugged ? device.state : "unplugged";
  return (
    <DeviceCard device={device}>
      <p class="display" data-state={state} data-testid="display">
        <output aria-label={t("bench.scale.display")}>
          <span class="number">{device.plugged && device.kg !== null ? kilograms(device.kg) : "–"}</span> <span class="chip">{t(`bench.scale.${state}` as "bench.scale.stable")}</span>
        </output>
      </p>
      <form class="line" onSubmit={put}>
        <label class="field grow">
          {t("bench.scale.kg")}
          <input class="number" inputMode="decimal" required autocomplete="off" value={kg} onInput={(event) => setKg(event.currentTarget.value)} data-testid="kg" />
        </label>
        <button type="submit" class="button primary" data-testid="put">
          {t("bench.scale.put")}
        </button>
      </form>
      <div class="row" role="group" aria-label={t("bench.scale.acts")}>
        {(Object.keys(ACTS) as (keyof typeof ACTS)[]).map((name) => (
          <button type="button" class="button" key={name} onClick={() => act(ACTS[name])} data-testid={`scale-${name}`}>
            {t(`bench.scale.act-${name}`)}
          </button>
        ))}
      </div>
      <div class="row spread">
        <Switch on={device.mute} onChange={(on) => act(`mute ${on ? "on" : "off"}`)} testid="mute">
          {t("bench.scale.mute")}
        </Switch>
        <p class="muted">{t("bench.scale.asked", { n: device.asked })}</p>
      </div>
    </DeviceCard>
  );
}
