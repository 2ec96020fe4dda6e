// Which theme a page wears: the person's choice, else the system's.
import { signal } from "@preact/signals";

export type Theme = "light" | "dark" | "glare";
export type Layout = "handheld" | "counter" | "hq" | "bench";

const KEY = "cairn.theme";
const known: Theme[] = ["light", "dark", "glare"];

function preferred(): Theme {
  const chosen = localStorage.getItem(KEY) as Theme | null;
  if (chosen && known.includes(chosen)) return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export const theme = signal<Theme>("light");

export function wear(next: Theme): void {
  theme.value = next;
  localStorage.setItem(KEY, next);
  document.documentElement.dataset["theme"] = next;
}

export function nextTheme(): void {
  wear(known[(known.indexOf(theme.value) + 1) % known.length] ?? "light");
}

export function dress(layout: Layout): void {
  document.documentElement.dataset["layout"] = layout;
  const put = () => {
    theme.value = preferred();
    document.documentElement.dataset["theme"] = theme.value;
  };
  put();
  // Chosen in another tab: all of them look the same.
  addEventListener("storage", (event) => event.key === KEY && put());
}

/** Physical sizes follow the device: millimetres are what fingers have. */
export function scale(pxPerMm: number): void {
  document.documentElement.style.setProperty("--mm", `${pxPerMm}px`);
}
