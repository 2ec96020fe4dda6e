// The handheld, from the first look in the morning to the day's end.
import { expect } from "vitest";
import { HANDHELD, signIn } from "../browser";
import { cancel, claim, expectedMilligrams, go, holdGoodNews, pickAll, verdict, weigh } from "./picker";
import { build, type Scene, type Set } from "./scene";
import { CANCELLED, gtin, PICK, READY } from "./trade";

export const raiseHandheld = (opening = {}): Promise<Set> =>
  build((stage) => `${stage.agents[1]!.url}/ui/handheld/`, { ...HANDHELD, ...opening }, { stations: 1, others: 1 });

const SIGNING_IN: Scene[] = [
  [
    "a shop with nothing to do",
    async ({ page, stage }) => {
      const quiet = stage.agents[1]!;
      const picker = quiet.stations[0]!.picker;
      await signIn(page, picker, stage.pin(quiet, picker));
      await page.getByTestId("tasks-check").waitFor();
    },
  ],
  [
    "the people who work here",
    async ({ page, stage, watched }) => {
      await watched.visit(`${stage.agent.url}/ui/handheld/`);
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
  [
    "a wrong PIN",
    async ({ page, stage }) => {
      const wrong = stage.pin(stage.agent, "picker-1") === "000000" ? "111111" : "000000";
      for (const digit of wrong) await page.getByTestId(`key-${digit}`).click();
      await page.getByTestId("primary").click();
      await page.getByTestId("error").waitFor();
    },
  ],
  [
    "somebody who is not listed",
    async ({ page }) => {
      await page.getByTestId("sign-in-back").click();
      await page.getByTestId("sign-in-other").click();
      await page.getByTestId("sign-in-name").waitFor();
    },
  ],
];

const BEFORE_WORK: Scene[] = [
  [
    "tasks",
    async ({ page, stage }) => {
      await page.getByTestId("sign-in-back").click();
      await signIn(page, "picker-1", stage.pin(stage.agent, "picker-1"));
      await page.getByTestId(`task-${PICK}`).waitFor();
    },
  ],
  [
    "more",
    async ({ page }) => {
      await page.getByTestId("more").click();
      await page.getByTestId("more-sheet").waitFor();
    },
  ],
  [
    "devices that work",
    async ({ page }) => {
      await go(page, "devices");
      await expect.poll(() => page.locator('[data-testid="devices"] [data-state="online"]').count()).toBe(3);
    },
  ],
  [
    "a device that is unplugged",
    async ({ page, hardware }) => {
      await hardware.command("unplug @scale");
      await page.locator('[data-testid="devices"] [data-state="offline"]').waitFor();
    },
  ],
  [
    "nothing waits to be sent",
    async ({ page, hardware }) => {
      await hardware.command("plug @scale");
      await go(page, "outbox");
      await page.getByTestId("outbox-again").waitFor();
    },
  ],
  [
    "nothing is to be put back",
    async ({ page }) => {
      await go(page, "put-backs");
      await page.locator('[data-testid="put-backs"] .empty').waitFor();
    },
  ],
];

const PICKING: Scene[] = [
  [
    "a task that was taken",
    async ({ page }) => {
      await go(page, "");
      await claim(page, PICK);
    },
  ],
  [
    "a unit that counts",
    async ({ page, hardware }) => {
      await holdGoodNews(page, true);
      await hardware.scan(gtin("MUG-101"));
      await verdict(page, "ok");
    },
  ],
  [
    "a wrong item",
    async ({ page, hardware }) => {
      await holdGoodNews(page, false);
      await hardware.scan(gtin("LAN-104"));
      await verdict(page, "nok");
    },
  ],
  [
    "a code that nobody knows",
    async ({ page, hardware }) => {
      await hardware.scan("4006381333931");
      await page.getByTestId("feedback").getByText("4006381333931").waitFor();
    },
  ],
  [
    "how many",
    async ({ page, hardware }) => {
      await hardware.scan(gtin("CND-107"));
      await page.getByTestId("quantity-sheet").waitFor();
    },
  ],
  [
    "what cannot be found",
    async ({ page }) => {
      await page.getByTestId("primary").click();
      await page.getByTestId("short-sheet").waitFor();
    },
  ],
  [
    "more, with a task in hand",
    async ({ page }) => {
      await page.getByTestId("more").click();
      await page.getByTestId("more-release").waitFor();
    },
  ],
  ["everything is picked", (set) => pickAll(set, PICK)],
];

const PACKING: Scene[] = [
  [
    "nothing on the scale",
    async ({ page }) => {
      await page.getByTestId("primary").click();
      await page.getByTestId("next-package").waitFor();
      await page.getByTestId("weight").and(page.locator('[data-state="stable"]')).waitFor();
    },
  ],
  ["the right weight", async (set) => weigh(set, await expectedMilligrams(set, PICK))],
  [
    "something is missing",
    async (set) => weigh(set, 0.8 * (await expectedMilligrams(set, PICK)), "off"),
  ],
  [
    "a weight that is refused",
    async ({ page }) => {
      await page.getByTestId("primary").click();
      await page.getByTestId("weight-mismatch").waitFor();
    },
  ],
  [
    "a second person is asked",
    async ({ page }) => {
      await page.getByTestId("approve").click();
      await page.getByTestId("approver-manager").click();
    },
  ],
  [
    "a label that is printing",
    async (set) => {
      const { page, hardware } = set;
      await weigh(set, await expectedMilligrams(set, PICK));
      await page.getByTestId("primary").click();
      await expect.poll(async () => (await hardware.command<{ received: number }>("labels")).received).toBe(1);
      await hardware.command("paper out"); // so that it goes on
      await page.locator('[data-label="PRINTING"]').waitFor();
    },
  ],
  [
    "nobody knows whether a label came out",
    async ({ page, hardware }) => {
      await hardware.command("unplug @printer");
      await page.getByTestId("label-question").waitFor();
    },
  ],
  [
    "a label that failed",
    async ({ page }) => {
      await page.getByTestId("label-no").click();
      await page.getByTestId("label-failed").getByText("nothing was printed").waitFor();
    },
  ],
  [
    "ready to be shipped",
    async ({ page, hardware }) => {
      await hardware.command("plug @printer");
      await hardware.command("paper in");
      await page.getByTestId("primary").click();
      await page.locator('[data-label="PRINTED"]').waitFor();
    },
  ],
  [
    "shipped",
    async ({ page }) => {
      await page.getByTestId("primary").click();
      await page.getByTestId("finished").waitFor();
    },
  ],
];

const OTHER_ENDS: Scene[] = [
  [
    "a pickup that is ready",
    async (set) => {
      await set.page.getByTestId("primary").click();
      await claim(set.page, READY);
      await pickAll(set, READY);
    },
  ],
  [
    "cancelled while it was picked",
    async (set) => {
      const { page, hardware } = set;
      await page.getByTestId("primary").click();
      await claim(page, CANCELLED);
      await hardware.scan(gtin("BWL-102"));
      await verdict(page, "ok");
      await cancel(set, CANCELLED);
      await page.getByTestId("finished").waitFor();
    },
  ],
  [
    "tasks and units to be put back",
    async ({ page }) => {
      await page.getByTestId("primary").click();
      await page.getByTestId("tasks-put-backs").waitFor();
    },
  ],
  [
    "units to be put back",
    async ({ page }) => {
      await page.getByTestId("tasks-put-backs").click();
      await page.getByTestId("put-back-BWL-102").waitFor();
    },
  ],
  [
    "how many are put back",
    async ({ page }) => {
      await page.getByTestId("put-back-BWL-102").click();
      await page.getByTestId("put-back-sheet").waitFor();
    },
  ],
];

const BROKEN: Scene[] = [
  [
    "head office is away",
    async ({ page, stage, hardware }) => {
      await stage.stop("broker");
      await go(page, "");
      await claim(page, "48105");
      await hardware.scan(gtin("TWL-106"));
      await page.getByTestId("hub-down").waitFor();
    },
  ],
  [
    "work waits to be sent",
    async ({ page }) => {
      await go(page, "outbox");
      await page.getByTestId("outbox-list").waitFor();
    },
  ],
  [
    "the device service is away",
    async ({ page, stage }) => {
      await go(page, "");
      await page.getByTestId("task-48105").waitFor();
      await stage.stop(stage.agent.name);
      await page.getByTestId("agent-down").waitFor();
    },
  ],
  [
    "a tap while it is away",
    async ({ page }) => {
      await page.getByTestId("primary").click();
      await page.getByTestId("error").waitFor();
    },
  ],
];

export const HANDHELD_SCENES: Scene[] = [...SIGNING_IN, ...BEFORE_WORK, ...PICKING, ...PACKING, ...OTHER_ENDS, ...BROKEN];
