// The simulator's page: what is clicked there happens at a real agent.
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openBrowser, WatchedPage } from "./browser";
import type { Hardware } from "./hardware";
import { look, prepare, type Standard } from "./looks/look";
import { Stage } from "./stage";
import { Worker } from "./worker";

const STANDARD: Standard = {
  size: [1280, 800],
  sizes: [[360, 640], [640, 400], [1024, 768], [1440, 900]],
  target: 44,
  text: 14,
  contrast: { light: 4.5, dark: 4.5, glare: 7 },
  letters: 32,
}; // prettier-ignore

let stage: Stage;
let browser: Browser;
let hardware: Hardware;
let worker: Worker;
let watched: WatchedPage;
let page: Page;
let scanner: Locator;
let scale: Locator;
let printer: Locator;

beforeAll(async () => {
  [stage, browser] = await Promise.all([
    Stage.open({
      articles: ["CUP-1"],
      orders: { "1001": [["CUP-1", 2]], "1002": [["CUP-1", 10]], "1003": [["CUP-1", 1]], "1004": [["CUP-1", 1]] },
    }),
    openBrowser(),
  ]); // prettier-ignore
  hardware = await stage.hardware(undefined, { bench: true });
  worker = await Worker.at(stage, hardware);
  watched = await WatchedPage.open(browser, hardware.bench, { viewport: { width: 1280, height: 800 } });
  page = watched.page;
  scanner = page.getByTestId("device-scanner");
  scale = page.getByTestId("device-scale");
  printer = page.getByTestId("device-printer");
  await prepare(page);
});
afterAll(async () => {
  await browser?.close();
  await hardware?.close();
  await stage?.close();
});

const picked = async (order: string) => (await worker.api.group(order)).lines[0].picked_milli as number;
const gtin = async (order: string) => ((await worker.api.group(order)).lines[0].gtins[0] as string).replace(/^0/, "");
const cardOf = { scanner: () => scanner, scale: () => scale, printer: () => printer };

async function answered(good = true): Promise<void> {
  await page.getByTestId("log").locator(`li:first-child.${good ? "ok" : "nok"}`).waitFor();
}

test("every device says how it is, and whether a program uses it", async () => {
  for (const card of [scanner, scale]) await card.locator('[data-testid="state"][data-state="used"]').waitFor();
  await printer.locator('[data-testid="state"][data-state="ready"]').waitFor();
  expect(new URL(page.url()).pathname).toBe("/ui/bench/");
});

test("a code that is scanned here is a unit at the agent, and a recent one another", async () => {
  await worker.claim("1001");
  await scanner.getByTestId("code").fill(await gtin("1001"));
  await scanner.getByTestId("scan").click();
  await expect.poll(() => picked("1001")).toBe(1000);
  await scanner.getByTestId("again").first().click();
  await expect.poll(() => picked("1001")).toBe(2000);
});

test("the keyboard alone scans, too", async () => {
  const before = (await worker.device("scanner")).reads;
  await scanner.getByTestId("code").fill("40063812");
  await scanner.getByTestId("code").press("Enter");
  await expect.poll(async () => (await worker.device("scanner")).reads).toBe(before + 1);
});

test("every read of a burst counts", async () => {
  await worker.claim("1002");
  await scanner.getByTestId("burst-open").click();
  await scanner.getByTestId("burst-codes").fill(await gtin("1002"));
  await scanner.getByTestId("burst-times").fill("9");
  await scanner.getByTestId("burst").click();
  await expect.poll(() => picked("1002")).toBe(9000);
});

test("octets as they are are no code until the last of them came", async () => {
  const before = (await worker.device("scanner")).reads;
  const code = await gtin("1002");
  await scanner.getByTestId("as").selectOption("raw");
  await scanner.getByTestId("code").fill(`]E0${code.slice(0, 6)}`);
  await scanner.getByTestId("scan").click();
  await answered();
  expect((await worker.device("scanner")).reads).toBe(before);
  await scanner.getByTestId("code").fill(`${code.slice(6)}\\x0d`);
  await scanner.getByTestId("scan").click();
  await expect.poll(() => picked("1002")).toBe(10_000);
  await scanner.getByTestId("as").selectOption("");
});

test.each([
  ["put", "stable", 500_000],
  ["scale-move", "unstable", null],
  ["scale-over", "over", null],
  ["scale-under", "under", null],
  ["scale-off", "stable", 0],
])("the scale: %s is %s at the agent", async (button, state, weight_mg) => {
  await scale.getByTestId("kg").fill("0,5");
  await scale.getByTestId(button).click();
  await vi.waitUntil(
    async () => {
      const { weight } = await worker.api.get("/api/v1/weight");
      return weight?.state === state && weight.weight_mg === weight_mg;
    },
    { timeout: 20_000, interval: 100 },
  );
  await expect.poll(() => scale.getByTestId("display").getAttribute("data-state")).toBe(state === "unstable" ? "moving" : state);
  if (weight_mg) expect(await scale.getByTestId("display").innerText()).toContain("0.500 kg");
});

test("a scale that does not answer is away, and comes back", async () => {
  await scale.getByTestId("mute").click();
  await vi.waitUntil(async () => (await worker.api.get("/api/v1/weight")).state === "offline", { timeout: 20_000, interval: 200 });
  await scale.getByTestId("mute").click();
  await vi.waitUntil(async () => (await worker.api.get("/api/v1/weight")).state === "online", { timeout: 20_000, interval: 200 });
});

test.each(["paper", "lid", "ribbon", "pause"])("the printer's switch %s stops it, as the agent sees", async (what) => {
  await printer.getByTestId(what).click();
  await expect.poll(() => printer.getByTestId(what).getAttribute("aria-checked")).toBe("true");
  await worker.devices((all) => all.some((one) => one.kind === "printer" && one.state === "offline" && one.detail !== ""));
  await printer.getByTestId(what).click();
  await worker.devices((all) => all.every((one) => one.state === "online"));
});

test.each(["scanner", "scale", "printer"] as const)("an unplugged %s is away, and comes back", async (kind) => {
  const card = cardOf[kind]();
  await card.getByTestId("unplugged").click();
  await card.locator('[data-testid="state"][data-state="unplugged"]').waitFor();
  if (kind === "scale") await worker.api.get("/api/v1/weight"); // a scale that nobody looks at is not missed
  await worker.devices((all) => all.some((one) => one.kind === kind && one.state === "offline"));
  await card.getByTestId("unplugged").click();
  await worker.devices((all) => all.every((one) => one.state === "online"));
});

test("a label that the agent prints is drawn, and its ZPL can be read", async () => {
  await worker.pack("1001");
  await worker.print("1001");
  await worker.label("1001", "PRINTED");
  const tile = printer.getByTestId("label-1");
  await tile.locator('[data-testid="picture"][data-state="drawn"]').waitFor();
  await tile.click();
  const sheet = page.getByTestId("label-sheet");
  const picture = sheet.getByTestId("picture");
  await sheet.locator('[data-testid="picture"][data-state="drawn"]').waitFor();
  const black = await picture.evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let dots = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i]! < 128 && data[i + 3] === 255) ++dots;
    return dots / (canvas.width * canvas.height);
  });
  expect(black).toBeGreaterThan(0.02); // bars and words
  expect(black).toBeLessThan(0.5);
  await sheet.locator("summary").click();
  const { sscc } = (await worker.api.group("1001")).packages[0];
  await vi.waitUntil(async () => (await sheet.getByTestId("label-zpl").innerText()).includes(sscc));
  expect(await look(page, STANDARD)).toEqual([]);
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
  expect(await tile.evaluate((button) => button === document.activeElement)).toBe(true);
});

test.each([
  ["mute", "UNKNOWN"],
  ["close", "FAILED"],
])("a printer with the fault %s leaves a label %s", async (fault, outcome) => {
  const order = fault === "mute" ? "1003" : "1004";
  await worker.claim(order);
  await worker.pick(order);
  await worker.pack(order);
  await printer.getByTestId(`fault-${fault}`).click();
  await expect.poll(() => printer.getByTestId(`fault-${fault}`).getAttribute("aria-pressed")).toBe("true");
  await worker.print(order);
  await worker.label(order, outcome);
  await printer.getByTestId("fault-none").click();
  await worker.devices((all) => all.every((one) => one.state === "online"));
});

test("the other faults are the simulator's, as it says itself", async () => {
  await printer.getByTestId("fault-octets").fill("300");
  for (const [fault, said] of [["deaf", "deaf"], ["slow", "slow"], ["reset_after", "reset_after=300"], ["none", "none"]] as const) {
    await printer.getByTestId(`fault-${fault}`).click();
    await expect.poll(async () => (await hardware.command<{ devices: { fault?: string }[] }>("devices")).devices.find((one) => one.fault)?.fault).toBe(said);
    await expect.poll(() => printer.getByTestId(`fault-${fault}`).getAttribute("aria-pressed")).toBe("true");
  } // prettier-ignore
  expect(await printer.getByTestId("fault-means").innerText()).toBe("It answers as it should.");
});

test("what is refused is said on the card and in the log", async () => {
  await scanner.getByTestId("code").fill("\\x0");
  await scanner.getByTestId("scan").click();
  await scanner.getByTestId("refused").waitFor();
  await answered(false);
  expect(await look(page, STANDARD)).toEqual([]);
  await scanner.getByTestId("code").fill("40063812");
  await scanner.getByTestId("scan").click();
  await scanner.getByTestId("refused").waitFor({ state: "detached" });
});

test("a line can be typed, and help lists them all", async () => {
  await page.getByTestId("line").fill("help");
  await page.getByTestId("line").press("Enter");
  await answered();
  await page.getByTestId("log").locator("summary").first().click();
  const help = await page.getByTestId("log").locator("pre").first().innerText();
  for (const verb of ["scan", "burst", "weight", "mute", "paper", "ribbon", "fault", "unplug"]) expect(help).toContain(verb);
});

test("what goes wrong is said in German", async () => {
  await page.getByTestId("language-de").click();
  await page.getByRole("heading", { name: "Gerätebank" }).waitFor();
  await scanner.getByTestId("code").fill("\\x0");
  await scanner.getByTestId("scan").click();
  expect(await scanner.getByTestId("refused").innerText()).toBe("Auf einen Rückstrich folgt xHH oder noch ein Rückstrich.");
  await page.getByTestId("language-en").click();
  await page.getByRole("heading", { name: "Device bench" }).waitFor();
});

test("everything can be read, reached and hit in every theme, size and language", async () => {
  await scanner.getByTestId("code").fill("40063812");
  await scanner.getByTestId("scan").click();
  await printer.getByTestId("paper").click();
  await expect.poll(() => printer.getByTestId("paper").getAttribute("aria-checked")).toBe("true");
  expect(await look(page, STANDARD)).toEqual([]);
  await printer.getByTestId("paper").click();
});

test("nothing was said on the console and nothing asked for elsewhere", async () => {
  expect(watched.check()).toEqual([]);
  const { headers } = await fetch(hardware.bench);
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'self'; script-src 'self' 'wasm-unsafe-eval';/);
});

test("a simulator that is gone is said to be", async () => {
  await hardware.close();
  await page.getByTestId("away").waitFor();
  await scanner.getByTestId("scan").click();
  await scanner.getByTestId("refused").waitFor();
  expect(await look(page, STANDARD)).toEqual([]);
});
