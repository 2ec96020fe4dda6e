// What happened to an order: when, where, by whom, on which device.
import { data } from "@lib/api/client";
import type { components } from "@lib/api/generated/hub";
import { hub } from "@lib/api/hub";
import { t } from "@lib/i18n";
import { useLive } from "../live";
import { siteName } from "../sites";
import { Panel, When } from "./bits";
import { Trouble } from "./trouble";

type Entry = components["schemas"]["TimelineEntry"];

const AT_ONCE_MS = 60_000;

/** The same again and again, as when units are picked one by one, is said once. */
function steps(entries: Entry[]): { first: Entry; times: number }[] {
  const found: { first: Entry; times: number }[] = [];
  for (const one of entries) {
    const last = found.at(-1);
    const same = last && (["sentence", "person", "device", "site"] as const).every((name) => last.first[name] === one[name]);
    if (same && Date.parse(one.at) - Date.parse(last.first.at) < AT_ONCE_MS) last.times += 1;
    else found.push({ first: one, times: 1 });
  }
  return found;
}

export function Timeline({ order }: { order: string }) {
  const moments = useLive(async () => (await data(hub.GET("/api/v1/orders/{order}/timeline", { params: { path: { order } } }))).items, [order]);
  if (moments.error && !moments.data) {
    return (
      <Panel title={t("hq.timeline.title")}>
        <Trouble error={moments.error} retry={moments.again} />
      </Panel>
    );
  }
  if (!moments.data?.length) return null;
  return (
    <Panel title={t("hq.timeline.title")} live={moments} testid="order-timeline">
      <ol class="timeline">
        {steps(moments.data).map(({ first: one, times }) => (
          <li key={one.event}>
            <span class="timeline-at">
              <When at={one.at} exact />
            </span>
            <span class="timeline-what">
              <span lang="en">{one.sentence}</span>
              {times > 1 && <b class="number"> × {times}</b>}
              <span class="sub">{[one.person, one.device, one.site && siteName(one.site)].filter(Boolean).join(" · ")}</span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
