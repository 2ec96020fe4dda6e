// Filters: what they are set to is in the address and nowhere else.
import { t } from "@lib/i18n";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { asked, place, setQuery } from "../route";

/** Filters change what the list begins with: its place in the pages and what is open belong to the old one. */
const AFRESH = { after: undefined, open: undefined };

export function FilterBar({ label, children }: { label: string; children: ComponentChildren }) {
  const set = [...place.value.query.keys()].filter((name) => !(name in AFRESH));
  return (
    <div class="filter-bar" role="search" aria-label={label}>
      {children}
      {set.length > 0 && (
        <button
          type="button"
          class="link-button"
          onClick={() => setQuery({ ...AFRESH, ...Object.fromEntries(set.map((name) => [name, undefined])) })}
          data-testid="filters-clear"
        >
          {t("hq.filter.clear", { n: set.length })}
        </button>
      )}
    </div>
  );
}

export function Choice({ name, label, options }: { name: string; label: string; options: [value: string, text: string][] }) {
  const value = asked(name);
  return (
    <label class={`filter ${value ? "set" : ""}`}>
      <span>{label}</span>
      <select value={value} onChange={(event) => setQuery({ ...AFRESH, [name]: event.currentTarget.value })} data-testid={`filter-${name}`}>
        <option value="">{t("hq.filter.all")}</option>
        {options.map(([one, text]) => (
          <option value={one} key={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Toggle({ name, label, count }: { name: string; label: string; count?: number }) {
  const on = asked(name) !== "";
  return (
    <button type="button" class="toggle" aria-pressed={on} onClick={() => setQuery({ ...AFRESH, [name]: !on })} data-testid={`filter-${name}`}>
      {label}
      {count !== undefined && <span class="count number">{count}</span>}
    </button>
  );
}

const TYPED_MS = 250;

export function SearchField({ name, label }: { name: string; label: string }) {
  const inAddress = asked(name);
  const [text, setText] = useState(inAddress);
  const timer = useRef(0);
  useEffect(() => setText(inAddress), [inAddress]);
  return (
    <label class="search">
      <span class="hidden-text">{label}</span>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="7" cy="7" r="4.5" />
        <path d="M10.5 10.5L14 14" />
      </svg>
      <input
        type="search"
        maxLength={64}
        placeholder={label}
        value={text}
        onInput={(event) => {
          const next = event.currentTarget.value;
          setText(next);
          clearTimeout(timer.current);
          timer.current = window.setTimeout(() => setQuery({ ...AFRESH, [name]: next.trim() }, true), TYPED_MS);
        }}
        data-testid={`filter-${name}`}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}
