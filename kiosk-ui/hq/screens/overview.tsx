import { data } from "@lib/api/client";
import { hub } from "@lib/api/hub";
import { duration, number, t, units } from "@lib/i18n";
import { Empty, Loading } from "@lib/ui/parts";
import type { ComponentChildren } from "preact";
import { UnitBars } from "../parts/bars";
import { Panel, Tag, TableFrame, Units } from "../parts/bits";
import { Trouble } from "../parts/trouble";
import { RoutingButton } from "../parts/routing";
import { useLive, now, type Live } from "../live";
import { href } from "../route";
import { askNodes, siteName, sites, storeHealth } from "../sites";
import { GRAVE, word } from "../words";
import { clashesOf } from "./exceptions";
import { HealthTag } from "./stores";

const TOP = 10;
const MOST = 1000;

function Kpi({ label, value, detail, to, live, tone = "", testid }: { label: string; value: string; detail: ComponentChildren; to?: string; live: Live<unknown>; tone?: string; testid: string }) {
  const inside = (
    <>
      <span class="kpi-label">{label}</span>
      <span class="kpi-value number">{value}</span>
      <span class="kpi-detail">{detail}</span>
    </>
  );
  return (
    <li class={`kpi ${tone} ${live.old ? "dim" : ""}`} data-testid={testid}>
      {to ? <a href={to}>{inside}</a> : <div>{inside}</div>}
    </li>
  );
}

export function Overview() {
  const totals = useLive(() => data(hub.GET("/api/v1/totals")));
  const nodes = useLive(askNodes, [], { events: [], beat: true });
  const exceptions = useLive(async () => (await data(hub.GET("/api/v1/exceptions"))).items);
  const ready = useLive(async () => {
    const page = await data(hub.GET("/api/v1/ship-groups", { params: { query: { status: "READY", limit: MOST } } }));
    return { groups: page.items.length, more: page.next_cursor !== null, milli: page.items.reduce((sum, group) => sum + group.picked_milli + group.packed_milli, 0) };
  });
  if (totals.error && !totals.data) return <Trouble error={totals.error} retry={totals.again} />;
  if (!totals.data) return <Loading />;

  const { orders, sites: bySite } = totals.data;
  const sum = (part: "open_milli" | "picked_milli" | "packed_milli" | "shipped_milli" | "handed_over_milli" | "returned_milli" | "packages" | "returns") =>
    bySite.reduce((total, site) => total + site[part], 0);
  const inHand = sum("picked_milli") + sum("packed_milli");
  const clashes = clashesOf(exceptions.data ?? []);
  const stores = storeHealth(sites.value, nodes.data ?? [], now());

  return (
    <div class="screen" data-testid="overview">
      <div class="screen-head">
        <h1>{t("hq.nav.overview")}</h1>
        <span class="muted">{t("hq.overview.orders", { n: orders.orders, lines: orders.lines })}</span>
        <span class="grow" />
        <RoutingButton waiting={orders.waiting_orders} />
      </div>
      <ul class="kpis">
        <Kpi
          testid="kpi-waiting"
          live={totals}
          label={t("hq.kpi.waiting")}
          value={number(orders.waiting_orders)}
          detail={t("hq.kpi.units", { n: orders.waiting_milli / 1000 })}
          to={href(["orders"], { waiting: true })}
          tone={orders.waiting_orders ? "warn" : ""}
        />
        <Kpi
          testid="kpi-parked"
          live={totals}
          label={t("hq.kpi.parked")}
          value={units(orders.parked_milli)}
          detail={t("hq.kpi.parked-do")}
          to={href(["orders"], { parked: true })}
          tone={orders.parked_milli ? "warn" : ""}
        />
        <Kpi testid="kpi-open" live={totals} label={t("hq.kpi.open")} value={units(sum("open_milli"))} detail={t("hq.kpi.open-detail", { units: units(inHand) })} />
        <Kpi
          testid="kpi-ready"
          live={ready}
          label={t("hq.kpi.ready")}
          value={ready.data ? `${number(ready.data.groups)}${ready.data.more ? "+" : ""}` : "–"}
          detail={ready.data ? t("hq.kpi.units", { n: ready.data.milli / 1000 }) : ""}
        />
        <Kpi
          testid="kpi-shipped"
          live={totals}
          label={t("hq.kpi.shipped")}
          value={units(sum("shipped_milli"))}
          detail={t("hq.kpi.shipped-detail", { packages: sum("packages"), units: units(sum("handed_over_milli")) })}
        />
        <Kpi testid="kpi-returned" live={totals} label={t("hq.kpi.returned")} value={units(sum("returned_milli"))} detail={t("hq.kpi.returned-detail", { n: sum("returns") })} />
      </ul>
      <div class="grid">
        <Panel title={t("hq.overview.units")} live={totals} testid="overview-chart" wide>
          <UnitBars sites={bySite} />
        </Panel>
        <Panel
          title={t("hq.overview.exceptions")}
          live={exceptions}
          testid="overview-exceptions"
          aside={
            clashes.length > 0 && (
              <a href={href(["exceptions"])} data-testid="overview-exceptions-all">
                {t("hq.overview.all", { n: clashes.length })}
              </a>
            )
          }
        >
          {exceptions.error && !exceptions.data ? (
            <Trouble error={exceptions.error} retry={exceptions.again} />
          ) : exceptions.data?.length === 0 ? (
            <Empty title={t("hq.exceptions.none")} icon="check">{t("hq.exceptions.none-why")}</Empty>
          ) : (
            <ol class="lines">
              {clashes.slice(0, TOP).map((one) => (
                <li key={one.key}>
                  <a class="line-link" href={href(["exceptions"], { open: one.key })}>
                    <Tag tone={GRAVE.has(one.kind) ? "nok" : "warn"}>{word("hq.kind", one.kind)}</Tag>
                    <span class="grow">{one.order ? t("hq.order-n", { n: one.order }) : t("hq.order-unknown")}</span>
                    <span class="muted">{siteName(one.site)}</span>
                  </a>
                </li>
              ))}
            </ol>
          )}
        </Panel>
        <Panel title={t("hq.overview.stores")} live={nodes} testid="overview-stores">
          {nodes.error && !nodes.data ? (
            <Trouble error={nodes.error} retry={nodes.again} />
          ) : (
            <TableFrame label={t("hq.overview.stores")}>
              <table class="data">
                <caption class="hidden-text">{t("hq.overview.stores")}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t("hq.col.site")}</th>
                    <th scope="col">{t("hq.col.health")}</th>
                    <th scope="col" class="number">
                      {t("hq.col.heard")}
                    </th>
                    <th scope="col" class="number">
                      {t("hq.col.behind-short")}
                    </th>
                    <th scope="col" class="number">
                      {t("hq.part.open")}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {stores.map((store) => (
                    <tr key={store.site.site}>
                      <th scope="row">
                        <a href={href(["stores"], { open: store.site.site })} data-row>
                          {store.site.name}
                        </a>
                      </th>
                      <td>
                        <HealthTag health={store.health} />
                      </td>
                      <td class="number">{store.heardAt === undefined ? "–" : duration(now() - store.heardAt)}</td>
                      <td class="number">
                        <Units milli={store.behind * 1000} tone="warn" />
                      </td>
                      <td class="number">
                        <Units milli={bySite.find((site) => site.site === store.site.site)?.open_milli ?? 0} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableFrame>
          )}
        </Panel>
      </div>
    </div>
  );
}
