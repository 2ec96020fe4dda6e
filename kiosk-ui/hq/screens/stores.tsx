import { data } from "@lib/api/client";
import { hub, type Node, type SiteTotals } from "@lib/api/hub";
import { duration, moment, number, t, units } from "@lib/i18n";
import { Empty, Loading } from "@lib/ui/parts";
import { Trouble } from "../parts/trouble";
import { Ago, Panel, StatusTag, Tag, TableFrame, Units } from "../parts/bits";
import { Drawer } from "../parts/drawer";
import { FullSite } from "../parts/full-site";
import { FilterBar, SearchField, Toggle } from "../parts/filters";
import { type Live, now, useLive } from "../live";
import { asked, href, hrefWith, setQuery } from "../route";
import { askNodes, type Health, nodeHealth, sites, storeHealth, type StoreHealth } from "../sites";
import { type Tone, word } from "../words";

const TONES: Record<Health, Tone> = { offline: "nok", problem: "nok", late: "warn", backlog: "warn", ok: "ok", none: "quiet" };

export function HealthTag({ health }: { health: Health }) {
  return <Tag tone={TONES[health]}>{word("hq.health", health)}</Tag>;
}

const FILTERS: [name: string, keeps: (store: StoreHealth) => boolean][] = [
  ["offline", (store) => store.offline > 0],
  ["late", (store) => store.nodes.some((node) => nodeHealth(node, now()) === "late")],
  ["backlog", (store) => store.behind > 0],
  ["problem", (store) => store.problem !== ""],
];

export function Stores() {
  const nodes = useLive(askNodes, [], { events: [], beat: true });
  const totals = useLive(() => data(hub.GET("/api/v1/totals")));
  if (nodes.error && !nodes.data) return <Trouble error={nodes.error} retry={nodes.again} />;
  if (!nodes.data) return <Loading />;

  const all = storeHealth(sites.value, nodes.data, now());
  const text = asked("text").toLowerCase();
  const wanted = FILTERS.filter(([name]) => asked(name));
  const shown = all.filter(
    (store) => wanted.every(([, keeps]) => keeps(store)) && (!text || `${store.site.name} ${store.site.site} ${store.nodes.map((node) => node.name).join(" ")}`.toLowerCase().includes(text)),
  );
  const open = all.find((store) => store.site.site === asked("open"));
  const figures = (site: string) => totals.data?.sites.find((one) => one.site === site);

  return (
    <>
      <div class="screen" data-testid="stores">
        <div class="screen-head">
          <h1>{t("hq.nav.stores")}</h1>
          <span class="muted">{t("hq.stores.count", { n: all.length, devices: nodes.data.filter((node) => node.active).length })}</span>
        </div>
        <FilterBar label={t("hq.filter.label")}>
          <SearchField name="text" label={t("hq.stores.search")} />
          {FILTERS.map(([name, keeps]) => (
            <Toggle key={name} name={name} label={word("hq.health", name)} count={all.filter(keeps).length} />
          ))}
        </FilterBar>
        <Panel title={t("hq.stores.list")} live={nodes} testid="stores-list">
          {shown.length === 0 ? (
            <Empty title={t("hq.stores.none")} icon="missing">{t(all.length ? "hq.stores.none-filter" : "hq.stores.none-why")}</Empty>
          ) : (
            <TableFrame label={t("hq.stores.list")}>
              <table class="data">
                <caption class="hidden-text">{t("hq.stores.list")}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t("hq.col.site")}</th>
                    <th scope="col">{t("hq.col.health")}</th>
                    <th scope="col" class="number">
                      {t("hq.col.devices")}
                    </th>
                    <th scope="col" class="number">
                      {t("hq.col.heard")}
                    </th>
                    <th scope="col" class="number extra">
                      {t("hq.col.behind")}
                    </th>
                    <th scope="col" class="number">
                      {t("hq.col.groups")}
                    </th>
                    <th scope="col" class="number">
                      {t("hq.part.open")}
                    </th>
                    <th scope="col" class="number extra">
                      {t("hq.col.in-hand")}
                    </th>
                    <th scope="col" class="number extra">
                      {t("hq.col.left")}
                    </th>
                    <th scope="col" class="number extra">
                      {t("hq.part.short")}
                    </th>
                    <th scope="col" class="number extra">
                      {t("hq.col.on-hand")}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map((store) => {
                    const site = figures(store.site.site);
                    return (
                      <tr key={store.site.site} class={open === store ? "open" : ""}>
                        <th scope="row">
                          <a href={hrefWith({ open: store.site.site })} data-row aria-current={open === store ? "true" : undefined} data-testid={`store-${store.site.site}`}>
                            {store.site.name}
                          </a>
                          <span class="sub">{word("hq.site-kind", store.site.kind)}</span>
                        </th>
                        <td>
                          <HealthTag health={store.health} />
                          {store.problem && <span class="sub nok">{store.problem}</span>}
                        </td>
                        <td class="number">
                          {store.nodes.length - store.offline}/{store.nodes.length}
                        </td>
                        <td class="number">{store.heardAt === undefined ? "–" : duration(now() - store.heardAt)}</td>
                        <td class="number extra">
                          <Units milli={store.behind * 1000} tone="warn" />
                        </td>
                        <td class="number">{number(site?.groups ?? 0)}</td>
                        <td class="number">
                          <Units milli={site?.open_milli ?? 0} />
                        </td>
                        <td class="number extra">
                          <Units milli={(site?.picked_milli ?? 0) + (site?.packed_milli ?? 0)} />
                        </td>
                        <td class="number extra">
                          <Units milli={(site?.shipped_milli ?? 0) + (site?.handed_over_milli ?? 0)} />
                        </td>
                        <td class="number extra">
                          <Units milli={site?.short_milli ?? 0} />
                        </td>
                        <td class="number extra">
                          <Units milli={site?.on_hand_milli ?? 0} />
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </TableFrame>
          )}
        </Panel>
      </div>
      {open && <StoreDrawer key={open.site.site} store={open} totals={figures(open.site.site)} nodes={nodes} />}
    </>
  );
}

function DeviceCard({ node }: { node: Node }) {
  const health = nodeHealth(node, now());
  return (
    <li class="device">
      <div class="row spread">
        <strong>{node.name}</strong>
        <HealthTag health={health} />
      </div>
      {node.problem && <p class="nok">{t("hq.node.refused", { why: node.problem })}</p>}
      <dl class="facts">
        <dt>{t("hq.col.heard")}</dt>
        <dd>{node.last_heard_at ? <Ago at={node.last_heard_at} /> : t("hq.never")}</dd>
        <dt>{t("hq.node.records")}</dt>
        <dd class="number">{t("hq.node.of", { done: node.hwm, all: node.head })}</dd>
        <dt>{t("hq.col.behind")}</dt>
        <dd class="number">{number(Math.max(0, node.head - node.hwm))}</dd>
        <dt>{t("hq.node.id")}</dt>
        <dd class="code">{node.node}</dd>
      </dl>
    </li>
  );
}

const FIGURES: [word: string, milli: keyof SiteTotals][] = [
  ["hq.part.open", "open_milli"],
  ["hq.part.picked", "picked_milli"],
  ["hq.part.packed", "packed_milli"],
  ["hq.part.shipped", "shipped_milli"],
  ["hq.part.handed_over", "handed_over_milli"],
  ["hq.part.short", "short_milli"],
  ["hq.part.cancelled", "cancelled_milli"],
  ["hq.part.returned", "returned_milli"],
  ["hq.col.on-hand", "on_hand_milli"],
  ["hq.col.held", "held_milli"],
];

function StoreDrawer({ store, totals, nodes }: { store: StoreHealth; totals: SiteTotals | undefined; nodes: Live<Node[]> }) {
  const site = store.site.site;
  const groups = useLive(async () => {
    // Newest last in the answer: what is not done yet is asked for by its status.
    const open = await Promise.all(
      (["ALLOCATED", "PICKING", "PICKED", "PACKED", "READY"] as const).map((status) =>
        data(hub.GET("/api/v1/ship-groups", { params: { query: { site, status, limit: 50 } } })),
      ),
    );
    return { items: open.flatMap((page) => page.items), more: open.some((page) => page.next_cursor !== null) };
  }, [site]);
  return (
    <Drawer
      title={store.site.name}
      testid="store-drawer"
      onClose={() => setQuery({ open: undefined })}
      aside={<HealthTag health={store.health} />}
    >
      {store.health === "offline" && (
        <p class="note">{t("hq.stores.offline-means", { when: store.heardAt === undefined ? t("hq.never") : moment(store.heardAt) })}</p>
      )}
      {store.health === "backlog" && <p class="note">{t("hq.stores.backlog-means", { n: store.behind })}</p>}
      {store.health === "late" && <p class="note">{t("hq.stores.late-means")}</p>}
      <FullSite site={site} />
      <p class="row">
        <a href={href(["orders"], { site })}>{t("hq.stores.to-orders")}</a>
        <a href={href(["exceptions"], { site })}>{t("hq.stores.to-exceptions")}</a>
        <a href={href(["stock"], { site })}>{t("hq.stores.to-stock")}</a>
      </p>
      <h3>{t("hq.stores.devices", { n: store.nodes.length })}</h3>
      {store.nodes.length === 0 && <p class="muted">{t("hq.stores.no-devices")}</p>}
      <ul class={`devices ${nodes.old ? "dim" : ""}`}>
        {store.nodes.map((node) => (
          <DeviceCard key={node.node} node={node} />
        ))}
      </ul>
      {totals && (
        <>
          <h3>{t("hq.stores.totals")}</h3>
          <dl class="tally">
            {FIGURES.map(([name, milli]) => (
              <div key={name}>
                <dt>{word(name.slice(0, name.lastIndexOf(".")), name.slice(name.lastIndexOf(".") + 1))}</dt>
                <dd class="number">{units(Number(totals[milli]))}</dd>
              </div>
            ))}
            <div>
              <dt>{t("hq.col.packages")}</dt>
              <dd class="number">{number(totals.packages)}</dd>
            </div>
            <div>
              <dt>{t("hq.col.put-back")}</dt>
              <dd class="number">{units(totals.put_back_milli - totals.put_back_done_milli)}</dd>
            </div>
          </dl>
        </>
      )}
      <h3>{t("hq.stores.groups")}</h3>
      {groups.error && !groups.data ? (
        <Trouble error={groups.error} retry={groups.again} />
      ) : groups.data?.items.length === 0 ? (
        <p class="muted">{t("hq.stores.no-groups")}</p>
      ) : (
        <TableFrame label={t("hq.stores.groups")}>
          <table class="data">
            <caption class="hidden-text">{t("hq.stores.groups")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("hq.col.order")}</th>
                <th scope="col">{t("hq.col.status")}</th>
                <th scope="col" class="number">
                  {t("hq.col.units")}
                </th>
                <th scope="col" class="number">
                  {t("hq.col.since")}
                </th>
              </tr>
            </thead>
            <tbody>
              {(groups.data?.items ?? []).map((group) => (
                <tr key={group.id}>
                  <th scope="row">
                    <a href={href(["orders", group.order_id])}>{group.order_reference}</a>
                    <span class="sub">{word("hq.method", group.method)}</span>
                  </th>
                  <td>
                    <StatusTag kind="hq.group" name={group.status} />
                  </td>
                  <td class="number">{units(group.ordered_milli)}</td>
                  <td class="number">{duration(now() - Date.parse(group.allocated_at))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {groups.data?.more && <p class="muted">{t("hq.stores.more-groups")}</p>}
    </Drawer>
  );
}

