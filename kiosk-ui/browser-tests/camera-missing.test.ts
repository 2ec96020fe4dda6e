// A camera that cannot be used: the page says why, and a photo is a scan all the same.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "./browser";
import { Picker } from "./handheld";
import { photoOf, writeVideo } from "./labels";
import { Stage } from "./stage";

let stage: Stage;
const codes: string[] = [];
const folder = mkdtempSync(join(tmpdir(), "cairn-camera-missing-"));

beforeAll(async () => {
  stage = await Stage.open({ articles: ["CUP-1", "CUP-2"], orders: { "1001": [["CUP-1", 4], ["CUP-2", 4]] } }); // prettier-ignore
  const api = await stage.agentApi();
  const group = (await api.pages("/api/v1/ship-groups"))[0] as { id: string };
  const { lines } = await api.get(`/api/v1/ship-groups/${group.id}`);
  codes.push(...lines.map((line: { gtins: string[] }) => line.gtins[0]!.slice(1)));
});
afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A handheld in the middle of a task, with its camera panel open, in a browser with these switches. */
async function withCamera(switches: string[], doing: (picker: Picker, browser: Browser) => Promise<void>): Promise<void> {
  const browser = await openBrowser(switches);
  const picker = await Picker.open(browser, stage);
  try {
    if ((await picker.asked()) === "take") await picker.do("take");
    await picker.page.getByTestId("more").click();
    await picker.page.getByTestId("more-camera").click();
    await doing(picker, browser);
    expect(picker.watched.check()).toEqual([]);
  } finally {
    await picker.close();
    await browser.close();
  }
}

const blind = (picker: Picker) => picker.page.getByTestId("camera-blind");

/** A photo of a label counts one unit. */
async function photoCounts(picker: Picker, browser: Browser): Promise<void> {
  const before = await picker.remaining();
  const buffer = await photoOf(browser, [codes[1]!]);
  await picker.page.getByTestId("camera-file").setInputFiles({ name: "photo.png", mimeType: "image/png", buffer });
  await expect.poll(() => picker.remaining()).toBe(before - 1000);
}

test("without a camera the page says that there is none, and takes photos", async () => {
  await withCamera(["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=device-count=0"], async (picker, browser) => {
    await expect.poll(() => blind(picker).innerText()).toMatch(/No camera can be used here/);
    expect(await picker.page.getByTestId("camera-next").count()).toBe(0);
    await photoCounts(picker, browser);
  });
});

test("without permission the page says who keeps the camera from it, takes photos, and sees once it is allowed to", async () => {
  const video = join(folder, "label.y4m");
  writeVideo(video, codes[0]!);
  const camera = ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${video}`];
  await withCamera([...camera, "--deny-permission-prompts"], async (picker, browser) => {
    await expect.poll(() => blind(picker).innerText()).toMatch(/told not to let this page use the camera/);
    await photoCounts(picker, browser);
    const before = await picker.remaining();
    // As one does it: in the browser's settings, and back to the page.
    await picker.page.context().grantPermissions(["camera"]);
    await picker.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await expect.poll(() => picker.remaining()).toBe(before - 1000);
    expect(await blind(picker).count()).toBe(0);
    await expect.poll(() => picker.page.getByTestId("camera-video").isVisible()).toBe(true);
  });
});
