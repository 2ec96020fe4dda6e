import { t } from "@lib/i18n";
import { useState } from "preact/hooks";
import { DeviceCard } from "./parts";
import { type Scanner, send } from "./simulator";

const AIM = { "]C0": "Code 128", "]C1": "GS1-128", "]E0": "EAN-13", "]E4": "EAN-8", "]Q1": "QR", "]Q3": "GS1 QR", "]d2": "GS1 DataMatrix" };
const RAW = "raw";
const RECENT_SHOWN = 6;

export function ScannerCard({ device }: { device: Scanner }) {
  const [code, setCode] = useState("4006381333931");
  const [as, setAs] = useState("");
  const scan = (event: SubmitEvent) => {
    event.preventDefault();
    const line = as === RAW ? `raw @${device.name} ${code}` : `scan @${device.name} ${as ? `${as} ` : ""}${code}`;
    void send(line, device.name);
    (event.currentTarget as HTMLFormElement).querySelector("input")?.select();
  };
  return (
    <DeviceCard device={device}>
      <form class="line" onSubmit={scan}>
        <label class="field grow">
          {t("bench.scanner.code")}
          <input class="code" value={code} required autocomplete="off" spellcheck={false} onInput={(event) => setCode(event.currentTarget.value)} data-testid="code" />
        </label>
        <label class="field as">
          {t("bench.scanner.as")}
          <select value={as} onChange={(event) => setAs(event.currentTarget.value)} data-testid="as">
            <option value="">{t(device.aim ? "bench.scanner.by-form" : "bench.scanner.plain")}</option>
            {device.aim && Object.entries(AIM).map(([aim, name]) => <option value={aim} key={aim}>{`${aim} ${name}`}</option>)}
            <option value={RAW}>{t("bench.scanner.raw")}</option>
          </select>
        </label>
        <button type="submit" class="button primary" data-testid="scan">
          {t("bench.scanner.scan")}
        </button>
      </form>
      <p class="muted">
        {t("bench.scanner.octets")} <span class="code">\xHH</span> · GS <span class="code">\x1d</span> · \ <span class="code">\\</span>
      </p>
      <Recent device={device} />
      <Burst device={device} />
    </DeviceCard>
  );
}

function Recent({ device }: { device: Scanner }) {
  return (
    <div class="stack">
      <h3>{t("bench.scanner.recent")}</h3>
      {device.recent.length === 0 ? (
        <p class="muted">{t("bench.scanner.nothing")}</p>
      ) : (
        <ul class="recent" aria-label={t("bench.scanner.recent-label")} data-testid="recent">
          {device.recent.slice(0, RECENT_SHOWN).map((sent, i) => (
            <li key={i}>
              <button type="button" class="button code" onClick={() => void send(`raw @${device.name} ${sent}`, device.name)} data-testid="again">
                {sent}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Codes one after the other, as fast as they come off a belt. */
function Burst({ device }: { device: Scanner }) {
  const [codes, setCodes] = useState("4006381333931\n40063812");
  const [times, setTimes] = useState("10");
  const [gap, setGap] = useState("20");
  const [busy, setBusy] = useState(false);
  const lines = codes.split("\n").map((code) => code.trim()).filter(Boolean);
  const start = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    const once = lines.map((code) => code.replaceAll(" ", "\\x20")).join(" ");
    await send(`burst @${device.name} ${gap} ${Array<string>(Number(times)).fill(once).join(" ")}`, device.name);
    setBusy(false);
  };
  return (
    <details class="more">
      <summary data-testid="burst-open">{t("bench.burst")}</summary>
      <form class="line" onSubmit={(event) => void start(event)}>
        <label class="field grow">
          {t("bench.burst.codes")}
          <textarea class="code" rows={3} value={codes} required spellcheck={false} onInput={(event) => setCodes(event.currentTarget.value)} data-testid="burst-codes" />
        </label>
        <label class="field figure">
          {t("bench.burst.times")}
          <input type="number" min={1} max={500} required value={times} onInput={(event) => setTimes(event.currentTarget.value)} data-testid="burst-times" />
        </label>
        <label class="field figure">
          {t("bench.burst.gap")}
          <input type="number" min={0} max={60000} required value={gap} onInput={(event) => setGap(event.currentTarget.value)} data-testid="burst-gap" />
        </label>
        <button type="submit" class="button" disabled={busy || lines.length === 0} data-testid="burst">
          {t(busy ? "bench.burst.busy" : "bench.burst.go", { n: lines.length * Number(times) })}
        </button>
      </form>
    </details>
  );
}
