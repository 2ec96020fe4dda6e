// Head office, at the end of a day on which nearly everything happened.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { Api } from "../api";
import { HQ } from "../browser";
import type { AgentPlace, Stage } from "../stage";
import { build, type Scene, type Set } from "./scene";
import { BOUGHT, CANCELLED, gtin, HANDED_OVER, ORDERS, PICK, PICKUPS, WRONG_CODE } from "./trade";
import { codeOf, colleague, pick, sendOff } from "./work";

export async function raiseHq(opening = {}): Promise<Set> {
  const set = await build((stage) => `${stage.hub.url}/ui/hq/`, { ...HQ, ...opening }, { stations: 2, others: 3 });
  await liveThroughTheDay(set);
  return set;
}

async function liveThroughTheDay({ stage, hardware }: Set): Promise<void> {
  const hub = await stage.hubApi();
  await stage.import("products", [{ sku: "VAS-120", name: "Porcelain vase, hand painted", gtin: gtin("VAS-120"), price_gbp: "89.00", unit_weight_g: "1400" }]);
  await stage.import("orders", [...ordersOfTheNorth(), order("48301", "MUG-101", 4), order("48302", "VAS-120", 1), order("48303", "VAS-120", 2)]);
  const picker = await colleague(stage, 0);
  await pick(picker, PICK);
  await sendOff(picker, hardware, PICK);
  await pick(picker, "48301");
  for (const pickup of [HANDED_OVER, BOUGHT, WRONG_CODE]) await pick(picker, pickup, pickup === WRONG_CODE ? 1 : 0);
  await stage.quiet();
  for (const pickup of [HANDED_OVER, BOUGHT]) {
    const code = await codeOf(stage, pickup);
    await stage.quiet();
    await picker.post(`/api/v1/ship-groups/${(await picker.group(pickup)).id}/hand-over`, { code });
  }
  await takeBack(picker, BOUGHT, "PLT-109");
  for (const farther of stage.agents.slice(1, 3)) await pickSome(stage, farther);
  await stage.quiet();
  // Cancelled at head office while the shop, out of touch, sends it off.
  await stage.stop("broker");
  const lines = await linesOf(hub, CANCELLED);
  for (const line of lines.items) await hub.post(`/api/v1/orders/${lines.order}/cancellations`, { line: line.line, quantity_milli: line.ordered_milli });
  await pick(picker, CANCELLED);
  await sendOff(picker, hardware, CANCELLED);
  await stage.start("broker");
  await stage.quiet();
  await stage.stop(stage.agents[3]!.name);
}

/** The first five tasks of another shop. */
async function pickSome(stage: Stage, shop: AgentPlace): Promise<void> {
  const { station, picker } = shop.stations[0]!;
  const api = await Api.signIn(shop.url, picker, stage.pin(shop, picker), station);
  const tasks = await api.pages("/api/v1/tasks");
  for (const task of tasks.slice(0, 5)) await pick(api, task.order_reference);
}

async function linesOf(hub: Api, reference: string) {
  const [found] = await hub.pages(`/api/v1/orders?text=${reference}`);
  return { order: found.id as string, items: (await hub.get(`/api/v1/orders/${found.id}`)).lines as { line: number; ordered_milli: number }[] };
}

async function takeBack(picker: Api, reference: string, sku: string): Promise<void> {
  await picker.put("/api/v1/station-mode", { mode: "RETURN" });
  await picker.put("/api/v1/return-draft", { code: reference });
  await picker.post("/api/v1/scans", { code: gtin(sku) });
  await picker.post("/api/v1/returns", { reason: "" });
  await picker.put("/api/v1/station-mode", { mode: "PICK" });
}

function order(order_id: string, sku: string, quantity: number, more: Record<string, string> = {}): Record<string, string> {
  return {
    order_id, line_no: "1", kind: "order", sku, quantity: String(quantity), unit_price_gbp: "8.50", ordered_at: "2026-11-25T17:40:00Z",
    customer_id: `customer-${order_id.slice(-2)}`, country: "United Kingdom", is_product: "1", latitude: "53.9", longitude: "-1.0", method: "SHIP", pickup_site: "", ...more,
  }; // prettier-ignore
}

/** For the shops that lie farther away. */
function ordersOfTheNorth(): Record<string, string>[] {
  const skus = Object.values(ORDERS).flatMap((lines) => lines.map(([sku]) => sku));
  return Array.from({ length: 24 }, (_, at) =>
    order(String(48401 + at), skus[(at * 5) % skus.length]!, 1 + (at % 4), { latitude: String(57 + (at % 3)), longitude: "-4.0" }),
  );
}

function go(page: Page, place: string): Promise<void> {
  return page.evaluate((hash) => void (location.hash = hash), `#/${place}`);
}

const SCENES_OF_LISTS: Scene[] = [
  [
    "overview",
    async ({ page, stage }) => {
      const admin = stage.hub.staff[0]!;
      await page.getByTestId("sign-in-name").fill(admin.name);
      await page.getByTestId("sign-in-pin").fill(admin.pin);
      await page.getByTestId("primary").click();
      await page.getByTestId("overview-units").waitFor({ state: "attached" });
      await page.locator('[data-testid="overview-stores"] tbody tr').nth(3).waitFor();
    },
  ],
  [
    "overview in figures",
    async ({ page }) => {
      await page.getByTestId("overview-chart-table").click();
      await page.getByTestId("overview-units").waitFor();
    },
  ],
  [
    "stores",
    async ({ page }) => {
      await go(page, "stores");
      await page.locator('[data-testid="stores-list"] tbody tr').nth(3).waitFor();
    },
  ],
  [
    "a store",
    async ({ page }) => {
      await page.getByTestId("store-shop").click();
      await page.getByTestId("store-drawer").locator("tbody tr").first().waitFor();
    },
  ],
  [
    "orders",
    async ({ page }) => {
      await go(page, "orders");
      await page.getByTestId("orders-row").nth(20).waitFor();
    },
  ],
  [
    "orders that were looked for",
    async ({ page }) => {
      await go(page, "orders?method=PICKUP&status=APPROVED");
      await expect.poll(() => page.getByTestId("orders-row").count()).toBe(PICKUPS.length - 2);
    },
  ],
  [
    "no such order",
    async ({ page }) => {
      await go(page, "orders?text=nothing");
      await page.locator('[data-testid="orders-list"] .empty').waitFor();
    },
  ],
  [
    "an order beside the list",
    async ({ page }) => {
      await go(page, `orders?text=${PICK}`);
      await page.getByTestId("orders-row").click();
      await page.getByTestId("order-drawer").locator("table").first().waitFor();
    },
  ],
];

const SCENES_OF_AN_ORDER: Scene[] = [
  [
    "an order and what happened to it",
    async ({ page, stage }) => {
      const { order: id } = await linesOf(await stage.hubApi(), BOUGHT);
      await go(page, `orders/${id}`);
      await page.getByTestId("order-timeline").waitFor();
    },
  ],
  [
    "an order that waits",
    async ({ page, stage }) => {
      const { order: id } = await linesOf(await stage.hubApi(), "48302");
      await go(page, `orders/${id}`);
      await page.getByTestId("order-shortages").waitFor();
    },
  ],
  [
    "what a cancellation would do",
    async ({ page }) => {
      await page.getByTestId("line-cancel").first().click();
      await page.getByTestId("cancel-sheet").waitFor();
    },
  ],
  [
    "a new code for a customer",
    async ({ page, stage }) => {
      const { order: id } = await linesOf(await stage.hubApi(), WRONG_CODE);
      await go(page, `orders/${id}`);
      await page.getByTestId("group-mint").first().click();
      await page.getByTestId("sheet-confirm").click();
      await page.getByTestId("pickup-code").waitFor();
    },
  ],
];

const SCENES_OF_THE_REST: Scene[] = [
  [
    "exceptions",
    async ({ page }) => {
      await go(page, "exceptions");
      await page.getByTestId("exceptions-row").first().waitFor();
    },
  ],
  [
    "what to do about one",
    async ({ page }) => {
      await page.getByTestId("exceptions-row").first().click();
      await page.getByTestId("exception-drawer").waitFor();
    },
  ],
  [
    "stock of a store",
    async ({ page }) => {
      await go(page, "stock");
      await page.locator('[data-testid="stock-places"] tbody tr').nth(3).waitFor();
    },
  ],
  [
    "an article everywhere",
    async ({ page }) => {
      await go(page, "stock?text=LAN-104");
      await page.locator('[data-testid="stock-article"] tbody tr').nth(3).waitFor();
    },
  ],
  [
    "an article that nobody knows",
    async ({ page }) => {
      await go(page, "stock?text=XXX-1");
      await page.locator('[data-testid="stock-article"] .empty').waitFor();
    },
  ],
  [
    "imports",
    async ({ page }) => {
      await go(page, "imports");
      await page.getByTestId("imports-row").nth(3).waitFor();
    },
  ],
  [
    "rows that were not taken",
    async ({ page, stage }) => {
      const hub = await stage.hubApi();
      const before = await page.getByTestId("imports-row").count();
      await hub.importCsv("stock", "site,sku,quantity\nshop,NONE-1,5\nnowhere,MUG-101,5\nshop,MUG-101,1.5\n");
      await expect.poll(() => page.getByTestId("imports-row").count()).toBe(before + 1);
      await page.getByTestId("imports-row").first().click();
      await page.getByTestId("import-drawer").locator("tbody tr").nth(2).waitFor();
    },
  ],
  [
    "the hub is away",
    async ({ page, stage }) => {
      await go(page, "");
      await page.getByTestId("overview-units").waitFor({ state: "attached" });
      await stage.stop("hub");
      await page.getByTestId("hub-silent").waitFor();
    },
  ],
];

export const HQ_SCENES: Scene[] = [
  ["signing in", ({ page }) => page.getByTestId("sign-in-name").waitFor()],
  ...SCENES_OF_LISTS,
  ...SCENES_OF_AN_ORDER,
  ...SCENES_OF_THE_REST,
];
