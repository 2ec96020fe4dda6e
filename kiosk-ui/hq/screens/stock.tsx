import { data } from "@lib/api/client";
import { hub } from "@lib/api/hub";
import { t, units } from "@lib/i18n";
import { Empty, Loading } from "@lib/ui/parts";
import { ArticleStock } from "../parts/article-stock";
import { Panel, TableFrame } from "../parts/bits";
import { Choice, FilterBar, SearchField } from "../parts/filters";
import { Trouble } from "../parts/trouble";
import { useLive } from "../live";
import { asked, hrefWith } from "../route";
import { siteName, sites } from "../sites";

const PAGE = 100;

/** An article over all sites where one is asked for, else a site's places. */
export function Stock() {
  const sku = asked("text");
  const site = asked("site") || (sku ? "" : (sites.value[0]?.site ?? ""));
  return (
    <div class="screen" data-testid="stock">
      <div class="screen-head">
        <h1>{t("hq.nav.stock")}</h1>
        <span class="muted">{t("hq.stock.lead")}</span>
      </div>
      <FilterBar label={t("hq.filter.label")}>
        <SearchField name="text" label={t("hq.stock.search")} />
        <Choice name="site" label={t("hq.col.site")} options={sites.value.map((one) => [one.site, one.name])} />
      </FilterBar>
      {sku && <ArticleStock sku={sku} />}
      {site && <Places site={site} sku={sku} />}
    </div>
  );
}

function Places({ site, sku }: { site: string; sku: string }) {
  const after = asked("after");
  const page = useLive(
    () => data(hub.GET("/api/v1/stock", { params: { query: { site, limit: PAGE, ...(sku ? { sku } : {}), ...(after ? { cursor: after } : {}) } } })),
    [site, sku, after],
  );
  const next = page.data?.next_cursor;
  const title = t("hq.stock.places", { site: siteName(site) });
  return (
    <Panel title={title} live={page} testid="stock-places">
      {page.error && !page.data ? (
        <Trouble error={page.error} retry={page.again} />
      ) : !page.data ? (
        <Loading />
      ) : page.data.items.length === 0 ? (
        <Empty title={t("hq.stock.none")} icon="box" />
      ) : (
        <TableFrame label={title}>
          <table class="data">
            <caption class="hidden-text">{title}</caption>
            <thead>
              <tr>
                <th scope="col">{t("hq.col.article")}</th>
                <th scope="col">{t("hq.col.place")}</th>
                <th scope="col" class="number">
                  {t("hq.col.on-hand")}
                </th>
                <th scope="col">{t("hq.col.uom")}</th>
              </tr>
            </thead>
            <tbody>
              {page.data.items.map((cell) => (
                <tr key={`${cell.sku} ${cell.location}`}>
                  <th scope="row">
                    <a class="code" href={hrefWith({ text: cell.sku, site: undefined, after: undefined })} data-row>
                      {cell.sku}
                    </a>
                  </th>
                  <td class="code">{cell.location}</td>
                  <td class={`number ${cell.on_hand_milli < 0 ? "nok" : ""}`}>{units(cell.on_hand_milli)}</td>
                  <td>{cell.uom}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <nav class="pager" aria-label={t("hq.pager")}>
        {after && (
          <a class="button" href={hrefWith({ after: undefined })}>
            {t("hq.pager.first")}
          </a>
        )}
        <span class="grow" />
        {next && (
          <a class="button" href={hrefWith({ after: next })}>
            {t("hq.pager.next")}
          </a>
        )}
      </nav>
    </Panel>
  );
}
