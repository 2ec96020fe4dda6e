// Parts of the handheld's screens.
import type { ShipGroup } from "@lib/api/agent";
import { cameraOpen, CameraPanel } from "@lib/camera/panel";
import { agentIsUp } from "@lib/device/status-bar";
import { FeedbackBand } from "@lib/feedback/band";
import { duration, t } from "@lib/i18n";
import { Icon, type IconName } from "@lib/ui/icons";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { moreOpen } from "./more";
import { go } from "./route";

/** A screen: what the last read became, the content, the bar at the thumb. */
export function Screen({
  title,
  children,
  bar,
  idle,
  testid,
  band = true,
}: {
  title: string;
  children: ComponentChildren;
  bar: ComponentChildren;
  idle?: string;
  testid: string;
  band?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Cairn`;
  }, [title]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <>
      {band && (
        <div class="band-place">
          <FeedbackBand idle={agentIsUp() ? idle : t("handheld.no-scans")} />
        </div>
      )}
      <main class="work" data-testid={testid}>
        <h1 class="screen-title" tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {cameraOpen.value && <CameraPanel />}
        {children}
      </main>
      <nav class="bar" aria-label={t("handheld.actions")}>
        {bar}
      </nav>
    </>
  );
}

export function BarButton({
  icon,
  onClick,
  disabled,
  children,
  testid,
}: {
  icon: IconName;
  onClick: () => void;
  disabled?: boolean;
  children: ComponentChildren;
  testid: string;
}) {
  return (
    <button type="button" class="button bar-side" onClick={onClick} disabled={disabled} data-testid={testid}>
      <Icon name={icon} />
      <span>{children}</span>
    </button>
  );
}

export function Primary({
  onClick,
  disabled,
  busy = false,
  children,
}: {
  onClick: () => void;
  disabled?: boolean;
  busy?: boolean;
  children: ComponentChildren;
}) {
  return (
    <button type="button" class="button primary" onClick={onClick} disabled={disabled || busy} aria-busy={busy} data-testid="primary">
      {busy ? t("handheld.working") : children}
    </button>
  );
}

export function BackButton() {
  return (
    <BarButton icon="back" onClick={() => go()} testid="back">
      {t("tasks.title")}
    </BarButton>
  );
}

export function MoreButton() {
  return (
    <BarButton icon="more" onClick={() => (moreOpen.value = true)} testid="more">
      {t("common.more")}
    </BarButton>
  );
}

/** How far: drawn and said. */
export function Progress({ done, of, label }: { done: number; of: number; label: string }) {
  return (
    <progress class="progress" max={Math.max(1, of)} value={done} aria-label={label}>
      {label}
    </progress>
  );
}

/** Neither open nor short nor cancelled. */
export function doneMilli(of: Pick<ShipGroup, "ordered_milli" | "open_milli" | "short_milli" | "cancelled_milli">): number {
  return of.ordered_milli - of.open_milli - of.short_milli - of.cancelled_milli;
}

/** What is to be done in all. */
export function wantedMilli(of: Pick<ShipGroup, "ordered_milli" | "short_milli" | "cancelled_milli">): number {
  return of.ordered_milli - of.short_milli - of.cancelled_milli;
}

export function Method({ method }: { method: ShipGroup["method"] }) {
  return (
    <span class="chip">
      <Icon name={method === "SHIP" ? "truck" : "box"} />
      {method === "SHIP" ? t("tasks.ship") : t("tasks.pickup")}
    </span>
  );
}

/** A task as a card that can be tapped. */
export function GroupCard({
  group,
  word,
  now,
  onClick,
  disabled = false,
  marked = false,
  testid,
}: {
  group: ShipGroup;
  /** What a tap does, or who has it. */
  word?: string;
  now: number;
  onClick?: () => void;
  disabled?: boolean;
  marked?: boolean;
  testid: string;
}) {
  const done = doneMilli(group);
  const of = wantedMilli(group);
  const inner = (
    <>
      <span class="card-top">
        <span class="order number">{group.order_reference}</span>
        <Method method={group.method} />
      </span>
      <span class="card-facts">
        <span>{t("common.lines", { n: group.line_count })}</span>
        <span>{t("common.units", { n: of / 1000 })}</span>
        <span class="muted">{t("tasks.age", { age: duration(now - Date.parse(group.allocated_at)) })}</span>
      </span>
      {done > 0 && <Progress done={done} of={of} label={t("tasks.progress", { done: done / 1000, of: of / 1000 })} />}
      {word && <span class="card-word">{word}</span>}
    </>
  );
  return onClick ? (
    <button type="button" class={`card task ${marked ? "marked" : ""}`} onClick={onClick} disabled={disabled} data-testid={testid}>
      {inner}
    </button>
  ) : (
    <div class="card task held" data-testid={testid}>
      {inner}
    </div>
  );
}

/** The whole screen in the colour of what it means. */
export function Finished({
  kind,
  title,
  children,
  primary,
  onPrimary,
  second,
  onSecond,
  busy = false,
}: {
  kind: "ok" | "warn";
  title: string;
  children?: ComponentChildren;
  primary: string;
  onPrimary: () => void;
  second?: string;
  onSecond?: () => void;
  busy?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Cairn`;
    heading.current?.focus();
  }, [title]);
  return (
    <main class={`finished ${kind}`} data-testid="finished" data-kind={kind}>
      <div class="finished-words">
        <span class="finished-mark" aria-hidden="true">
          {kind === "ok" ? "✓" : "!"}
        </span>
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        <div role="status">{children}</div>
      </div>
      <div class="stack">
        {second && onSecond && (
          <button type="button" class="button wide" onClick={onSecond} disabled={busy} data-testid="finished-second">
            {second}
          </button>
        )}
        <button type="button" class="button primary wide" onClick={onPrimary} disabled={busy} data-testid="primary">
          {primary}
        </button>
      </div>
    </main>
  );
}
