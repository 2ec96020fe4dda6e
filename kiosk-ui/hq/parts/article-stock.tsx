// What a channel can sell of an article: each site's figures, why some of it is not sold, and how old they are.
import { data } from "@lib/api/client";
import { hub } from "@lib/api/hub";
import type { components } from "@lib/api/generated/hub";
import { duration, t, units } from "@lib/i18n";
import { Empty, Loading } from "@lib/ui/parts";
import { useLive } from "../live";
import { asked } from "../route";
import { siteName } from "../sites";
import { word } from "../words";
import { Panel, TableFrame, Tag, Units } from "./bits";
import { Choice } from "./filters";

type ChannelStock = components["schemas"]["ChannelStock"];
type SiteOffer = components["schemas"]["SiteOffer"];

const SECOND_MS = 1000;

export function ArticleStock({ sku }: { sku: string }) {
  const channel = asked("channel");
  const found = useLive(async () => {
    const [product, stock, channels] = await Promise.all([
      data(hub.GET("/api/v1/products/{sku}", { params: { path: { sku } } })),
      data(hub.GET("/api/v1/atp", { params: { query: { sku, ...(channel ? { channel } : {}) } } })),
      data(hub.GET("/api/v1/channels")),
    ]);
    return { product, stock, channels: channels.items.filter((one) => one.active).map((one) => one.channel) };
  }, [sku, channel], { beat: true });
  const known = found.data?.product.sku === sku ? found.data : undefined;
  const title = t("hq.stock.article", { name: known ? known.product.name : sku });
  return (
    <Panel title={title} live={found} testid="stock-article">
      {found.error && !known ? (
        <Empty title={t("hq.stock.unknown", { sku })} icon="missing">
          {t("hq.stock.unknown-do")}
        </Empty>
      ) : !found.data ? (
        <Loading />
      ) : (
        <>
          {found.data.channels.length > 0 && (
            <Choice name="channel" label={t("hq.stock.channel")} options={found.data.channels.map((one) => [one, one])} />
          )}
          <Online stock={found.data.stock} />
          <Sites title={title} sites={found.data.stock.sites} />
        </>
      )}
    </Panel>
  );
}

/** The sum, as it is made up. */
function Online({ stock }: { stock: ChannelStock }) {
  const parts: [key: "hq.stock.sellable" | "hq.stock.threshold" | "hq.stock.unbrokered" | "hq.stock.soft" | "hq.stock.future", sign: string, milli: number][] = [
    ["hq.stock.sellable", "", stock.sellable_milli],
    ["hq.stock.threshold", "− ", stock.threshold_milli],
    ["hq.stock.unbrokered", "− ", stock.unbrokered_milli],
    ["hq.stock.soft", "− ", stock.soft_milli],
    ["hq.stock.future", "+ ", stock.future_milli],
  ];
  return (
    <dl class="facts" data-testid="stock-online">
      {parts
        .filter(([, sign, milli]) => sign === "" || milli !== 0)
        .map(([key, sign, milli]) => (
          <div key={key}>
            <dt>{t(key)}</dt>
            <dd class="number">
              {sign}
              {units(milli)}
            </dd>
          </div>
        ))}
      <div>
        <dt>{t("hq.stock.online")}</dt>
        <dd class={`number strong ${stock.online_milli <= 0 ? "warn" : ""}`}>{units(stock.online_milli)}</dd>
      </div>
    </dl>
  );
}

function Sites({ title, sites }: { title: string; sites: SiteOffer[] }) {
  return (
    <TableFrame label={title}>
      <table class="data">
        <caption class="hidden-text">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t("hq.col.site")}</th>
            <th scope="col" class="number">
              {t("hq.col.on-hand")}
            </th>
            <th scope="col" class="number">
              − {t("hq.col.reserved")}
            </th>
            <th scope="col" class="number">
              − {t("hq.col.held")}
            </th>
            <th scope="col" class="number">
              = {t("hq.col.available")}
            </th>
            <th scope="col" class="number">
              − {t("hq.col.safety")}
            </th>
            <th scope="col" class="number">
              = {t("hq.col.sellable")}
            </th>
            <th scope="col" class="number">
              {t("hq.col.collect")}
            </th>
            <th scope="col">{t("hq.col.known")}</th>
          </tr>
        </thead>
        <tbody>
          {sites.map((one) => (
            <tr key={one.site}>
              <th scope="row">{siteName(one.site)}</th>
              <td class="number">{units(one.on_hand_milli)}</td>
              <td class="number">
                <Units milli={one.reserved_milli} />
              </td>
              <td class="number">
                <Units milli={one.unavailable_milli} />
              </td>
              <td class={`number strong ${one.atp_milli <= 0 ? "warn" : ""}`}>{units(one.atp_milli)}</td>
              <td class="number" title={one.safety_rule}>
                <Units milli={one.safety_milli} />
              </td>
              <td class="number strong">
                {one.withheld ? <Tag tone="warn">{word("hq.withheld", one.withheld)}</Tag> : units(one.sellable_milli)}
              </td>
              <td class="number">{units(one.pickup_milli)}</td>
              <td>{known(one)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** How old what is known of the site is. */
function known(one: SiteOffer): string {
  if (one.age_s === null) return t("hq.stock.never-heard");
  return one.age_s === 0 ? t("hq.stock.now") : t("hq.ago", { age: duration(one.age_s * SECOND_MS) });
}
