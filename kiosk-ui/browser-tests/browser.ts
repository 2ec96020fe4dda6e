// Headless Chromium, and pages that are watched: no error on the console, no request to anywhere else.
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { Keys } from "./keys";

export const THEMES = ["light", "dark", "glare"] as const;
export type Theme = (typeof THEMES)[number];

export const HANDHELD = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true } as const;
export const COUNTER = { viewport: { width: 1280, height: 800 } } as const;
export const HQ = { viewport: { width: 1440, height: 900 } } as const;

/** `more`: switches of Chromium. */
export function openBrowser(more: string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CAIRN_CHROMIUM"] ?? "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required", ...more],
  });
}

export interface Opening extends BrowserContextOptions {
  theme?: Theme;
}

/** A page in a context of its own, and what it did that no page may do. */
export class WatchedPage {
  readonly wrong: string[] = [];

  private constructor(
    readonly page: Page,
    private origin: string,
  ) {}

  static async open(browser: Browser, url: string, { theme = "light", ...options }: Opening): Promise<WatchedPage> {
    const context = await browser.newContext({ locale: "en-GB", ...options });
    await context.addInitScript((chosen) => localStorage.setItem("cairn.theme", chosen), theme);
    const watched = new WatchedPage(await context.newPage(), new URL(url).origin);
    watched.#watch();
    await watched.page.goto(url);
    return watched;
  }

  /** Another program's page. */
  async visit(url: string): Promise<void> {
    this.origin = new URL(url).origin;
    await this.page.goto(url);
  }

  /** What happened so far that must not: empty, if all is well. */
  check(): string[] {
    return this.wrong.splice(0);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  #watch(): void {
    this.page.on("console", (message) => {
      // The browser itself reports answers of 400 and more, and connections that fail while a program is down.
      if (message.type() !== "error" || message.text().startsWith("Failed to load resource")) return;
      this.wrong.push(`console: ${message.text()}`);
    });
    this.page.on("pageerror", (error) => this.wrong.push(`uncaught: ${error.message}`));
    this.page.on("request", (request) => {
      const to = new URL(request.url());
      if (to.origin !== this.origin && to.protocol !== "data:" && to.protocol !== "blob:") this.wrong.push(`request to ${to.origin}`);
    });
    this.page.on("response", (response) => {
      if (response.status() >= 500 && response.status() !== 503) this.wrong.push(`${response.status()} ${response.url()}`);
      // An API says so of what is not there; a page's own files have to be.
      if (response.status() === 404 && !response.url().includes("/api/")) this.wrong.push(`404 ${response.url()}`);
    });
  }
}

/** Signs in by the tiles and the keypad of handheld and counter. */
export async function signIn(page: Page, name: string, pin: string): Promise<void> {
  await page.getByTestId(`person-${name}`).click();
  for (const digit of pin) await page.getByTestId(`key-${digit}`).click();
  await page.getByTestId("primary").click();
}

/** A read of a scanner that is a keyboard. */
export async function wedge(page: Page, code: string): Promise<void> {
  await (await Keys.of(page)).scan(code);
}
