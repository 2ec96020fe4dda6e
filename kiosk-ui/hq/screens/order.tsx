import { data } from "@lib/api/client";
import { hub, type Order, type OrderDetail, type OrderLine, type Package, type Return, type ShipGroupDetail } from "@lib/api/hub";
import { mass, money, t, units } from "@lib/i18n";
import { Empty, Loading } from "@lib/ui/parts";
import { useEffect, useState } from "preact/hooks";
import { CancelSheet, ConvertSheet, MintSheet } from "../parts/actions";
import { Progress } from "../parts/bars";
import { Ago, Panel, StatusTag, Tag, TableFrame, Units, When } from "../parts/bits";
import { Timeline } from "../parts/timeline";
import { Trouble } from "../parts/trouble";
import { type Live, useLive } from "../live";
import { href } from "../route";
import { may } from "../session";
import { siteName } from "../sites";
import { word } from "../words";
import { OrderProgress } from "./orders";

export function useOrder(id: string): { order: Live<OrderDetail>; groups: Live<ShipGroupDetail[]> } {
  const order = useLive(() => data(hub.GET("/api/v1/orders/{order}", { params: { path: { order: id } } })), [id]);
  const ids = order.data?.ship_groups.map((group) => group.id) ?? [];
  const groups = useLive(
    () => Promise.all(ids.map((group) => data(hub.GET("/api/v1/ship-groups/{group}", { params: { path: { group } } })))),
    [ids.join(" ")],
  );
  return { order, groups };
}

export function OrderFacts({ order }: { order: Order }) {
  return (
    <dl class="facts two">
      <dt>{t("hq.col.placed")}</dt>
      <dd>
        <When at={order.placed_at} />
      </dd>
      <dt>{t("hq.col.customer")}</dt>
      <dd>{order.customer || "–"}</dd>
      <dt>{t("hq.col.channel")}</dt>
      <dd>{order.channel}</dd>
      <dt>{t("hq.col.method")}</dt>
      <dd>
        {word("hq.method", order.method)}
        {order.pickup_site && ` · ${siteName(order.pickup_site)}`}
      </dd>
    </dl>
  );
}

function lineProgress(line: OrderLine): [string, number][] {
  return [
    ["shipped", line.shipped_milli],
    ["returned", line.returned_milli],
    ["picked", Math.max(0, line.picked_milli)],
    ["cancelled", line.cancelled_milli],
    ["waiting", line.waiting_milli],
    ["parked", line.parked_milli],
  ];
}

export function Lines({ order, groups, short = false, onCancel, onConvert }: { order: OrderDetail; groups: ShipGroupDetail[]; short?: boolean; onCancel?: (line: OrderLine) => void; onConvert?: (line: OrderLine) => void }) {
  const acts = !short && order.lines.some((line) => (onConvert && line.parked_milli > 0) || (onCancel && cancellable(line, groups) > 0));
  const waits = !short || order.lines.some((line) => line.waiting_milli + line.parked_milli > 0);
  return (
    <TableFrame label={t("hq.order.lines")}>
      <table class="data" data-testid="order-lines">
        <caption class="hidden-text">{t("hq.order.lines")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("hq.col.article")}</th>
            {!short && (
              <th scope="col" class="number">
                {t("hq.col.price")}
              </th>
            )}
            <th scope="col" class="number">
              {t("hq.col.ordered")}
            </th>
            <th scope="col">{t("hq.col.progress")}</th>
            {waits && (
              <>
                <th scope="col" class="number">
                  {t("hq.part.waiting")}
                </th>
                <th scope="col" class="number">
                  {t("hq.part.parked")}
                </th>
              </>
            )}
            {!short && (
              <>
                <th scope="col" class="number">
                  {t("hq.col.routed")}
                </th>
                <th scope="col" class="number">
                  {t("hq.part.picked")}
                </th>
              </>
            )}
            <th scope="col" class="number">
              {t("hq.col.out")}
            </th>
            {!short && (
              <>
                <th scope="col" class="number">
                  {t("hq.part.returned")}
                </th>
                <th scope="col" class="number">
                  {t("hq.part.cancelled")}
                </th>
              </>
            )}
            {acts && <th scope="col">{t("hq.col.actions")}</th>}
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line) => (
            <tr key={line.line}>
              <th scope="row">
                {line.name || line.sku}
                <span class="sub code">
                  {line.sku}
                  {line.service && ` · ${t("hq.order.service")}`}
                  {line.kit && ` · ${t("hq.order.kit", { kit: line.kit.name || line.kit.sku, n: line.kit.quantity_milli / 1000 })}`}
                </span>
              </th>
              {!short && <td class="number">{money(line.unit_price)}</td>}
              <td class="number strong">{units(line.ordered_milli)}</td>
              <td class="top">
                <Progress
                  whole={line.ordered_milli}
                  parts={lineProgress(line)}
                  label={t("hq.order.progress", { out: units(line.shipped_milli + line.returned_milli), of: units(line.ordered_milli) })}
                />
              </td>
              {waits && (
                <>
                  <td class="number">
                    <Units milli={line.waiting_milli} tone="warn" />
                  </td>
                  <td class="number">
                    <Units milli={line.parked_milli} tone="warn" />
                  </td>
                </>
              )}
              {!short && (
                <>
                  <td class="number">
                    <Units milli={line.routed_milli} />
                  </td>
                  <td class="number">
                    <Units milli={line.picked_milli} />
                  </td>
                </>
              )}
              <td class="number">
                <Units milli={line.shipped_milli} />
              </td>
              {!short && (
                <>
                  <td class="number">
                    <Units milli={line.returned_milli} />
                  </td>
                  <td class="number">
                    <Units milli={line.cancelled_milli} />
                  </td>
                </>
              )}
              {acts && (
                <td class="acts">
                  {line.parked_milli > 0 && onConvert && (
                    <button type="button" class="button small" onClick={() => onConvert(line)} data-testid="line-convert">
                      {t("hq.action.convert")}
                      <span class="hidden-text"> {line.name}</span>
                    </button>
                  )}{" "}
                  {cancellable(line, groups) > 0 && onCancel && (
                    <button type="button" class="button small danger" onClick={() => onCancel(line)} data-testid="line-cancel">
                      {t("hq.action.cancel")}
                      <span class="hidden-text"> {line.name}</span>
                    </button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** What a cancellation can still reach: with no site, or in a ship group and not packed. */
export function cancellable(line: OrderLine, groups: ShipGroupDetail[]): number {
  if (line.service) return line.ordered_milli - line.cancelled_milli;
  return line.waiting_milli + line.parked_milli + atSites(line, groups).reduce((sum, one) => sum + one.milli, 0);
}

/** The newest group first, as the hub goes about it. */
export function atSites(line: OrderLine, groups: ShipGroupDetail[]): { group: ShipGroupDetail; milli: number; picked: number }[] {
  return [...groups]
    .sort((a, b) => b.allocated_at.localeCompare(a.allocated_at))
    .flatMap((group) =>
      group.lines
        .filter((one) => one.line === line.line && one.open_milli + one.picked_milli > 0)
        .map((one) => ({ group, milli: one.open_milli + one.picked_milli, picked: one.picked_milli })),
    );
}

function PackageRow({ one }: { one: Package }) {
  return (
    <tr>
      <td class="code nowrap">{one.sscc ?? t("hq.package.no-number")}</td>
      <td class="code nowrap">{one.tracking ?? "–"}</td>
      <td class="number">
        <Units milli={one.lines.reduce((sum, line) => sum + line.milli, 0)} />
      </td>
      <td class="number nowrap">{one.weight_mg ? mass(one.weight_mg) : "–"}</td>
      <td>
        <StatusTag kind="hq.weight" name={one.weight_check} />
      </td>
      <td>
        <StatusTag kind="hq.label" name={one.label} />
        {one.print_detail && <span class="sub">{one.print_detail}</span>}
      </td>
    </tr>
  );
}

const BUCKETS = ["open", "picked", "packed", "shipped", "handed_over", "short", "cancelled", "returned"] as const;

export function Groups({ groups, short = false, onMint }: { groups: ShipGroupDetail[]; short?: boolean; onMint?: (group: ShipGroupDetail) => void }) {
  if (groups.length === 0) return <p class="muted">{t("hq.order.no-groups")}</p>;
  return (
    <ol class="groups">
      {groups.map((group) => (
        <li class="group" key={group.id} data-testid="order-group">
          <div class="row">
            <strong>{siteName(group.site)}</strong>
            <StatusTag kind="hq.group" name={group.status} />
            <span class="muted">{word("hq.method", group.method)}</span>
            {group.pickup?.locked && <Tag tone="nok">{t("hq.pickup.locked")}</Tag>}
            <span class="grow" />
            {onMint && mintable(group) && (
              <button type="button" class="button small" onClick={() => onMint(group)} data-testid="group-mint">
                {t(group.pickup?.code_minted ? "hq.action.mint-again" : "hq.action.mint")}
              </button>
            )}
          </div>
          <p class="muted">
            {t("hq.group.given")} <Ago at={group.allocated_at} />
            {group.claim && ` · ${t("hq.group.claimed", { station: group.claim.station })}`}
            {group.pickup && ` · ${pickupWords(group.pickup)}`}
          </p>
          <p class="bucket-row">
            {BUCKETS.filter((part) => group[`${part}_milli`] > 0).map((part) => (
              <span key={part} class="bucket">
                <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
                  <rect class={`part-${part}`} width="10" height="10" rx="2" />
                </svg>
                {word("hq.part", part)} <b class="number">{units(group[`${part}_milli`])}</b>
              </span>
            ))}
          </p>
          {!short && group.packages.length > 0 && (
            <TableFrame label={t("hq.package.list", { site: siteName(group.site) })}>
              <table class="data">
                <caption class="hidden-text">{t("hq.package.list", { site: siteName(group.site) })}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t("hq.package.sscc")}</th>
                    <th scope="col">{t("hq.package.tracking")}</th>
                    <th scope="col" class="number">
                      {t("hq.col.units")}
                    </th>
                    <th scope="col" class="number">
                      {t("hq.package.weight")}
                    </th>
                    <th scope="col">{t("hq.package.check")}</th>
                    <th scope="col">{t("hq.package.label")}</th>
                  </tr>
                </thead>
                <tbody>
                  {group.packages.map((one) => (
                    <PackageRow key={one.package} one={one} />
                  ))}
                </tbody>
              </table>
            </TableFrame>
          )}
        </li>
      ))}
    </ol>
  );
}

function pickupWords(pickup: NonNullable<ShipGroupDetail["pickup"]>): string {
  if (!pickup.code_minted) return t("hq.pickup.no-code");
  return pickup.wrong_codes ? t("hq.pickup.wrong", { n: pickup.wrong_codes }) : t("hq.pickup.has-code");
}

function mintable(group: ShipGroupDetail): boolean {
  return group.method === "PICKUP" && !["HANDED_OVER", "SHIPPED", "CANCELLED", "REJECTED"].includes(group.status);
}

function Returns({ items }: { items: Return[] }) {
  return (
    <TableFrame label={t("hq.returns.title")}>
      <table class="data" data-testid="order-returns">
        <caption class="hidden-text">{t("hq.returns.title")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("hq.returns.taken")}</th>
            <th scope="col">{t("hq.col.site")}</th>
            <th scope="col">{t("hq.col.article")}</th>
            <th scope="col" class="number">
              {t("hq.col.units")}
            </th>
            <th scope="col">{t("hq.returns.condition")}</th>
            <th scope="col">{t("hq.returns.reason")}</th>
            <th scope="col" class="number">
              {t("hq.returns.refund")}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.flatMap((one) =>
            one.lines.map((line, i) => (
              <tr key={`${one.id} ${i}`}>
                <td class="nowrap">
                  <When at={one.taken_at} />
                </td>
                <td>{siteName(one.site)}</td>
                <td>
                  {line.name || line.sku}
                  <span class="sub code">{line.sku}</span>
                </td>
                <td class="number">{units(line.milli)}</td>
                <td>
                  {word("hq.condition", line.condition)}
                  {line.to_location && <span class="sub code">{line.to_location}</span>}
                </td>
                <td>
                  {one.reason || "–"}
                  {one.approved_by && <span class="sub">{t("hq.returns.approved")}</span>}
                </td>
                <td class="number">{money({ minor: line.refund_minor, currency: one.refund.currency })}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Crumbs({ here }: { here: string }) {
  return (
    <nav class="crumbs" aria-label={t("hq.crumbs")}>
      <a href={href(["orders"])}>{t("hq.nav.orders")}</a>
      <span aria-hidden="true">/</span>
      <span aria-current="page">{here}</span>
    </nav>
  );
}

type Doing = { what: "cancel" | "convert"; line: OrderLine } | { what: "mint"; group: ShipGroupDetail };

export function OrderPage({ id }: { id: string }) {
  const { order, groups } = useOrder(id);
  const returns = useLive(async () => (await data(hub.GET("/api/v1/returns", { params: { query: { order_id: id } } }))).items, [id]);
  const [doing, setDoing] = useState<Doing>();
  const found = order.data;
  useEffect(() => {
    if (found) document.title = `${t("hq.order-n", { n: found.external_id })} · Cairn`;
  }, [found?.external_id]);

  if (order.error && !found) {
    return (
      <div class="screen">
        <Crumbs here="–" />
        <Trouble error={order.error} retry={order.again} />
      </div>
    );
  }
  if (!found) return <Loading />;
  const again = () => {
    setDoing(undefined);
    order.again();
    groups.again();
  };
  const canChange = may("orders.import");
  return (
    <div class="screen" data-testid="order">
      <Crumbs here={found.external_id} />
      <div class="screen-head">
        <h1>{t("hq.order-n", { n: found.external_id })}</h1>
        <StatusTag kind="hq.order-status" name={found.status} />
        {found.waiting_milli > 0 && <Tag tone="warn">{t("hq.order.waits", { units: units(found.waiting_milli) })}</Tag>}
        {found.parked_milli > 0 && <Tag tone="warn">{t("hq.order.parked", { units: units(found.parked_milli) })}</Tag>}
      </div>
      <div class="order-top">
        <Panel title={t("hq.order.facts")} live={order}>
          <OrderFacts order={found} />
        </Panel>
        <Panel title={t("hq.order.state")}>
          <OrderProgress order={found} />
          <dl class="tally">
            {(
              [
                ["hq.col.ordered", found.ordered_milli],
                ["hq.part.waiting", found.waiting_milli],
                ["hq.part.parked", found.parked_milli],
                ["hq.col.out", found.shipped_milli],
                ["hq.part.returned", found.returned_milli],
                ["hq.part.cancelled", found.cancelled_milli],
              ] as const
            ).map(([key, milli]) => (
              <div key={key}>
                <dt>{t(key)}</dt>
                <dd class="number">{units(milli)}</dd>
              </div>
            ))}
          </dl>
        </Panel>
      </div>
      {found.shortages.length > 0 && (
        <div class="note" data-testid="order-shortages">
          <p>{t("hq.order.shortages")}</p>
          <ul class="bullets">
            {found.shortages.map((one) => (
              <li key={one.sku}>{t("hq.order.shortage", { sku: one.sku, wanted: units(one.wanted_milli), available: units(one.available_milli) })}</li>
            ))}
          </ul>
        </div>
      )}
      <Panel title={t("hq.order.lines")} live={order} testid="order-lines-panel">
        <Lines
          order={found}
          groups={groups.data ?? []}
          onCancel={canChange ? (line) => setDoing({ what: "cancel", line }) : undefined}
          onConvert={canChange && found.method === "PICKUP" ? (line) => setDoing({ what: "convert", line }) : undefined}
        />
        {!canChange && <p class="muted pad">{t("hq.action.not-yours")}</p>}
      </Panel>
      <Panel title={t("hq.order.groups")} live={groups} testid="order-groups">
        {groups.error && !groups.data ? (
          <Trouble error={groups.error} retry={groups.again} />
        ) : (
          <Groups groups={groups.data ?? []} onMint={may("pickups.mint") ? (group) => setDoing({ what: "mint", group }) : undefined} />
        )}
      </Panel>
      {(returns.data?.length ?? 0) > 0 && (
        <Panel title={t("hq.returns.title")} live={returns}>
          <Returns items={returns.data ?? []} />
        </Panel>
      )}
      <Timeline order={id} />
      {found.lines.length === 0 && <Empty title={t("hq.order.no-lines")} />}
      {doing?.what === "cancel" && <CancelSheet order={found} line={doing.line} groups={groups.data ?? []} onClose={() => setDoing(undefined)} onDone={again} />}
      {doing?.what === "convert" && <ConvertSheet order={found} line={doing.line} onClose={() => setDoing(undefined)} onDone={again} />}
      {doing?.what === "mint" && <MintSheet group={doing.group} onClose={again} />}
    </div>
  );
}
