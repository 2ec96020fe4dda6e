// What a picker's scans and taps do, one by one, and what the page says of those that do nothing.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "./browser";
import { Picker } from "./handheld";
import { Stage } from "./stage";

let stage: Stage;
let browser: Browser;
let picker: Picker;

beforeAll(async () => {
  [stage, browser] = await Promise.all([
    Stage.open({
      articles: ["CUP-1", "CUP-2", "CUP-3"],
      orders: { "1001": [["CUP-1", 2], ["CUP-2", 4]], "1002": [["CUP-3", 20]] },
    }), // prettier-ignore
    openBrowser(),
  ]);
  picker = await Picker.open(browser, stage);
});
afterAll(async () => {
  await picker?.close();
  await browser?.close();
  await stage?.close();
});

/** The code on the goods of a line. */
async function code(order: string, line = 0): Promise<string> {
  return (await picker.api.group(order)).lines[line].gtins[0].slice(1);
}
async function picked(order: string): Promise<number[]> {
  return (await picker.api.group(order)).lines.map((line: { picked_milli: number }) => line.picked_milli / 1000);
}
/** Everything the agent knows of an order, and how much it wrote down of anything. */
async function known(order: string): Promise<unknown> {
  return [await picker.api.group(order), (await picker.api.pages("/api/v1/log?limit=1000")).length];
}
async function says(verdict: string, ...words: string[]): Promise<void> {
  await expect.poll(() => picker.band()).toMatchObject({ verdict });
  for (const each of words) await expect.poll(async () => (await picker.band()).words).toContain(each);
}

test("one tap takes the next order", async () => {
  expect(await picker.asked()).toBe("take");
  await picker.do("take");
  await expect.poll(() => picker.page.title()).toContain("1001");
  expect((await picker.api.group("1001")).claim).toMatchObject({ station: picker.station.station });
  expect(picker.taps.get("take")).toBe(1);
});

test("one scan is one unit, and no tap is needed", async () => {
  await picker.hardware.scan(await code("1001"));
  await says("ok", "Article CUP-1", "1 more to go");
  expect(await picked("1001")).toEqual([1, 0]);
  expect(await picker.remaining()).toBe(5000);
  expect([...picker.taps.keys()]).toEqual(["take"]);
});

test("a wrong article changes nothing, and the page says what was scanned and what is wanted", async () => {
  const before = await known("1001");
  await picker.hardware.scan(await code("1002"));
  await says("nok", "Wrong item", "Scanned: Article CUP-3", "Wanted: Article CUP-1");
  expect(await known("1001")).toEqual(before);
  expect(await picker.remaining()).toBe(5000);
});

test("an unknown code changes nothing, and the page says so", async () => {
  const before = await known("1001");
  await picker.hardware.scan("4006381333931");
  await says("nok", "Unknown code", "Scanned: 4006381333931", "Wanted: Article CUP-1");
  expect(await known("1001")).toEqual(before);
  expect(await picker.remaining()).toBe(5000);
});

test("one tap undoes the last scan, and the unit can be scanned again", async () => {
  await picker.tap("undo", "scan");
  await says("dup", "Undone: put it back", "Article CUP-1");
  await expect.poll(() => picker.remaining()).toBe(6000);
  expect(await picked("1001")).toEqual([0, 0]);
  for (const open of [5000, 4000]) {
    await picker.hardware.scan(await code("1001"));
    await expect.poll(() => picker.remaining()).toBe(open);
  }
  expect(await picked("1001")).toEqual([2, 0]);
});

test("a unit too many is refused", async () => {
  const before = await known("1001");
  await picker.hardware.scan(await code("1001"));
  await says("nok", "Already all picked");
  expect(await known("1001")).toEqual(before);
});

test("what cannot be found is shorted with its reason, as many as are missing", async () => {
  await picker.hardware.scan(await code("1001", 1));
  await expect.poll(() => picker.remaining()).toBe(3000);
  await picker.page.getByTestId("primary").click();
  const sheet = picker.page.getByTestId("short-sheet");
  expect(await sheet.getByTestId("short-quantity").innerText()).toBe("3 of 3");
  await sheet.getByTestId("short-less").click();
  await sheet.getByTestId("short-DAMAGED").click();
  await sheet.getByTestId("short-confirm").click();
  await expect.poll(() => picker.remaining()).toBe(1000);
  expect(await picker.page.getByTestId("line-2").innerText()).toContain("2 not found");
  expect((await picker.api.group("1001")).lines[1]).toMatchObject({ picked_milli: 1000, short_milli: 2000, open_milli: 1000 });
  const shorted = (await picker.api.pages("/api/v1/log?limit=1000")).filter(({ event }) => event === "LineShorted");
  expect(shorted.map(({ payload }) => payload)).toEqual([expect.objectContaining({ reason: "DAMAGED" })]);
});

test("the last unit completes the order, and says that some are missing", async () => {
  await picker.hardware.scan(await code("1001", 1));
  const finished = picker.page.getByTestId("finished");
  await finished.waitFor();
  expect(await finished.innerText()).toContain("All picked");
  expect(await finished.innerText()).toContain("4 units in the tote");
  expect(await finished.innerText()).toContain("2 units were not found");
  expect((await picker.api.group("1001")).status).toBe("PICKED");
});

test("a parcel that weighs too little is not closed, and the page says so; the right one is", async () => {
  await picker.do("go on");
  await picker.hardware.weigh(300_000); // of four cups of 100 g
  await picker.page.getByTestId("weight").getByText("100 g less than expected").waitFor();
  await picker.page.getByTestId("primary").click();
  await picker.page.getByTestId("weight-mismatch").waitFor();
  await says("nok", "The weight does not match");
  expect((await picker.api.group("1001")).packages).toEqual([]);
  await picker.page.getByTestId("weigh-again").click();
  await picker.do("weigh");
  expect((await picker.api.group("1001")).packages).toMatchObject([{ weight_mg: 400_000, weight_check: "MATCHED" }]);
});

test("its label prints by itself, once, and one tap sends it off", async () => {
  expect(await picker.asked()).toBe("send off");
  await picker.do("send off");
  await picker.page.getByText("1 package is out of the door").waitFor();
  expect((await picker.api.group("1001")).status).toBe("SHIPPED");
  expect(await picker.hardware.labels()).toHaveLength(1);
  await picker.do("go on");
});

test("a long line is scanned once and its number is keyed", async () => {
  await picker.page.getByTestId("task-1002").click();
  await picker.page.getByTestId("current-line").waitFor();
  const quantity = picker.page.getByTestId("quantity-sheet");
  await picker.hardware.scan(await code("1002"));
  await quantity.waitFor();
  await says("pending", "Article CUP-3");
  expect(await picked("1002")).toEqual([0]);
  await quantity.getByTestId("key-5").click();
  await quantity.getByTestId("quantity-confirm").click();
  await expect.poll(() => picker.remaining()).toBe(15_000);
  expect(await picked("1002")).toEqual([5]);
  // The rest is filled in: a scan and a tap.
  await picker.hardware.scan(await code("1002"));
  await quantity.waitFor();
  await picker.do("quantity");
  await picker.page.getByTestId("finished").waitFor();
  expect(await picked("1002")).toEqual([20]);
});

test("a device that is unplugged is named in words, with what to do", async () => {
  const { page, hardware } = picker;
  await picker.do("go on");
  await page.getByTestId("more").click();
  await page.getByTestId("more-devices").click();
  for (const [kind, name, todo] of [
    ["scanner", "Scanner", "Check its cable and that it is charged"],
    ["scale", "Scale", "Switch it on and check its cable"],
    ["printer", "Label printer", "Switch it on and check cable and network"],
  ] as const) {
    const card = page.getByTestId(`device-${kind}-${picker.station.station}`);
    await card.getByText("ready").waitFor();
    await hardware.command(`unplug @${kind}`);
    await card.getByText("not connected").waitFor();
    expect(await card.innerText()).toContain(name);
    expect(await card.innerText()).toContain(todo);
    await hardware.command(`plug @${kind}`);
    await card.getByText("ready").waitFor();
  }
  expect(picker.watched.check()).toEqual([]);
});
