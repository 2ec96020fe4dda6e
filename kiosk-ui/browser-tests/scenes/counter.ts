// The counter: pickups, returns, and what is behind them.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { COUNTER, signIn } from "../browser";
import { build, type Scene, type Set } from "./scene";
import { BOUGHT, gtin, HANDED_OVER, LOCKED, PICKUPS, READY, WRONG_CODE } from "./trade";
import { codeOf, colleague, pick } from "./work";

const codes = new Map<string, string>();

export async function raiseCounter(opening = {}): Promise<Set> {
  const set = await build((stage) => `${stage.agents[1]!.url}/ui/counter/`, { ...COUNTER, ...opening }, { stations: 2, others: 1 });
  const { stage } = set;
  const picker = await colleague(stage);
  for (const order of PICKUPS) await pick(picker, order, order === WRONG_CODE ? 1 : 0);
  await stage.quiet();
  for (const order of [HANDED_OVER, WRONG_CODE, LOCKED, BOUGHT]) codes.set(order, await codeOf(stage, order));
  await stage.quiet();
  return set;
}

function go(page: Page, place: string): Promise<void> {
  return page.evaluate((hash) => void (location.hash = hash), `#/${place}`);
}

async function key(page: Page, digits: string): Promise<void> {
  for (const digit of digits) await page.getByTestId(`key-${digit}`).click();
}

/** A code of six digits that is nobody's. */
function wrongCode(): string {
  return ["000000", "111111", "222222", "333333", "444444"].find((code) => ![...codes.values()].includes(code))!;
}

async function openOrder(page: Page, order: string): Promise<void> {
  await go(page, "pickup");
  await page.locator(`[data-testid="pickup-row"][data-order="${order}"]`).click();
  await page.getByTestId("handover-lines").waitFor();
}

async function tryWrongCode(page: Page): Promise<void> {
  await key(page, wrongCode());
  await page.getByTestId("primary").click();
  await page.getByTestId("feedback").and(page.locator('[data-verdict="nok"]')).waitFor();
}

const SIGNING_IN: Scene[] = [
  [
    "a shop where nothing waits",
    async ({ page, stage }) => {
      const quiet = stage.agents[1]!;
      const picker = quiet.stations[0]!.picker;
      await signIn(page, picker, stage.pin(quiet, picker));
      await page.locator(".work .empty").waitFor();
    },
  ],
  [
    "the people who work here",
    async ({ page, stage, watched }) => {
      await watched.visit(`${stage.agent.url}/ui/counter/`);
      await page.getByTestId("person-picker-1").waitFor();
    },
  ],
  [
    "a PIN",
    async ({ page }) => {
      await page.getByTestId("person-picker-1").click();
      await page.getByTestId("key-0").waitFor();
    },
  ],
];

const PICKING_UP: Scene[] = [
  [
    "pickups that wait",
    async ({ page, stage }) => {
      await page.getByTestId("sign-in-back").click();
      await signIn(page, "picker-1", stage.pin(stage.agent, "picker-1"));
      await expect.poll(() => page.getByTestId("pickup-row").count()).toBe(PICKUPS.length);
    },
  ],
  [
    "a number that is nobody's",
    async ({ page }) => {
      await page.getByTestId("pickup-search").fill("77");
      await page.locator(".work .empty").waitFor();
    },
  ],
  [
    "a code that is nobody's",
    async ({ page }) => {
      await page.getByTestId("pickup-search").fill("");
      await key(page, wrongCode());
      await page.getByTestId("feedback").and(page.locator('[data-verdict="nok"]')).waitFor();
    },
  ],
  [
    "the right code",
    async ({ page, hardware }) => {
      await hardware.scan(codes.get(HANDED_OVER)!);
      await page.getByTestId("handover-code-right").waitFor();
    },
  ],
  [
    "handed over, for ten seconds",
    async ({ page }) => {
      await page.getByTestId("primary").click();
      await page.getByTestId("undo-bar").waitFor();
    },
  ],
  [
    "the code of an order that was given",
    async ({ page, hardware }) => {
      await hardware.scan(codes.get(HANDED_OVER)!);
      await page.getByTestId("handover-already").waitFor();
    },
  ],
  ["an order, with something missing, from the list", ({ page }) => openOrder(page, WRONG_CODE)],
  ["a wrong code for it", ({ page }) => tryWrongCode(page)],
  [
    "a second person is asked",
    async ({ page }) => {
      await page.getByTestId("handover-override").click();
      await page.getByTestId("approver-manager").click();
    },
  ],
  [
    "an order that five wrong codes locked",
    async ({ page, stage }) => {
      const api = await stage.agentApi();
      const { id } = await api.group(LOCKED);
      for (let tries = 0; tries < 5; ++tries) await api.post(`/api/v1/ship-groups/${id}/hand-over`, { code: wrongCode() });
      await openOrder(page, LOCKED);
      await page.getByTestId("handover-locked").waitFor();
    },
  ],
  ["an order whose customer has no code yet", async ({ page }) => openOrder(page, READY)],
];

const RETURNING: Scene[] = [
  [
    "a return begins",
    async ({ page, stage }) => {
      const api = await stage.agentApi();
      await api.post(`/api/v1/ship-groups/${(await api.group(BOUGHT)).id}/hand-over`, { code: codes.get(BOUGHT) });
      await go(page, "return");
      await page.getByTestId("return-number").waitFor();
    },
  ],
  [
    "a receipt that nobody knows",
    async ({ page, hardware }) => {
      await hardware.scan("99999999");
      await page.getByTestId("feedback").and(page.locator('[data-verdict="nok"]')).waitFor();
    },
  ],
  [
    "what was sold",
    async ({ page, hardware }) => {
      await hardware.scan(BOUGHT);
      await page.getByTestId("return-lines").waitFor();
    },
  ],
  [
    "units that come back",
    async ({ page, hardware }) => {
      await hardware.scan(gtin("PLT-109"));
      await page.locator('[data-sku="PLT-109"][data-units="1"]').waitFor();
      await page.getByTestId("return-condition-DAMAGED").click();
      await page.getByTestId("return-units-DAMAGED").waitFor();
    },
  ],
  [
    "a refund that needs a second person",
    async ({ page }) => {
      for (const sku of ["TRY-103", "PLT-109", "BWL-102"]) {
        const line = page.locator(`[data-testid="return-line"][data-sku="${sku}"]`);
        const more = line.getByTestId("return-more");
        for (let units = 1; await more.isEnabled(); ++units) {
          await more.click();
          await expect.poll(() => line.getAttribute("data-units")).not.toBe(String(units - 1));
        }
      }
      await page.getByTestId("return-needs-approval").waitFor();
    },
  ],
  [
    "a second person is asked about a refund",
    async ({ page }) => {
      await page.getByTestId("primary").click();
      await page.getByTestId("approver-manager").click();
    },
  ],
  [
    "refunded",
    async ({ page, stage }) => {
      await page.getByTestId("primary").click();
      const sheet = page.getByTestId("override");
      await page.getByTestId("approver-manager").click();
      for (const digit of stage.pin(stage.agent, "manager")) await sheet.getByTestId(`key-${digit}`).click();
      await page.getByTestId("override-approve").click();
      await page.getByTestId("return-receipt").waitFor();
    },
  ],
];

const BEHIND: Scene[] = [
  [
    "more",
    async ({ page }) => {
      await go(page, "more");
      await page.getByTestId("more-devices").waitFor();
    },
  ],
  [
    "devices",
    async ({ page }) => {
      await go(page, "devices");
      await page.getByTestId("devices-summary").waitFor();
    },
  ],
  [
    "nothing waits to be sent",
    async ({ page, stage }) => {
      await stage.quiet();
      await go(page, "outbox");
      await page.locator(".empty").waitFor();
    },
  ],
  [
    "head office is away",
    async ({ page, stage }) => {
      await stage.stop("broker");
      await go(page, "pickup");
      await page.getByTestId("hub-down").waitFor();
    },
  ],
  [
    "the device service is away",
    async ({ page, stage }) => {
      await stage.stop(stage.agent.name);
      await page.getByTestId("agent-down").waitFor();
    },
  ],
];

export const COUNTER_SCENES: Scene[] = [...SIGNING_IN, ...PICKING_UP, ...RETURNING, ...BEHIND];
