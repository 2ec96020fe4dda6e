// Where in the application: the part of the address after "#". It survives a reload, and "back" goes back.
import { signal } from "@preact/signals";

function read(): string[] {
  return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
}

/** E.g. ["pick", id]; nothing: the tasks. */
export const route = signal(read());

window.addEventListener("hashchange", () => (route.value = read()));

export function href(...parts: string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

export function go(...parts: string[]): void {
  location.hash = href(...parts);
}
