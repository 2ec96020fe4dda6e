// A person at a handheld, who does whatever its page asks for, with a scanner, a scale and a label printer in reach.
import type { Browser, Page } from "playwright-core";
import { vi } from "vitest";
import type { Api } from "./api";
import { HANDHELD, signIn, WatchedPage } from "./browser";
import type { Hardware } from "./hardware";
import type { Stage, StationPlace } from "./stage";

/** What a page can ask for. */
export type Ask = "take" | "scan" | "quantity" | "weigh" | "look at the printer" | "print again" | "send off" | "go on" | "try again" | "nothing";

/** Told what was just done, before anybody looks at what became of it. True: the agent was away in the meantime. */
export type Meanwhile = (what: Ask) => Promise<boolean>;

const shown = (testid: string) => `[data-testid="${testid}"]`;
const gone = (testid: string) => `body:not(:has(${shown(testid)}))`;
/** Anything but so much to go. */
const otherwise = (milli: number) => `${shown("remaining")}:not([data-milli="${milli}"]), ${shown("finished")}`;

const PATIENCE = { timeout: 20_000, interval: 20 };

export class Picker {
  /** Taps by what was asked for. */
  readonly taps = new Map<Ask, number>();
  /** Reads of the scanner. */
  scans = 0;
  /** Of these, on which the screen did not count anything: the agent was away. */
  lost = 0;
  /** As the screen counted them. */
  unitsMilli = 0;
  shortMilli = 0;
  /** Of which the number was keyed. */
  longLines = 0;
  shipped = 0;
  meanwhile: Meanwhile = async () => false;

  private constructor(
    readonly watched: WatchedPage,
    readonly hardware: Hardware,
    readonly station: StationPlace,
    /** For what a page does not say: what the goods weigh. */
    readonly api: Api,
  ) {}

  static async open(browser: Browser, stage: Stage, timing = {}): Promise<Picker> {
    const { agent } = stage;
    const station = agent.stations[0]!;
    const [watched, hardware, api] = await Promise.all([
      WatchedPage.open(browser, `${agent.url}/ui/handheld/`, HANDHELD),
      stage.hardware(station, timing),
      stage.agentApi(),
    ]);
    const picker = new Picker(watched, hardware, station, api);
    await signIn(picker.page, station.picker, stage.pin(agent, station.picker));
    await picker.devicesOnline();
    return picker;
  }

  async close(): Promise<void> {
    await this.watched.close();
    await this.hardware.close();
  }

  get page(): Page {
    return this.watched.page;
  }
  /** The ship group that is worked on. */
  get group(): string {
    return this.page.url().split("/").pop()!;
  }

  async devicesOnline(): Promise<void> {
    await vi.waitUntil(async () => {
      const { items } = await this.api.get("/api/v1/devices");
      const online = items.filter((one: { station: string; state: string }) => one.station === this.station.station && one.state === "online");
      return online.length === 3;
    }, PATIENCE);
  }

  // ---- what the page says ----

  /** What it asks for, as soon as it asks for something. */
  async asked(): Promise<Ask> {
    const ask = await this.page.waitForFunction(() => {
      const shown = (id: string) => document.querySelector<HTMLButtonElement>(`[data-testid="${id}"]`);
      const ready = shown("primary")?.disabled === false;
      if (shown("agent-down")) return "";
      if (shown("error")) return "try again";
      if (shown("quantity-sheet")) return "quantity";
      if (shown("current-line")) return "scan";
      if (shown("next-package")) return "weigh";
      if (shown("tasks-check")) return "nothing";
      if (!ready) return "";
      if (shown("finished")) return "go on";
      if (shown("label-question")) return "look at the printer";
      if (shown("label-failed")) return "print again";
      if (shown("pack")) return "send off";
      return shown("tasks") ? "take" : "";
    });
    return (await ask.jsonValue()) as Ask;
  }

  /** What is still to be picked; nothing of this order: 0. */
  async remaining(): Promise<number> {
    const shown = this.page.getByTestId("remaining");
    return (await shown.count()) > 0 ? Number(await shown.getAttribute("data-milli")) : 0;
  }

  /** The words and the verdict of the band. */
  async band(): Promise<{ verdict: string | null; words: string }> {
    const band = this.page.getByTestId("feedback");
    return { verdict: await band.getAttribute("data-verdict"), words: await band.innerText() };
  }

  // ---- what the person does ----

  async tap(testid: string, ask: Ask): Promise<void> {
    this.taps.set(ask, (this.taps.get(ask) ?? 0) + 1);
    await this.page.getByTestId(testid).click();
  }

  /** Does what is asked for until nothing is. `missing`: why the rest of one line, the first of several units, is not
   * found; none: everything is. */
  async work(missing?: string): Promise<void> {
    for (let ask = await this.asked(); ask !== "nothing"; ask = await this.asked()) {
      if (ask === "scan" && missing && this.shortMilli === 0 && (await this.toGo()) > 1) await this.shortLine(missing);
      else await this.do(ask);
    }
  }

  async do(ask: Ask): Promise<void> {
    switch (ask) {
      case "take":
        await this.tap("primary", ask);
        return this.until(ask, gone("tasks"));
      case "scan":
        return this.scanCurrent();
      case "quantity":
        return this.takeAll();
      case "weigh":
        return this.closePackage();
      case "look at the printer":
        await this.tap((await this.labelCameOut()) ? "primary" : "label-no", ask);
        return this.until(ask, gone("label-question"));
      case "print again":
        await this.tap("primary", ask);
        return this.until(ask, gone("label-failed"));
      case "send off":
        await this.tap("primary", ask);
        this.shipped += 1;
        return this.until(ask, shown("finished"));
      case "go on":
        await this.tap("primary", ask);
        return this.until(ask, gone("finished"));
      case "try again":
        this.taps.set(ask, (this.taps.get(ask) ?? 0) + 1);
        return this.page.getByTestId("error").getByRole("button").first().click();
      case "nothing":
    }
  }

  /** The code that the page shows of the line it wants. */
  async wanted(): Promise<string> {
    const words = await this.page.getByTestId("current-line").innerText();
    return /· (\d{8,14})$/m.exec(words)![1]!;
  }

  /** One read of the line that is on top. */
  async scanCurrent(): Promise<void> {
    const [code, before] = [await this.wanted(), await this.remaining()];
    await this.hardware.scan(code);
    this.scans += 1;
    if (await this.meanwhile("scan")) {
      const after = await this.agreed();
      if (after === before && (await this.asked()) === "scan") this.lost += 1;
      this.count(before, after, 1000);
      return;
    }
    await this.page.locator(`${otherwise(before)}, ${shown("quantity-sheet")}`).first().waitFor();
    this.count(before, await this.remaining(), 1000);
  }

  /** A long line: as many as are open, which is what the sheet begins with. */
  async takeAll(): Promise<void> {
    const before = await this.remaining();
    await this.tap("quantity-confirm", "quantity");
    this.longLines += 1;
    if (await this.meanwhile("quantity")) this.count(before, await this.agreed());
    else {
      await this.page.locator(gone("quantity-sheet")).waitFor();
      this.count(before, await this.remaining());
    }
  }

  /** All of the current line that is open cannot be found. */
  async shortLine(reason: string): Promise<void> {
    const [before, units] = [await this.remaining(), await this.toGo()];
    await this.tap("primary", "scan");
    await this.tap(`short-${reason}`, "scan");
    await this.tap("short-confirm", "scan");
    await this.page.locator(otherwise(before)).first().waitFor();
    this.shortMilli += before - (await this.remaining());
    if (this.shortMilli !== units * 1000) throw new Error(`${units} were missing, the screen says ${this.shortMilli / 1000}`);
  }

  /** What belongs into the package goes onto the scale, which tells its weight. */
  async closePackage(): Promise<void> {
    const closed = await this.page.locator("[data-testid^=package-]").count();
    const next = await this.api.get(`/api/v1/ship-groups/${this.group}/next-package`);
    await this.hardware.weigh(next.expected_mg);
    await this.page.locator('[data-testid=weight][data-state=stable]:not(:has(.scale-off))').waitFor();
    await this.tap("primary", "weigh");
    await this.until("weigh", shown(`package-${closed + 1}`));
  }

  /** A look at the printer, once it has come to rest. */
  private async labelCameOut(): Promise<boolean> {
    const { packages } = await this.api.get(`/api/v1/ship-groups/${this.group}`);
    const unknown = packages.find((one: { label: string }) => one.label === "UNKNOWN");
    await this.hardware.printerAtRest();
    return (await this.hardware.labels()).some((zpl) => zpl.includes(unknown.sscc));
  }

  /** Units of the line on top that are open. */
  private async toGo(): Promise<number> {
    const words = await this.page.getByTestId("pick-quantity").innerText();
    const [done, of] = /([\d,]+) \/ ([\d,]+)/.exec(words)!.slice(1).map((figure) => Number(figure.replaceAll(",", "")));
    return of! - done!;
  }

  /** Until the page shows what an action leads to, or that it failed. */
  private async until(what: Ask, selector: string): Promise<void> {
    if (await this.meanwhile(what)) return; // the page says how to go on
    await this.page.locator(`${selector}, ${shown("error")}`).first().waitFor();
  }

  /** After the agent was away: until the page shows what the agent knows. */
  private async agreed(): Promise<number> {
    const open = async () => (await this.api.get(`/api/v1/ship-groups/${this.group}`)).open_milli;
    await this.asked();
    await vi.waitUntil(async () => (await this.remaining()) === (await open()), PATIENCE);
    return this.remaining();
  }

  private count(before: number, after: number, most = Infinity): void {
    if (before - after < 0 || before - after > most) throw new Error(`the screen says ${after / 1000} to go, after ${before / 1000}`);
    this.unitsMilli += before - after;
  }
}

/** Real orders are not on every machine. */
export function sayWhoseOrders(stage: Stage, orders: number): void {
  console.log(stage.real ? `${orders} real orders` : `${orders} invented orders: there are no real ones on this machine`);
}
