// The counter: a clerk who scans and taps, the customers' codes, and orders that wait for them.
import type { Browser, Page } from "playwright-core";
import { expect, vi } from "vitest";
import type { Api } from "./api";
import { COUNTER, type Opening, signIn, WatchedPage } from "./browser";
import type { Hardware } from "./hardware";
import type { Stage } from "./stage";

/** The agent may be away meanwhile. */
function until(ask: () => Promise<boolean>): Promise<void> {
  const sure = async () => {
    if (!(await ask())) throw new Error("waited in vain");
  };
  return vi.waitFor(sure, { timeout: 20_000 });
}

export class Clerk {
  /** Scans and taps so far. */
  actions = 0;

  private constructor(
    readonly watched: WatchedPage,
    private readonly hardware: Hardware,
    private readonly api: Api,
    readonly name: string,
  ) {}

  static async open(stage: Stage, browser: Browser, hardware: Hardware, options: Opening = {}, agent = stage.agent): Promise<Clerk> {
    const name = agent.stations[0]!.picker;
    const watched = await WatchedPage.open(browser, `${agent.url}/ui/counter/`, { ...COUNTER, ...options });
    await signIn(watched.page, name, stage.pin(agent, name));
    const clerk = new Clerk(watched, hardware, await stage.agentApi(agent), name);
    await clerk.devicesUp();
    return clerk;
  }

  get page(): Page {
    return this.watched.page;
  }

  /** Until the screen says that it hears the agent, and the agent its scanner. */
  async devicesUp(): Promise<void> {
    await until(async () => (await this.#scannerState()) === "online");
    await this.page.locator('[data-testid="link-agent"][data-up="true"]').waitFor();
    await this.page.locator('[data-testid="device-scanner"][data-state="online"]').waitFor();
  }

  async scan(code: string): Promise<void> {
    ++this.actions;
    await this.hardware.scan(code);
  }

  async tap(id: string): Promise<void> {
    ++this.actions;
    await this.page.getByTestId(id).click();
  }

  /** How many scans and taps `work` takes. */
  async counted(work: () => Promise<void>): Promise<number> {
    const before = this.actions;
    await work();
    return this.actions - before;
  }

  async keys(digits: string): Promise<void> {
    for (const digit of digits) await this.page.getByTestId(`key-${digit}`).click();
  }

  /** What the band says, once it says that. */
  async told(verdict: "ok" | "nok" | "dup", words: string | RegExp): Promise<void> {
    const band = this.page.locator(`[data-testid="feedback"][data-verdict="${verdict}"]`);
    await band.filter({ hasText: words }).waitFor();
  }

  async see(id: string): Promise<void> {
    await this.page.getByTestId(id).waitFor();
  }

  /** The code of a waiting order, and the tap that gives it away. */
  async handOver({ code, order }: Pickup): Promise<void> {
    await this.scan(code);
    await this.see("handover-code-right");
    expect(await this.page.getByTestId("current-line").innerText()).toContain(order);
    await this.tap("primary");
    await this.see("undo");
  }

  /** A receipt, an item of the order's first line, what it is like, and the tap that refunds it. */
  async takeBack(pickup: Pickup, condition: "RESTOCK" | "QC_HOLD" | "DAMAGED"): Promise<void> {
    await this.draft(pickup);
    await this.tap(`return-condition-${condition}`);
    await this.see(`return-units-${condition}`);
    await this.tap("primary");
    await this.see("return-receipt");
  }

  /** The first half of it: receipt and item. */
  async draft({ order, lines: [line] }: Pickup): Promise<void> {
    await this.scan(order);
    await this.page.getByTestId("current-line").filter({ hasText: order }).waitFor();
    await this.scan(codeOf(line!));
    await this.holds(line!.sku, 1);
  }

  /** A second person signs what the sheet asks for. */
  async approve(name: string, pin: string): Promise<void> {
    const sheet = this.page.getByTestId("override");
    await sheet.getByTestId(`approver-${name}`).click();
    for (const digit of pin) await sheet.getByTestId(`key-${digit}`).click();
    await sheet.getByTestId("override-approve").click();
  }

  async toPickups(): Promise<void> {
    await this.page.getByTestId("tab-pickup").click();
    await this.see("pickup-code");
    await this.#mode("PICK");
  }

  async toReturns(): Promise<void> {
    await this.page.getByTestId("tab-return").click();
    await this.#mode("RETURN");
  }

  /** Until the return holds so many units of an article. */
  async holds(sku: string, units: number): Promise<void> {
    await this.page.locator(`[data-testid="return-line"][data-sku="${sku}"][data-units="${units}"]`).waitFor();
  }

  /** The list, with nothing found: for the next customer. */
  async nextCustomer(): Promise<void> {
    await this.page.getByTestId("tab-more").click();
    await this.toPickups();
  }

  async close(): Promise<void> {
    const nothingThere = /^404 .*\/(return-draft|pickups\/lookup)$/; // is an answer, too
    expect(this.watched.check().filter((what) => !nothingThere.test(what))).toEqual([]);
    await this.watched.close();
  }

  async #scannerState(): Promise<string> {
    const { items } = await this.api.get("/api/v1/devices");
    return items.find((device: { kind: string }) => device.kind === "scanner").state;
  }

  /** At this person's station: whoever asks by API has one, too. */
  async #mode(mode: string): Promise<void> {
    await until(async () => {
      const { items } = await this.api.get("/api/v1/stations");
      return items.find((one: { operator: string | null }) => one.operator === this.name)?.mode === mode;
    });
  }
}

export interface Pickup {
  order: string;
  group: string;
  code: string;
  lines: { line: number; sku: string; gtins: string[]; name: string; ordered_milli: number }[];
}

/** What a scanner reads off an article: EAN-13, or its number where it has none. */
export function codeOf(line: { sku: string; gtins: string[] }): string {
  return line.gtins[0]?.replace(/^0/, "") ?? line.sku;
}

/** Picks all of an order, somewhere else in the shop; its customer is told a code. */
export async function makeReady(stage: Stage, order: string, { code = true } = {}): Promise<Pickup> {
  const [agent, hub] = await Promise.all([stage.agentApi(), stage.hubApi()]);
  const { id } = await agent.group(order);
  const minted = code ? (await hub.post(`/api/v1/ship-groups/${id}/pickup-code`)).code : "";
  let group = await agent.post(`/api/v1/tasks/${id}/claim`);
  while (group.status !== "READY") {
    const line = group.lines.find((one: { open_milli: number }) => one.open_milli > 0);
    const verdict = await agent.post("/api/v1/scans", { code: codeOf(line) });
    if (verdict.verdict === "pending") await agent.post("/api/v1/quantities", { quantity_milli: verdict.line_open_milli });
    else if (verdict.verdict !== "ok") throw new Error(`order ${order}, ${line.sku}: ${verdict.message}`);
    group = await agent.get(`/api/v1/ship-groups/${id}`);
  }
  if (code) await until(async () => (await agent.group(order)).pickup.code_minted);
  return { order, group: id, code: minted, lines: group.lines };
}

/** All pickups of the first site, ready. */
export async function makeAllReady(stage: Stage): Promise<Pickup[]> {
  const agent = await stage.agentApi();
  const groups = await agent.pages("/api/v1/ship-groups?method=PICKUP");
  const ready: Pickup[] = [];
  for (const { order_reference } of groups) ready.push(await makeReady(stage, order_reference));
  await stage.quiet();
  return ready;
}

/** Plainly, in the test's output: whose orders these are. */
export function sayWhoseOrders(stage: Stage, pickups: Pickup[]): void {
  const units = pickups.flatMap(({ lines }) => lines).reduce((sum, line) => sum + line.ordered_milli / 1000, 0);
  const whose = stage.real ? "real orders" : "INVENTED orders: the real trade data is not here";
  console.log(`${pickups.length} pickups of ${whose}, ${units} units`);
}
