// Where a person is: #/orders/ID?status=APPROVED. The hash holds the place and every filter, so that a link shows the
// same to somebody else and the browser's way back is the way back.
import { signal } from "@preact/signals";

export interface Place {
  path: string[];
  query: URLSearchParams;
}

function read(): Place {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?", 2);
  return { path: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

export const place = signal<Place>(read());
addEventListener("hashchange", () => (place.value = read()));

export type Query = Record<string, string | boolean | undefined>;

export function href(path: string[], query: Query = {}): string {
  const wanted = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) wanted.set(name, value === true ? "1" : value);
  const text = wanted.toString();
  return `#/${path.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

export function go(path: string[], query: Query = {}): void {
  location.hash = href(path, query);
}

/** The same place with other filters. */
export function hrefWith(changes: Query): string {
  return href(place.value.path, { ...Object.fromEntries(place.value.query), ...changes });
}

/** `replace`: no step for the way back, as while typing. */
export function setQuery(changes: Query, replace = false): void {
  const next = hrefWith(changes);
  if (!replace) {
    location.hash = next;
    return;
  }
  history.replaceState(null, "", next);
  place.value = read();
}

export function asked(name: string): string {
  return place.value.query.get(name) ?? "";
}
