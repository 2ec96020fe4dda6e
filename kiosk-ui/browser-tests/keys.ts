// Keys with the moment at which each was pressed, as an operating system tells it: a scanner's and a typist's rhythm
// stay exact however busy this machine is.
import type { CDPSession, Page } from "playwright-core";

export interface Rhythm {
  /** Milliseconds between two keys; one after the other, from the beginning again. */
  gap?: number | number[];
  /** Before the first key. */
  pause?: number;
}

const NAMED: Record<string, { vk: number; text?: string }> = {
  Enter: { vk: 13, text: "\r" },
  Tab: { vk: 9 },
  " ": { vk: 32, text: " " },
};

function described(key: string) {
  const named = NAMED[key];
  const code = /^[0-9]$/.test(key) ? `Digit${key}` : /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key === " " ? "Space" : key;
  const text = named ? named.text : key;
  return { key, code, windowsVirtualKeyCode: named?.vk ?? key.toUpperCase().charCodeAt(0), ...(text ? { text, unmodifiedText: text } : {}) };
}

export class Keys {
  static readonly #all = new WeakMap<Page, Promise<Keys>>();
  /** When the last key went down, in milliseconds since 1970. */
  #at = 0;

  private constructor(private readonly session: CDPSession) {}

  /** Those of a page: its keys keep their order in time whoever presses them. */
  static of(page: Page): Promise<Keys> {
    let keys = this.#all.get(page);
    if (!keys) this.#all.set(page, (keys = page.context().newCDPSession(page).then((session) => new Keys(session))));
    return keys;
  }

  /** None waits for the one before it to be handled. */
  async press(keys: string[], { gap = 1, pause = 300 }: Rhythm = {}): Promise<void> {
    const gaps = [gap].flat();
    this.#at = Math.max(Date.now(), this.#at + pause);
    const sent = keys.flatMap((key, place) => {
      if (place > 0) this.#at += gaps[(place - 1) % gaps.length]!;
      return this.#strike(key, this.#at);
    });
    await Promise.all(sent);
  }

  /** A read: its characters, then Enter. */
  scan(code: string, rhythm?: Rhythm): Promise<void> {
    return this.press([...code, "Enter"], rhythm);
  }

  /** A read whose characters are handled before its Enter is sent. Returns when that was, by Date's clock. */
  async read(code: string): Promise<number> {
    await this.press([...code]);
    const sent = performance.timeOrigin + performance.now();
    await Promise.all(this.#strike("Enter", ++this.#at));
    return sent;
  }

  /** Reads with `pause` milliseconds between them, by the clock on the wall as well. */
  async scans(codes: string[], pause: number): Promise<void> {
    const sent: Promise<void>[] = [];
    const begun = performance.now();
    for (const [n, code] of codes.entries()) {
      const due = begun + n * (code.length + pause) - performance.now();
      if (due > 0) await new Promise((now) => setTimeout(now, due));
      sent.push(this.scan(code, { pause }));
    }
    await Promise.all(sent);
  }

  /** Keeps a key down until it has come so many times. */
  async hold(key: string, times: number): Promise<void> {
    const FIRST_MS = 500;
    const NEXT_MS = 30;
    const at = Math.max(Date.now(), this.#at + FIRST_MS);
    const moment = (n: number) => at + (n === 0 ? 0 : FIRST_MS + (n - 1) * NEXT_MS);
    this.#at = moment(times - 1);
    const sent: Promise<unknown>[] = [];
    for (let n = 0; n < times; ++n) sent.push(this.#send("keyDown", key, moment(n), n > 0));
    await Promise.all([...sent, this.#send("keyUp", key, this.#at)]);
  }

  #strike(key: string, at: number): Promise<unknown>[] {
    return [this.#send("keyDown", key, at), this.#send("keyUp", key, at)];
  }

  #send(type: "keyDown" | "keyUp", key: string, at: number, autoRepeat = false): Promise<unknown> {
    return this.session.send("Input.dispatchKeyEvent", { type, ...described(key), autoRepeat, timestamp: at / 1000 });
  }
}
