import { data } from "@lib/api/client";
import type { paths } from "@lib/api/generated/hub";
import { hub, type Order } from "@lib/api/hub";
import { t, units } from "@lib/i18n";
import { Empty, Loading } from "@lib/ui/parts";
import { Progress } from "../parts/bars";
import { Panel, StatusTag, Tag, TableFrame, Units, When } from "../parts/bits";
import { Drawer } from "../parts/drawer";
import { Choice, FilterBar, SearchField, Toggle } from "../parts/filters";
import { Trouble } from "../parts/trouble";
import { download } from "../csv";
import { type Live, useLive } from "../live";
import { asked, href, hrefWith, setQuery } from "../route";
import { siteName, sites } from "../sites";
import { ORDER_STATUSES, word } from "../words";
import { Groups, Lines, OrderFacts, useOrder } from "./order";

const PAGE = 50;
type Filters = NonNullable<paths["/api/v1/orders"]["get"]["parameters"]["query"]>;

function filters(): Filters {
  return {
    limit: PAGE,
    ...(asked("text") && { text: asked("text") }),
    ...(asked("status") && { status: asked("status") as Order["status"] }),
    ...(asked("method") && { method: asked("method") as Order["method"] }),
    ...(asked("site") && { site: asked("site") }),
    ...(asked("waiting") && { waiting: true }),
    ...(asked("parked") && { parked: true }),
    ...(asked("after") && { cursor: asked("after") }),
  };
}

/** The page before the one that begins after a cursor, as far as it was seen. */
const before = new Map<string, string>();

export function Orders() {
  const wanted = filters();
  const page = useLive(async () => {
    const found = await data(hub.GET("/api/v1/orders", { params: { query: wanted } }));
    if (found.next_cursor) before.set(found.next_cursor, wanted.cursor ?? "");
    return found;
  }, [JSON.stringify(wanted)]);
  const items = page.data?.items ?? [];
  const open = asked("open");
  const next = page.data?.next_cursor ?? "";

  return (
    <>
      <div class="screen" data-testid="orders">
        <div class="screen-head">
          <h1>{t("hq.nav.orders")}</h1>
          <span class="grow" />
          <button type="button" class="button" disabled={items.length === 0} onClick={() => exportCsv(items)} data-testid="orders-csv">
            {t("hq.csv", { n: items.length })}
          </button>
        </div>
        <FilterBar label={t("hq.filter.label")}>
          <SearchField name="text" label={t("hq.orders.search")} />
          <Choice name="status" label={t("hq.col.status")} options={ORDER_STATUSES.map((one) => [one, word("hq.order-status", one)])} />
          <Choice
            name="method"
            label={t("hq.col.method")}
            options={[
              ["SHIP", word("hq.method", "SHIP")],
              ["PICKUP", word("hq.method", "PICKUP")],
            ]}
          />
          <Choice name="site" label={t("hq.col.site")} options={sites.value.map((one) => [one.site, one.name])} />
          <Toggle name="waiting" label={t("hq.part.waiting")} />
          <Toggle name="parked" label={t("hq.part.parked")} />
        </FilterBar>
        <Panel title={t("hq.orders.list")} live={page} testid="orders-list">
          {page.error && !page.data ? (
            <Trouble error={page.error} retry={page.again} />
          ) : !page.data ? (
            <Loading />
          ) : items.length === 0 ? (
            <Empty title={t("hq.orders.none")} icon="missing">{t("hq.orders.none-why")}</Empty>
          ) : (
            <OrderTable items={items} open={open} live={page} />
          )}
          <nav class="pager" aria-label={t("hq.pager")}>
            {asked("after") && (
              <>
                <a class="button" href={hrefWith({ after: undefined, open: undefined })} data-testid="orders-first">
                  {t("hq.pager.first")}
                </a>
                <a class="button" href={hrefWith({ after: before.get(asked("after")), open: undefined })} data-testid="orders-previous">
                  {t("hq.pager.previous")}
                </a>
              </>
            )}
            <span class="muted grow">{t("hq.orders.shown", { n: items.length })}</span>
            {next && (
              <a class="button" href={hrefWith({ after: next, open: undefined })} data-testid="orders-next">
                {t("hq.pager.next")}
              </a>
            )}
          </nav>
        </Panel>
      </div>
      {open && <OrderDrawer key={open} id={open} />}
    </>
  );
}

function OrderTable({ items, open, live }: { items: Order[]; open: string; live: Live<unknown> }) {
  return (
    <TableFrame label={t("hq.orders.list")}>
      <table class={`data pick ${live.loading ? "asking" : ""}`}>
        <caption class="hidden-text">{t("hq.orders.list")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("hq.col.order")}</th>
            <th scope="col">{t("hq.col.placed")}</th>
            <th scope="col" class="extra">
              {t("hq.col.customer")}
            </th>
            <th scope="col">{t("hq.col.method")}</th>
            <th scope="col">{t("hq.col.status")}</th>
            <th scope="col" class="number extra">
              {t("hq.col.lines")}
            </th>
            <th scope="col" class="number">
              {t("hq.col.units")}
            </th>
            <th scope="col">{t("hq.col.progress")}</th>
            <th scope="col" class="number">
              {t("hq.part.waiting")}
            </th>
            <th scope="col" class="number">
              {t("hq.part.parked")}
            </th>
            <th scope="col" class="number">
              {t("hq.col.out")}
            </th>
            <th scope="col" class="number extra">
              {t("hq.part.cancelled")}
            </th>
            <th scope="col" class="number extra">
              {t("hq.part.returned")}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((order) => (
            <tr
              key={order.id}
              class={open === order.id ? "open" : ""}
              onClick={(event) => {
                if (!(event.target as Element).closest("a") && !getSelection()?.toString()) setQuery({ open: order.id });
              }}
            >
              <th scope="row">
                <a href={hrefWith({ open: order.id })} data-row aria-current={open === order.id ? "true" : undefined} data-testid="orders-row">
                  {order.external_id}
                </a>
                <span class="sub">{order.channel}</span>
              </th>
              <td class="nowrap">
                <When at={order.placed_at} />
              </td>
              <td class="extra nowrap">{order.customer}</td>
              <td>
                {word("hq.method", order.method)}
                {order.pickup_site && <span class="sub nowrap">{siteName(order.pickup_site)}</span>}
              </td>
              <td>
                <StatusTag kind="hq.order-status" name={order.status} />
              </td>
              <td class="number extra">{order.line_count}</td>
              <td class="number strong">{units(order.ordered_milli)}</td>
              <td class="top">
                <OrderProgress order={order} />
              </td>
              <td class="number">
                <Units milli={order.waiting_milli} tone="warn" />
              </td>
              <td class="number">
                <Units milli={order.parked_milli} tone="warn" />
              </td>
              <td class="number">
                <Units milli={order.shipped_milli} />
              </td>
              <td class="number extra">
                <Units milli={order.cancelled_milli} />
              </td>
              <td class="number extra">
                <Units milli={order.returned_milli} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

export function OrderProgress({ order }: { order: Order }) {
  return (
    <Progress
      whole={order.ordered_milli}
      label={t("hq.order.progress", { out: units(order.shipped_milli + order.returned_milli), of: units(order.ordered_milli) })}
      parts={[
        ["shipped", order.shipped_milli],
        ["returned", order.returned_milli],
        ["cancelled", order.cancelled_milli],
        ["waiting", order.waiting_milli],
        ["parked", order.parked_milli],
      ]}
    />
  );
}

function exportCsv(items: Order[]): void {
  const plain = (milli: number) => milli / 1000;
  download(`orders-${new Date().toISOString().slice(0, 10)}.csv`, [
    ["channel", "order", "placed_at", "customer", "method", "pickup_site", "status", "lines", "ordered", "waiting", "parked", "shipped", "cancelled", "returned"],
    ...items.map((one) => [
      one.channel,
      one.external_id,
      one.placed_at,
      one.customer,
      one.method,
      one.pickup_site ?? "",
      one.status,
      one.line_count,
      plain(one.ordered_milli),
      plain(one.waiting_milli),
      plain(one.parked_milli),
      plain(one.shipped_milli),
      plain(one.cancelled_milli),
      plain(one.returned_milli),
    ]),
  ]);
}

function OrderDrawer({ id }: { id: string }) {
  const { order, groups } = useOrder(id);
  return (
    <Drawer
      title={order.data ? t("hq.order-n", { n: order.data.external_id }) : t("common.loading")}
      testid="order-drawer"
      onClose={() => setQuery({ open: undefined })}
      aside={
        <a class="button" href={href(["orders", id])} data-testid="order-open">
          {t("hq.order.open")}
        </a>
      }
    >
      {order.error && !order.data ? (
        <Trouble error={order.error} retry={order.again} />
      ) : !order.data ? (
        <Loading />
      ) : (
        <>
          <p class="row">
            <StatusTag kind="hq.order-status" name={order.data.status} />
            {order.data.waiting_milli > 0 && <Tag tone="warn">{t("hq.order.waits", { units: units(order.data.waiting_milli) })}</Tag>}
            {order.data.parked_milli > 0 && <Tag tone="warn">{t("hq.order.parked", { units: units(order.data.parked_milli) })}</Tag>}
          </p>
          <OrderFacts order={order.data} />
          <h3>{t("hq.order.lines")}</h3>
          <Lines order={order.data} groups={groups.data ?? []} short />
          <h3>{t("hq.order.groups")}</h3>
          <Groups groups={groups.data ?? []} short />
        </>
      )}
    </Drawer>
  );
}

