// Small parts of head office's screens.
import { duration, locale, moment, t, units } from "@lib/i18n";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Live, now } from "../live";
import { word, tone as toneOf, type Tone } from "../words";

export function Tag({ tone = "", children, testid }: { tone?: Tone; children: ComponentChildren; testid?: string }) {
  return (
    <span class={`tag ${tone}`} data-testid={testid}>
      {children}
    </span>
  );
}

export function StatusTag({ kind, name }: { kind: "hq.group" | "hq.order-status" | "hq.label" | "hq.weight" | "hq.import-state"; name: string }) {
  return <Tag tone={toneOf(name)}>{word(kind, name)}</Tag>;
}

export function Method({ method }: { method: string }) {
  return <span class="method">{word("hq.method", method)}</span>;
}

/** A quantity; nothing is a quiet dash, so that what is there stands out. */
export function Units({ milli, tone = "" }: { milli: number; tone?: Tone }) {
  if (milli === 0) {
    return (
      <span class="nil">
        <span aria-hidden="true">–</span>
        <span class="hidden-text">0</span>
      </span>
    );
  }
  return <span class={tone}>{units(milli)}</span>;
}

export function Ago({ at }: { at: string | number }) {
  const then = typeof at === "number" ? at : Date.parse(at);
  return (
    <time dateTime={new Date(then).toISOString()} title={moment(then)}>
      {t("hq.ago", { age: duration(now() - then) })}
    </time>
  );
}

/** `exact`: with seconds, where things follow each other fast. */
export function When({ at, exact = false }: { at: string; exact?: boolean }) {
  return <time dateTime={at}>{exact ? momentExact(at) : moment(at)}</time>;
}

function momentExact(at: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "short", timeStyle: "medium" }).format(new Date(at));
}

/** How old what is shown is. */
export function Age({ of }: { of: Live<unknown> }) {
  if (of.age === undefined) return null;
  return (
    <span class={`age ${of.old ? "old" : ""}`} data-testid="age">
      <span class="dot" aria-hidden="true" />
      {t(of.old ? "hq.age.old" : "hq.age.live", { age: duration(of.age) })}
    </span>
  );
}

export function Panel({
  title,
  live,
  children,
  aside,
  testid,
  wide = false,
}: {
  title: string;
  live?: Live<unknown>;
  children: ComponentChildren;
  aside?: ComponentChildren;
  testid?: string;
  wide?: boolean;
}) {
  return (
    <section class={`panel ${wide ? "wide" : ""} ${live?.old ? "dim" : ""}`} aria-label={title} data-testid={testid}>
      <header class="panel-head">
        <h2>{title}</h2>
        <span class="grow" />
        {aside}
        {live && <Age of={live} />}
      </header>
      {children}
    </section>
  );
}

/** A region that scrolls sideways where it must; the keyboard can scroll it too. */
export function TableFrame({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="table-frame" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Over plain HTTP the clipboard is closed; the old way is open.
      const field = document.createElement("textarea");
      field.value = text;
      (document.querySelector("dialog[open]") ?? document.body).append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <button type="button" class="button" onClick={() => void copy()} data-testid="copy">
      {t(copied ? "hq.copied" : "hq.copy")}
      <span class="hidden-text" role="status">
        {copied ? t("hq.copied") : ""}
      </span>
    </button>
  );
}
