// Who, how the two links are, what waits to be sent, sound and colours; and what is wrong, in a full line.
import type { ComponentChildren } from "preact";
import { connected, isStale, servedBuild, silence } from "../live/stream";
import { soundOff, unlockSound } from "../feedback/tones";
import { nextTheme, theme } from "../design/theme";
import { duration, t } from "../i18n";
import { Icon, type IconName } from "../ui/icons";
import { hubLink, session, unsent } from "./session";

function LinkChip({ id, icon, name, up, words }: { id: string; icon: IconName; name: string; up: boolean; words: string }) {
  return (
    <span class={`chip ${up ? "ok" : "warn"}`} data-testid={id} data-up={String(up)}>
      <Icon name={icon} />
      <span class="long">
        {name}
        <span class={up ? "hidden-text" : ""}> {words}</span>
      </span>
      <Icon name={up ? "check" : "warn"} />
    </span>
  );
}

export function agentIsUp(): boolean {
  return connected.value && !isStale();
}

/** `children`: at its beginning. */
export function StatusBar({ outboxHref = "#/outbox", children }: { outboxHref?: string; children?: ComponentChildren }) {
  const up = agentIsUp();
  const hubUp = hubLink.value === "live" || hubLink.value === "hello";
  return (
    <>
      <header class="status-bar">
        {children}
        <span class="who">{session.value?.name}</span>
        <span class="muted where">{session.value?.station}</span>
        <span class="grow" />
        <LinkChip id="link-agent" icon="device" name={t("link.agent")} up={up} words={up ? t("link.ok") : t("link.stale", { age: duration(silence()) })} />
        <LinkChip id="link-hub" icon="cloud" name={t("link.hub")} up={hubUp} words={hubUp ? t("link.ok") : t("link.stale", { age: "" })} />
        <a class={`chip ${unsent.value ? "warn" : ""}`} href={outboxHref} data-testid="outbox-count" data-count={unsent.value}>
          <span class="long">{t("outbox.count", { n: unsent.value })}</span>
          <span class="short number" aria-hidden="true">
            ↑ {unsent.value}
          </span>
        </a>
        {soundOff.value && (
          <button type="button" class="chip warn" onClick={unlockSound} data-testid="sound-off">
            <Icon name="mute" />
            <span class="long">{t("sound.off")}</span>
          </button>
        )}
        <button
          type="button"
          class="chip"
          onClick={nextTheme}
          data-testid="theme"
          aria-label={t("theme.next", { theme: t(`theme.${theme.value}`) })}
        >
          <Icon name="contrast" />
        </button>
      </header>
      {!up && (
        <div class="banner" role="alert" data-testid="agent-down">
          <p>{t("link.agent-down")}</p>
          <p>{t("link.agent-down-do")}</p>
        </div>
      )}
      {up && hubLink.value === "down" && (
        <div class="banner warn" role="status" data-testid="hub-down">
          {t("link.hub-down", { n: unsent.value })}
        </div>
      )}
      {up && hubLink.value === "refused" && (
        <div class="banner" role="alert" data-testid="hub-refused">
          {t("link.refused")}
        </div>
      )}
      {servedBuild.value !== "" && servedBuild.value !== firstBuild() && (
        <div class="banner warn row spread" role="status" data-testid="update-ready">
          {t("update.ready")}
          <button type="button" class="button" onClick={() => location.reload()}>
            {t("update.load")}
          </button>
        </div>
      )}
    </>
  );
}

let first = "";
/** The build this page came with: the first that was told. */
function firstBuild(): string {
  first ||= servedBuild.value;
  return first;
}
