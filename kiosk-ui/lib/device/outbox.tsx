// What is done here and saved here, and not at head office yet.
import { agent } from "../api/agent";
import { data } from "../api/client";
import { Refusal } from "../api/problem";
import { clock, duration, t } from "../i18n";
import { Empty, ErrorNote, Loading } from "../ui/parts";
import { useAsked } from "../ui/use";
import { hubLink } from "./session";

/** Programs from before the list have figures only. */
async function askList() {
  try {
    return await data(agent.GET("/api/v1/outbox"));
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return undefined;
    throw error;
  }
}

async function ask() {
  const [sync, list] = await Promise.all([data(agent.GET("/api/v1/sync")), askList()]);
  return { sync, list, at: Date.now() };
}

/** "LinePicked" as people read it: "Line picked". */
function words(event: string): string {
  const spaced = event.replace(/([a-z])([A-Z])/g, "$1 $2");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1).toLowerCase();
}

export function Outbox() {
  const asked = useAsked(ask, [], ["link", "ship_group"]);
  if (asked.error && !asked.data) return <ErrorNote error={asked.error} retry={asked.again} />;
  if (!asked.data) return <Loading />;
  const { sync, list, at } = asked.data;
  const linked = hubLink.value === "live";
  return (
    <div class="stack">
      {sync.unacked === 0 ? (
        <Empty title={t("outbox.none")} icon="check">
          <p>{t("outbox.none-why", { time: clock(at) })}</p>
        </Empty>
      ) : (
        <div class="note stack" data-testid="outbox-why">
          <p>
            <strong>{t("outbox.waiting", { n: sync.unacked })}</strong>
          </p>
          <p>{linked ? t("outbox.sending") : t("outbox.offline")}</p>
        </div>
      )}
      <dl class="figures">
        <div>
          <dt>{t("outbox.link")}</dt>
          <dd data-testid="outbox-link">{t(`outbox.link.${sync.link}`)}</dd>
        </div>
        <div>
          <dt>{t("outbox.heard")}</dt>
          <dd>{sync.hub_heard_at ? t("outbox.ago", { age: duration(at - Date.parse(sync.hub_heard_at)) }) : t("outbox.never")}</dd>
        </div>
        <div>
          <dt>{t("outbox.unsent")}</dt>
          <dd class="number">{t("outbox.entries", { n: sync.unacked })}</dd>
        </div>
        <div>
          <dt>{t("outbox.behind")}</dt>
          <dd class="number">{t("outbox.entries", { n: sync.behind })}</dd>
        </div>
      </dl>
      {sync.detail && <p class="note">{sync.detail}</p>}
      {list && list.total > list.items.length && <p class="muted">{t("outbox.oldest", { n: list.items.length, total: list.total })}</p>}
      {list && list.items.length > 0 && (
        <ul class="list" data-testid="outbox-list">
          {list.items.map((one) => (
            <li class="row spread" key={one.event}>
              <span>
                {words(one.type)}
                {one.about && <strong> {one.about}</strong>}
              </span>
              <time dateTime={one.at} class="muted">
                {t("outbox.ago", { age: duration(at - Date.parse(one.at)) })}
              </time>
            </li>
          ))}
        </ul>
      )}
      <button type="button" class="button" onClick={asked.again} data-testid="outbox-again">
        {t("outbox.look-again")}
      </button>
    </div>
  );
}
