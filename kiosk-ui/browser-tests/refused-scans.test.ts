// 200 reads, 20 ms apart, where they count as something else than picks or must change nothing: at the counter, in a
// dialog that takes none, before anybody has signed in.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Api } from "./api";
import { countBand } from "./band";
import { COUNTER, HANDHELD, type Opening, openBrowser, signIn, WatchedPage } from "./browser";
import { makeReady } from "./counter";
import type { Hardware } from "./hardware";
import { Keys } from "./keys";
import { ARTICLES, codesOf, LINES, PATHS, readAll, READS, readsOf, UNITS_READ } from "./reads";
import { Stage, type StationPlace } from "./stage";

let stage: Stage;
let browser: Browser;
let api: Api;
/** Of articles that are known and wanted by nobody here. */
let codes: string[];

beforeAll(async () => {
  const orders = { "sold-serial": LINES, "sold-wedge": LINES, waits: [["CUP-1", 1]] as typeof LINES };
  [stage, browser] = await Promise.all([Stage.open({ articles: ARTICLES, orders, pickups: Object.keys(orders), stations: 2 }), openBrowser()]);
  api = await stage.agentApi();
  codes = codesOf(await api.group("sold-serial"));
  await makeReady(stage, "waits");
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

function pin(name: string): string {
  return stage.pin(stage.agent, name);
}

/** The devices of a station, until the test ends. */
async function connect(station: StationPlace): Promise<Hardware> {
  const hardware = await stage.hardware(station);
  onTestFinished(() => hardware.close());
  return hardware;
}

async function open(url: string, options: Opening): Promise<WatchedPage> {
  const watched = await WatchedPage.open(browser, stage.agent.url + url, options);
  onTestFinished(() => watched.close());
  return watched;
}

async function openCounter(station: StationPlace, path = ""): Promise<WatchedPage> {
  const watched = await open(`/ui/counter/?station=${station.station}#/${path}`, COUNTER);
  await signIn(watched.page, station.picker, pin(station.picker));
  await watched.page.locator('[data-testid="link-agent"][data-up="true"]').waitFor();
  return watched;
}

/** An order in its customer's hands. */
async function sell(order: string, { station, picker }: StationPlace): Promise<void> {
  const { group } = await makeReady(stage, order, { code: false });
  const clerk = await Api.signIn(stage.agent.url, picker, pin(picker), station);
  await clerk.post(`/api/v1/ship-groups/${group}/hand-over`, { approval: { name: "manager", pin: pin("manager"), reason: "known" } });
}

/** What a page asks its agent to do from now on. */
function asked(page: Page): string[] {
  const all: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") all.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  return all;
}

const written = async () => (await api.pages("/api/v1/log")).length;

describe.each(PATHS)(`${READS} reads by %s`, (path) => {
  const place = () => stage.agent.stations[PATHS.indexOf(path)]!;

  test("bring a unit back each at the counter, with the focus on a button", async () => {
    const order = `sold-${path}`;
    await sell(order, place());
    const hardware = await connect(place());
    const watched = await openCounter(place(), "return");
    const { page } = watched;
    await page.getByTestId("return-number").fill(order);
    await page.getByTestId("primary").click();
    await page.getByTestId("return-drop").focus(); // Enter on it would forget the return
    const said = await countBand(page);

    await readAll(path, codes, page, hardware);

    await expect.poll(said).toMatchObject({ ok: READS, nok: 0, dup: 0 });
    const units = () => page.getByTestId("return-line").evaluateAll((all) => all.map((line) => Number((line as HTMLElement).dataset["units"])));
    await expect.poll(units).toEqual(ARTICLES.map(() => UNITS_READ));
    expect(watched.check()).toEqual([]);
  });

  test.each([["pickup-search", "wai"], ["pickup-code", "12"]])("are refused one by one at the pickup desk, and %s keeps what was typed", async (field, typed) => {
    const hardware = await connect(place());
    const watched = await openCounter(place());
    const { page } = watched;
    await page.getByTestId(field).fill(typed);
    await page.getByTestId(field).focus();
    const [said, requests, reads, log] = [await countBand(page), asked(page), await readsOf(api, place()), await written()];

    await readAll(path, codes, page, hardware);

    await expect.poll(said).toMatchObject({ ok: 0, nok: READS, dup: 0 });
    expect(await readsOf(api, place())).toBe(path === "serial" ? reads + READS : reads);
    expect(requests).toEqual([]);
    expect(await written()).toBe(log);
    expect(await page.getByTestId(field).inputValue()).toBe(typed);
    expect(watched.check()).toEqual([]);
  });

  test("are refused one by one by a dialog that takes none, and its PIN keeps what was typed", async () => {
    const hardware = await connect(place());
    const watched = await openCounter(place());
    const { page } = watched;
    await page.getByTestId("pickup-row").and(page.locator('[data-order="waits"]')).click();
    await page.getByTestId("handover-override").click();
    await page.getByTestId("approver-manager").click();
    await page.getByTestId("override-pin").fill("12");
    await page.getByTestId("override-pin").focus();
    const [said, requests, log] = [await countBand(page), asked(page), await written()];

    await readAll(path, codes, page, hardware);

    await expect.poll(said).toMatchObject({ ok: 0, nok: READS, dup: 0 });
    await expect.poll(() => page.getByTestId("override-problem").innerText()).not.toBe("");
    expect(await page.getByTestId("override-pin").inputValue()).toBe("12");
    expect(requests).toEqual([]);
    expect(await written()).toBe(log);
    expect((await api.group("waits")).status).toBe("READY");
    expect(watched.check()).toEqual([]);
  });

  test("do nothing while nobody is signed in, and the PIN keeps what was typed", async () => {
    const { station, picker } = place();
    const hardware = await connect(place());
    const office = await Api.signIn(stage.agent.url, picker, pin(picker), station);
    await office.delete("/api/v1/sessions/current"); // whoever was here before has gone
    const watched = await open(`/ui/handheld/?station=${station}`, HANDHELD);
    const { page } = watched;
    await page.getByTestId(`person-${picker}`).click();
    const field = page.getByTestId("sign-in-pin");
    await field.fill(pin(picker).slice(0, 2));
    const [requests, reads, log] = [asked(page), await readsOf(api, place()), await written()];

    await readAll(path, codes, page, hardware);

    await expect.poll(() => readsOf(api, place())).toBe(path === "serial" ? reads + READS : reads);
    expect(await field.inputValue()).toBe(pin(picker).slice(0, 2));
    expect(requests).toEqual([]);
    expect(await written()).toBe(log);
    await field.focus();
    await (await Keys.of(page)).press([...pin(picker).slice(2), "Enter"], { gap: 120 });
    await page.getByTestId("tasks").waitFor();
    expect(watched.check()).toEqual([]);
  });
});
