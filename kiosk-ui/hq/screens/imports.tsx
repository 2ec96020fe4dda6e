import { data } from "@lib/api/client";
import { hub, type Import } from "@lib/api/hub";
import { number, t } from "@lib/i18n";
import { Empty, Loading } from "@lib/ui/parts";
import { Panel, StatusTag, TableFrame, Units } from "../parts/bits";
import { Drawer } from "../parts/drawer";
import { Progress } from "../parts/bars";
import { Trouble } from "../parts/trouble";
import { useLive } from "../live";
import { asked, hrefWith, setQuery } from "../route";
import { word } from "../words";

const FIGURES = ["created", "changed", "unchanged", "rejected", "without_effect"] as const;

export function Imports() {
  const imports = useLive(async () => (await data(hub.GET("/api/v1/imports"))).items, [], { events: ["import"] });
  const open = imports.data?.find((one) => one.import === asked("open"));
  if (imports.error && !imports.data) return <Trouble error={imports.error} retry={imports.again} />;
  if (!imports.data) return <Loading />;
  return (
    <>
      <div class="screen" data-testid="imports">
        <div class="screen-head">
          <h1>{t("hq.nav.imports")}</h1>
          <span class="muted">{t("hq.imports.lead")}</span>
        </div>
        <Panel title={t("hq.imports.list")} live={imports} testid="imports-list">
          {imports.data.length === 0 ? (
            <Empty title={t("hq.imports.none")} icon="box">{t("hq.imports.none-why")}</Empty>
          ) : (
            <TableFrame label={t("hq.imports.list")}>
              <table class="data">
                <caption class="hidden-text">{t("hq.imports.list")}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t("hq.imports.kind")}</th>
                    <th scope="col">{t("hq.col.status")}</th>
                    <th scope="col">{t("hq.col.progress")}</th>
                    <th scope="col" class="number">
                      {t("hq.imports.rows")}
                    </th>
                    {FIGURES.map((name) => (
                      <th scope="col" class={`number ${name === "rejected" ? "" : "extra"}`} key={name}>
                        {word("hq.imports", name)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {imports.data.map((one) => (
                    <tr key={one.import} class={open === one ? "open" : ""}>
                      <th scope="row">
                        <a href={hrefWith({ open: one.import })} data-row aria-current={open === one ? "true" : undefined} data-testid="imports-row">
                          {word("hq.imports-kind", one.kind)}
                        </a>
                        {one.dry_run && <span class="sub">{t("hq.imports.dry")}</span>}
                      </th>
                      <td>
                        <StatusTag kind="hq.import-state" name={one.state} />
                      </td>
                      <td class="top">
                        <Progress
                          whole={one.rows_total}
                          parts={[
                            ["shipped", one.rows_done - one.rejected - one.without_effect],
                            ["short", one.rejected + one.without_effect],
                          ]}
                          label={t("hq.imports.progress", { done: one.rows_done, of: one.rows_total })}
                        />
                      </td>
                      <td class="number strong">{number(one.rows_total)}</td>
                      {FIGURES.map((name) => (
                        <td class={`number ${name === "rejected" ? "" : "extra"}`} key={name}>
                          <Units milli={one[name] * 1000} tone={name === "rejected" ? "nok" : name === "without_effect" ? "warn" : ""} />
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableFrame>
          )}
        </Panel>
      </div>
      {open && <ImportDrawer key={open.import} one={open} />}
    </>
  );
}

function ImportDrawer({ one }: { one: Import }) {
  const problems = useLive(
    () => data(hub.GET("/api/v1/imports/{import}/problems", { params: { path: { import: one.import }, query: { limit: 200 } } })),
    [one.import],
    { events: ["import"] },
  );
  return (
    <Drawer
      title={word("hq.imports-kind", one.kind)}
      testid="import-drawer"
      onClose={() => setQuery({ open: undefined })}
      aside={<StatusTag kind="hq.import-state" name={one.state} />}
    >
      {one.message && <p class="note nok">{one.message}</p>}
      <dl class="tally">
        <div>
          <dt>{t("hq.imports.rows")}</dt>
          <dd class="number">{number(one.rows_total)}</dd>
        </div>
        {FIGURES.map((name) => (
          <div key={name}>
            <dt>{word("hq.imports", name)}</dt>
            <dd class="number">{number(one[name])}</dd>
          </div>
        ))}
      </dl>
      <h3>{t("hq.imports.problems")}</h3>
      {problems.error && !problems.data ? (
        <Trouble error={problems.error} retry={problems.again} />
      ) : !problems.data ? (
        <Loading />
      ) : problems.data.items.length === 0 ? (
        <p class="muted">{t("hq.imports.no-problems")}</p>
      ) : (
        <TableFrame label={t("hq.imports.problems")}>
          <table class="data">
            <caption class="hidden-text">{t("hq.imports.problems")}</caption>
            <thead>
              <tr>
                <th scope="col" class="number">
                  {t("hq.imports.line")}
                </th>
                <th scope="col">{t("hq.imports.outcome")}</th>
                <th scope="col">{t("hq.imports.why")}</th>
              </tr>
            </thead>
            <tbody>
              {problems.data.items.map((row) => (
                <tr key={`${row.line} ${row.reason}`}>
                  <th scope="row" class="number">
                    {number(row.line)}
                  </th>
                  <td>{word("hq.imports", row.outcome)}</td>
                  <td>
                    {row.message}
                    <span class="sub code">{row.reason}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {problems.data?.next_cursor && <p class="muted">{t("hq.imports.more")}</p>}
    </Drawer>
  );
}
