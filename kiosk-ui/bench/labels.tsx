// The labels that came out of a printer, as pictures.
import { t } from "@lib/i18n";
import { Sheet } from "@lib/ui/parts";
import { useEffect, useRef, useState } from "preact/hooks";
import { pictureOf, WIDTH_DOTS, HEIGHT_DOTS } from "./pictures";
import { type Printer, run } from "./simulator";

const SHOWN = 12;

export function Labels({ device }: { device: Printer }) {
  const [viewed, view] = useState<number>();
  const newest = device.labels.slice(-SHOWN).reverse();
  return (
    <div class="stack">
      <h3>{t("bench.labels")}</h3>
      {newest.length === 0 && <p class="muted">{t("bench.labels.none")}</p>}
      <ol class="labels" aria-label={t("bench.labels.newest-first")} data-testid="labels">
        {newest.map(({ label }) => (
          <li key={`${run.value} ${label}`}>
            <LabelTile printer={device.name} number={label} onView={() => view(label)} />
          </li>
        ))}
      </ol>
      {viewed !== undefined && <LabelSheet printer={device.name} number={viewed} onClose={() => view(undefined)} />}
    </div>
  );
}

function LabelTile({ printer, number, onView }: { printer: string; number: number; onView: () => void }) {
  return (
    <button type="button" class="button label" onClick={onView} data-testid={`label-${number}`}>
      <Picture zpl={useZpl(printer, number)} />
      <span>{t("bench.label", { n: String(number) })}</span>
    </button>
  );
}

function LabelSheet({ printer, number, onClose }: { printer: string; number: number; onClose: () => void }) {
  const zpl = useZpl(printer, number);
  const title = t("bench.label", { n: String(number) });
  return (
    <Sheet title={`${title} · ${printer}`} onClose={onClose} testid="label-sheet">
      <Picture zpl={zpl} title={title} />
      <details>
        <summary>ZPL</summary>
        <pre class="code" tabIndex={0} data-testid="label-zpl">
          {zpl}
        </pre>
      </details>
    </Sheet>
  );
}

/** Nothing until it is there, and if the printer has forgotten it. */
function useZpl(printer: string, number: number): string {
  const [zpl, setZpl] = useState("");
  useEffect(() => {
    let current = true;
    void fetch(`/api/v1/printers/${encodeURIComponent(printer)}/labels/${number}`)
      .then((response) => (response.ok ? response.text() : ""))
      .then((text) => current && setZpl(text), () => undefined);
    return () => {
      current = false;
    };
  }, [printer, number, run.value]);
  return zpl;
}

/** Its ZPL where pictures cannot be drawn. */
function Picture({ zpl, title }: { zpl: string; title?: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<"drawing" | "drawn" | "text">("drawing");
  useEffect(() => {
    if (!zpl) return;
    let current = true;
    const draw = async () => {
      const png = await pictureOf(zpl);
      const picture = png && (await createImageBitmap(png));
      if (current && picture) canvas.current?.getContext("2d")?.drawImage(picture, 0, 0);
      if (current) setState(picture ? "drawn" : "text");
    };
    void draw();
    return () => {
      current = false;
    };
  }, [zpl]);
  if (state === "text") return <span class="picture code">{zpl}</span>;
  const named = title ? ({ role: "img", "aria-label": title } as const) : ({ "aria-hidden": true } as const);
  return <canvas class="picture" ref={canvas} width={WIDTH_DOTS} height={HEIGHT_DOTS} data-testid="picture" data-state={state} {...named} />;
}
