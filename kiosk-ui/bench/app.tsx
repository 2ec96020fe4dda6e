import { nextTheme, theme } from "@lib/design/theme";
import { language, LANGUAGES, speak, t } from "@lib/i18n";
import { Empty, Loading } from "@lib/ui/parts";
import { useEffect } from "preact/hooks";
import { Console } from "./console";
import { PrinterCard } from "./printer";
import { ScaleCard } from "./scale";
import { ScannerCard } from "./scanner";
import { answering, type Device, devices } from "./simulator";

function CardOf({ device }: { device: Device }) {
  switch (device.kind) {
    case "scanner":
      return <ScannerCard device={device} />;
    case "scale":
      return <ScaleCard device={device} />;
    case "printer":
      return <PrinterCard device={device} />;
  }
}

function Head() {
  return (
    <header class="bench-head">
      <div class="grow">
        <h1>{t("bench.title")}</h1>
        <p class="muted">{t("bench.lead")}</p>
      </div>
      <span class={`chip ${answering.value ? "ok" : "nok"}`} role="status" data-testid="link-simulator" data-up={String(answering.value)}>
        {t(answering.value ? "bench.link.up" : "bench.link.down")}
      </span>
      <button type="button" class="button" onClick={nextTheme} data-testid="theme" aria-label={t("theme.next", { theme: t(`theme.${theme.value}`) })}>
        {t(`theme.${theme.value}`)}
      </button>
      {LANGUAGES.filter((one) => !language.value.startsWith(one)).map((one) => (
        <button type="button" class="button" key={one} lang={one} onClick={() => speak(one)} data-testid={`language-${one}`}>
          {one === "de" ? "Deutsch" : "English"}
        </button>
      ))}
    </header>
  );
}

export function App() {
  useEffect(() => {
    document.title = `${t("bench.title")} · Cairn`;
  }, [language.value]);
  const all = devices.value;
  return (
    <div class="bench">
      <Head />
      {!answering.value && (
        <p class="banner" role="alert" data-testid="away">
          {t("bench.away")}
        </p>
      )}
      <main>
        {!all ? answering.value ? <Loading /> : <Empty title={t("bench.none")} /> : all.map((device) => <CardOf key={`${device.kind} ${device.name}`} device={device} />)}
        <Console />
      </main>
    </div>
  );
}
