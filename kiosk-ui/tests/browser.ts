// As much of a browser as the modules of lib/ touch when they are loaded.
import { vi } from "vitest";

export class Source extends EventTarget {
  static readonly CLOSED = 2;
  static all: Source[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    super();
    Source.all.push(this);
  }

  say(name: string, data: unknown, lastEventId = ""): void {
    this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(data), lastEventId }));
  }

  close(): void {
    this.readyState = Source.CLOSED;
  }
}

export function pretend(search = "", speech = "en"): void {
  const kept = new Map<string, string>();
  Source.all = [];
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  vi.stubGlobal("location", { search, origin: "http://agent.test" });
  vi.stubGlobal("navigator", { language: speech });
  vi.stubGlobal("document", Object.assign(new EventTarget(), { documentElement: { lang: "", dir: "", dataset: {} } }));
  vi.stubGlobal("EventSource", Source);
  const page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("dispatchEvent", page.dispatchEvent.bind(page));
}
