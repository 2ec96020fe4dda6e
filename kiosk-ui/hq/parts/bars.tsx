// Where the units of each site are: a bar for each, and the same as a table for whoever wants figures or cannot see.
import type { SiteTotals } from "@lib/api/hub";
import { number, t, units } from "@lib/i18n";
import { useState } from "preact/hooks";
import { href } from "../route";
import { siteName } from "../sites";
import { word } from "../words";
import { TableFrame, Units } from "./bits";

const PARTS = ["open", "picked", "packed", "shipped", "handed_over", "returned", "short", "cancelled"] as const;
type Part = (typeof PARTS)[number];
const WIDTH = 1000;
const GAP = 2;

function milli(site: SiteTotals, part: Part): number {
  return site[`${part}_milli`];
}

export function UnitBars({ sites }: { sites: SiteTotals[] }) {
  const [asTable, setAsTable] = useState(false);
  const most = Math.max(1, ...sites.map((site) => PARTS.reduce((sum, part) => sum + milli(site, part), 0)));
  return (
    <div class="bars">
      <div class="row spread">
        <ul class="legend" aria-hidden="true">
          {PARTS.map((part) => (
            <li key={part}>
              <svg class="swatch" viewBox="0 0 10 10">
                <rect class={`part-${part}`} width="10" height="10" rx="2" />
              </svg>
              {word("hq.part", part)}
            </li>
          ))}
        </ul>
        <button type="button" class="link-button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)} data-testid="overview-chart-table">
          {t(asTable ? "hq.chart.as-bars" : "hq.chart.as-table")}
        </button>
      </div>
      {!asTable && (
        <ol class="bar-list" aria-hidden="true">
          {sites.map((site) => {
            let x = 0;
            const total = PARTS.reduce((sum, part) => sum + milli(site, part), 0);
            return (
              <li key={site.site}>
                <span class="bar-name">{siteName(site.site)}</span>
                <svg class="bar" viewBox={`0 0 ${WIDTH} 22`} preserveAspectRatio="none">
                  {PARTS.map((part) => {
                    const width = (milli(site, part) / most) * WIDTH;
                    const from = x;
                    x += width;
                    return width > 0 && <rect key={part} class={`part-${part}`} x={from} y="0" width={Math.max(1, width - GAP)} height="22" />;
                  })}
                </svg>
                <span class="bar-sum number">{units(total)}</span>
              </li>
            );
          })}
        </ol>
      )}
      <div class={asTable ? "" : "hidden-text"}>
        <UnitTable sites={sites} focusable={asTable} />
      </div>
    </div>
  );
}

function UnitTable({ sites, focusable }: { sites: SiteTotals[]; focusable: boolean }) {
  const table = (
    <table class="data" data-testid="overview-units">
      <caption class="hidden-text">{t("hq.chart.caption")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("hq.col.site")}</th>
          {PARTS.map((part) => (
            <th scope="col" class="number" key={part}>
              {word("hq.part", part)}
            </th>
          ))}
          <th scope="col" class="number">
            {t("hq.col.sum")}
          </th>
        </tr>
      </thead>
      <tbody>
        {sites.map((site) => (
          <tr key={site.site}>
            <th scope="row">{focusable ? <a href={href(["stores"], { open: site.site })}>{siteName(site.site)}</a> : siteName(site.site)}</th>
            {PARTS.map((part) => (
              <td class="number" key={part}>
                <Units milli={milli(site, part)} />
              </td>
            ))}
            <td class="number strong">{units(site.ordered_milli)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  return focusable ? <TableFrame label={t("hq.chart.caption")}>{table}</TableFrame> : table;
}

/** How much of a whole is done, in words for whoever does not see it. */
export function Progress({ parts, whole, label }: { parts: [name: string, milli: number][]; whole: number; label: string }) {
  let x = 0;
  return (
    <svg class="progress" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="part-track" width="100" height="8" />
      {whole > 0 &&
        parts.map(([name, milli]) => {
          const width = (milli / whole) * 100;
          const from = x;
          x += width;
          return width > 0 && <rect key={name} class={`part-${name}`} x={from} width={width} height="8" />;
        })}
    </svg>
  );
}

export function percent(part: number, whole: number): string {
  return whole > 0 ? `${number((100 * part) / whole, 0)} %` : "–";
}
