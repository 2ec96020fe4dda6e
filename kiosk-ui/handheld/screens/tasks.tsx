// H1: what there is to do. The oldest comes first; one tap takes it.
import { agent, type ShipGroup } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { Refusal } from "@lib/api/problem";
import { session } from "@lib/device/session";
import { clock, t } from "@lib/i18n";
import { Empty, ErrorNote, Loading } from "@lib/ui/parts";
import { useAsked } from "@lib/ui/use";
import { useEffect } from "preact/hooks";
import { Icon } from "@lib/ui/icons";
import { GroupCard, MoreButton, Primary, Screen } from "../parts";
import { go, href } from "../route";
import { wanted } from "../speak";
import { isClaimedHere, keyed, thisNode, useAct, useTick } from "../work";

const TRIES = 3;
const SHOWN = 50;

async function everything() {
  const site = session.value?.site;
  const groups = (status: ShipGroup["status"]) =>
    data(agent.GET("/api/v1/ship-groups", { params: { query: { status, site, method: "SHIP", limit: SHOWN } } }));
  const [node, tasks, picked, packed, putBacks] = await Promise.all([
    thisNode(),
    data(agent.GET("/api/v1/tasks", { params: { query: { limit: SHOWN } } })),
    groups("PICKED"),
    groups("PACKED"),
    data(agent.GET("/api/v1/put-backs", { params: { query: { site } } })),
  ]);
  return { node, tasks: tasks.items, more: tasks.next_cursor !== null, toPack: [...picked.items, ...packed.items], putBacks: putBacks.items, at: Date.now() };
}

export function Tasks() {
  const asked = useAsked(everything, [], ["ship_group"]);
  const act = useAct();
  const now = useTick(20_000);
  useEffect(() => {
    wanted.value = "";
  }, []);

  const here = (group: ShipGroup) => isClaimedHere(group, asked.data?.node ?? "");
  const tasks = asked.data?.tasks ?? [];
  const free = tasks.filter((task) => task.claim === null);
  const own = [...tasks.filter(here), ...(asked.data?.toPack.filter(here) ?? [])];
  const picking = own.find((group) => group.status === "PICKING");
  const toPack = asked.data?.toPack.filter((group) => !here(group)) ?? [];
  const held = tasks.filter((task) => task.claim !== null && !here(task));
  const putBackUnits = (asked.data?.putBacks ?? []).reduce((sum, one) => sum + one.milli - one.done_milli, 0) / 1000;

  const open = (group: ShipGroup) => go(group.status === "PICKED" || group.status === "PACKED" ? "pack" : "pick", group.id);
  const claim = async (group: ShipGroup, key: string) => {
    await data(agent.POST("/api/v1/tasks/{group}/claim", { params: { path: { group: group.id }, header: keyed(key) } }));
    go("pick", group.id);
  };
  /** The first that nobody was faster at. */
  const next = async (key: string) => {
    for (const [tried, task] of free.entries()) {
      try {
        return await claim(task, tried === 0 ? key : `${key}-${tried}`);
      } catch (error) {
        const faster = error instanceof Refusal && error.reason === "claimed_by_other";
        if (!faster || tried + 1 >= Math.min(TRIES, free.length)) {
          asked.again();
          throw error;
        }
      }
    }
  };

  const first = own[0];
  return (
    <Screen
      title={t("tasks.title")}
      testid="tasks"
      idle={first ? t("tasks.idle-own") : free.length > 0 ? t("tasks.idle") : t("tasks.idle-none")}
      bar={
        <>
          {first ? (
            <Primary onClick={() => open(first)}>{t("tasks.continue", { order: first.order_reference })}</Primary>
          ) : (
            <Primary onClick={() => act.run(next)} disabled={free.length === 0} busy={act.busy}>
              {t("tasks.next")}
            </Primary>
          )}
          <MoreButton />
        </>
      }
    >
      {act.error !== undefined && <ErrorNote error={act.error} retry={act.retry} />}
      {asked.error !== undefined && <ErrorNote error={asked.error} retry={asked.again} />}
      {!asked.data && asked.loading && <Loading />}
      {asked.data && (
        <div class="stack">
          {own.map((group) => (
            <GroupCard
              key={group.id}
              group={group}
              now={now}
              marked
              word={group.status === "PICKING" ? t("tasks.continue-pick") : t("tasks.continue-pack")}
              onClick={() => open(group)}
              testid={`task-${group.order_reference}`}
            />
          ))}
          {putBackUnits > 0 && (
            <a class="card link-card" href={href("put-backs")} data-testid="tasks-put-backs">
              <Icon name="putback" />
              <span>
                <b>{t("putback.title")}</b>
                <span class="muted">{t("putback.waiting", { n: putBackUnits })}</span>
              </span>
              <span class="count number">{putBackUnits}</span>
            </a>
          )}
          {free.length > 0 && (
            <section class="stack" aria-labelledby="tasks-free">
              <h2 id="tasks-free" class="section">
                {t(asked.data.more ? "tasks.free-more" : "tasks.free", { n: free.length })}
              </h2>
              {free.map((group) => (
                <GroupCard
                  key={group.id}
                  group={group}
                  now={now}
                  disabled={act.busy || picking !== undefined}
                  onClick={() => act.run((key) => claim(group, key))}
                  testid={`task-${group.order_reference}`}
                />
              ))}
            </section>
          )}
          {toPack.length > 0 && (
            <section class="stack" aria-labelledby="tasks-pack">
              <h2 id="tasks-pack" class="section">
                {t("tasks.to-pack", { n: toPack.length })}
              </h2>
              {toPack.map((group) => (
                <GroupCard key={group.id} group={group} now={now} word={t("tasks.pack")} onClick={() => open(group)} testid={`task-${group.order_reference}`} />
              ))}
            </section>
          )}
          {held.length > 0 && (
            <section class="stack" aria-labelledby="tasks-held">
              <h2 id="tasks-held" class="section">
                {t("tasks.held", { n: held.length })}
              </h2>
              {held.map((group) => (
                <GroupCard
                  key={group.id}
                  group={group}
                  now={now}
                  word={t("tasks.at", { station: group.claim?.station ?? "" })}
                  testid={`task-${group.order_reference}`}
                />
              ))}
            </section>
          )}
          {own.length + free.length + toPack.length === 0 && (
            <Empty title={t("tasks.none")} icon="check">
              <p>{t("tasks.none-do")}</p>
              <p>{t("common.checked", { at: clock(asked.data.at) })}</p>
              <button type="button" class="button" onClick={asked.again} data-testid="tasks-check">
                {t("common.check")}
              </button>
            </Empty>
          )}
        </div>
      )}
    </Screen>
  );
}
