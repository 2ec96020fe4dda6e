import { data } from "@lib/api/client";
import { type Exception, hub, type ShipGroup } from "@lib/api/hub";
import { duration, t, units } from "@lib/i18n";
import { Empty, Loading } from "@lib/ui/parts";
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { Panel, StatusTag, Tag, TableFrame, When } from "../parts/bits";
import { Drawer } from "../parts/drawer";
import { Choice, FilterBar, SearchField } from "../parts/filters";
import { Trouble } from "../parts/trouble";
import { download } from "../csv";
import { now, useLive } from "../live";
import { asked, href, hrefWith, setQuery } from "../route";
import { siteName, sites } from "../sites";
import { GRAVE, KINDS, word } from "../words";

/** Ship groups that exceptions are about: the order they belong to and how long it has been. */
const groups = signal<Map<string, ShipGroup>>(new Map());
const asking = new Set<string>();
const AT_ONCE = 4;

async function know(wanted: string[]): Promise<void> {
  const missing = wanted.filter((id) => id !== NO_GROUP && !asking.has(id));
  for (const id of missing) asking.add(id);
  for (let i = 0; i < missing.length; i += AT_ONCE) {
    const found = await Promise.allSettled(
      missing.slice(i, i + AT_ONCE).map((group) => data(hub.GET("/api/v1/ship-groups/{group}", { params: { path: { group } } }))),
    );
    const next = new Map(groups.value);
    for (const one of found) if (one.status === "fulfilled") next.set(one.value.id, one.value);
    groups.value = next;
  }
}

/** Of a record that is about no ship group. */
const NO_GROUP = "00000000-0000-0000-0000-000000000000";

/** What went wrong once: the same in several lines of a ship group is one thing to settle. */
export interface Clash {
  key: string;
  kind: Exception["kind"];
  group: string;
  site: string;
  order: string;
  milli: number;
  items: Exception[];
}

/** Costly ones first. */
export function clashesOf(items: Exception[]): Clash[] {
  const found = new Map<string, Clash>();
  for (const one of items) {
    const key = `${one.group === NO_GROUP ? one.site : one.group}.${one.kind}`;
    const clash = found.get(key) ?? { key, kind: one.kind, group: one.group, site: one.site, order: one.order_reference, milli: 0, items: [] };
    clash.milli += one.milli;
    clash.items.push(one);
    found.set(key, clash);
  }
  return [...found.values()].sort((a, b) => Number(GRAVE.has(b.kind)) - Number(GRAVE.has(a.kind)));
}

function linesOf(clash: Clash): string {
  return [...new Set(clash.items.map((one) => one.line))].filter(Boolean).sort((a, b) => a - b).join(", ");
}

export function Exceptions() {
  const all = useLive(async () => (await data(hub.GET("/api/v1/exceptions"))).items);
  const items = clashesOf(all.data ?? []);
  const text = asked("text").toLowerCase();
  const shown = items.filter(
    (one) => (!asked("kind") || one.kind === asked("kind")) && (!asked("site") || one.site === asked("site")) && (!text || one.order.toLowerCase().includes(text)),
  );
  const ids = [...new Set(shown.map((one) => one.group))].join(" ");
  useEffect(() => void know(ids.split(" ").filter(Boolean)), [ids]);
  const open = items.find((one) => one.key === asked("open"));

  if (all.error && !all.data) return <Trouble error={all.error} retry={all.again} />;
  if (!all.data) return <Loading />;
  const kinds = KINDS.filter((kind) => items.some((one) => one.kind === kind) || asked("kind") === kind);
  return (
    <>
      <div class="screen" data-testid="exceptions">
        <div class="screen-head">
          <h1>{t("hq.nav.exceptions")}</h1>
          <span class="muted">{t("hq.exceptions.lead")}</span>
          <span class="grow" />
          <button type="button" class="button" disabled={shown.length === 0} onClick={() => exportCsv(shown)} data-testid="exceptions-csv">
            {t("hq.csv", { n: shown.length })}
          </button>
        </div>
        <FilterBar label={t("hq.filter.label")}>
          <SearchField name="text" label={t("hq.exceptions.search")} />
          <Choice name="kind" label={t("hq.col.kind")} options={kinds.map((kind) => [kind, word("hq.kind", kind)])} />
          <Choice name="site" label={t("hq.col.site")} options={sites.value.map((one) => [one.site, one.name])} />
        </FilterBar>
        <Panel title={t("hq.exceptions.list")} live={all} testid="exceptions-list">
          {shown.length === 0 ? (
            <Empty title={t("hq.exceptions.none")} icon={items.length ? "missing" : "check"}>{t(items.length ? "hq.exceptions.none-filter" : "hq.exceptions.none-why")}</Empty>
          ) : (
            <TableFrame label={t("hq.exceptions.list")}>
              <table class="data pick">
                <caption class="hidden-text">{t("hq.exceptions.list")}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t("hq.col.kind")}</th>
                    <th scope="col">{t("hq.col.site")}</th>
                    <th scope="col">{t("hq.col.order")}</th>
                    <th scope="col" class="number">
                      {t("hq.col.line")}
                    </th>
                    <th scope="col" class="number">
                      {t("hq.col.units")}
                    </th>
                    <th scope="col" class="extra">
                      {t("hq.col.group-status")}
                    </th>
                    <th scope="col" class="number">
                      {t("hq.col.group-age")}
                    </th>
                    <th scope="col" class="extra">
                      {t("hq.col.todo")}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map((one) => {
                    const group = groups.value.get(one.group);
                    return (
                      <tr
                        key={one.key}
                        class={open === one ? "open" : ""}
                        onClick={(event) => {
                          if (!(event.target as Element).closest("a")) setQuery({ open: one.key });
                        }}
                      >
                        <th scope="row">
                          <Tag tone={GRAVE.has(one.kind) ? "nok" : "warn"}>{t(GRAVE.has(one.kind) ? "hq.exceptions.act" : "hq.exceptions.check")}</Tag>{" "}
                          <a href={hrefWith({ open: one.key })} data-row aria-current={open === one ? "true" : undefined} data-testid="exceptions-row">
                            {word("hq.kind", one.kind)}
                          </a>
                        </th>
                        <td class="nowrap">{siteName(one.site)}</td>
                        <td>{group ? <a href={href(["orders", group.order_id])}>{one.order}</a> : one.order || "–"}</td>
                        <td class="number">{linesOf(one) || "–"}</td>
                        <td class="number">{one.milli ? units(one.milli) : "–"}</td>
                        <td class="extra">{group ? <StatusTag kind="hq.group" name={group.status} /> : "–"}</td>
                        <td class="number">{group ? duration(now() - Date.parse(group.allocated_at)) : "–"}</td>
                        <td class="todo extra">{word("hq.kind-do", one.kind)}</td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </TableFrame>
          )}
        </Panel>
      </div>
      {open && <ExceptionDrawer key={open.key} one={open} group={groups.value.get(open.group)} />}
    </>
  );
}

function ExceptionDrawer({ one, group }: { one: Clash; group: ShipGroup | undefined }) {
  const causes = [...new Set(one.items.map((item) => item.cause))].map((cause) => cause.split("/"));
  return (
    <Drawer title={word("hq.kind", one.kind)} testid="exception-drawer" onClose={() => setQuery({ open: undefined })}>
      <h3>{t("hq.exceptions.means")}</h3>
      <p>{word("hq.kind-means", one.kind)}</p>
      <h3>{t("hq.exceptions.do")}</h3>
      <p class="note">{word("hq.kind-do", one.kind)}</p>
      <h3>{t("hq.exceptions.where")}</h3>
      <dl class="facts">
        <dt>{t("hq.col.site")}</dt>
        <dd>
          <a href={href(["stores"], { open: one.site })}>{siteName(one.site)}</a>
        </dd>
        <dt>{t("hq.col.order")}</dt>
        <dd>{group ? <a href={href(["orders", group.order_id])}>{one.order}</a> : one.order || "–"}</dd>
        {group && (
          <>
            <dt>{t("hq.col.group-status")}</dt>
            <dd>
              <StatusTag kind="hq.group" name={group.status} />
            </dd>
            <dt>{t("hq.group.given")}</dt>
            <dd>
              <When at={group.allocated_at} />
            </dd>
          </>
        )}
        <dt>{t("hq.col.line")}</dt>
        <dd class="number">{linesOf(one) || t("hq.exceptions.no-line")}</dd>
        <dt>{t("hq.col.units")}</dt>
        <dd class="number">{one.milli ? units(one.milli) : "–"}</dd>
        <dt>{t("hq.exceptions.cause")}</dt>
        {causes.map(([node, incarnation, seq]) => (
          <dd class="code" key={`${incarnation} ${seq}`}>
            {node} · {seq}
          </dd>
        ))}
      </dl>
    </Drawer>
  );
}

function exportCsv(clashes: Clash[]): void {
  download(`exceptions-${new Date().toISOString().slice(0, 10)}.csv`, [
    ["kind", "site", "order", "line", "units", "ship_group", "cause"],
    ...clashes.flatMap(({ items }) => items).map((one) => [one.kind, one.site, one.order_reference, one.line, one.milli / 1000, one.group, one.cause]),
  ]);
}
