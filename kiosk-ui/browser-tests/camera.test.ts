// The camera of a handheld as a scanner: a label in sight is one scan, and one that stays there is no second.
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
let browser: Browser;
let picker: Picker;
const folder = mkdtempSync(join(tmpdir(), "cairn-camera-"));
const codes: string[] = [];

beforeAll(async () => {
  stage = await Stage.open({ articles: ["CUP-1", "CUP-2"], orders: { "1001": [["CUP-1", 6], ["CUP-2", 2]] } }); // prettier-ignore
  const api = await stage.agentApi();
  const group = (await api.pages("/api/v1/ship-groups"))[0] as { id: string };
  const { lines } = await api.get(`/api/v1/ship-groups/${group.id}`);
  codes.push(...lines.map((line: { gtins: string[] }) => line.gtins[0]!.slice(1)));
  const video = join(folder, "label.y4m");
  writeVideo(video, codes[0]!);
  browser = await openBrowser([
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${video}`,
  ]);
  picker = await Picker.open(browser, stage);
});
afterAll(async () => {
  await picker?.close();
  await browser?.close();
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

const words = () => picker.page.getByTestId("camera-words").innerText();

async function takePhoto(shown: string[]): Promise<void> {
  const buffer = await photoOf(browser, shown);
  await picker.page.getByTestId("camera-file").setInputFiles({ name: "photo.png", mimeType: "image/png", buffer });
}

test("a label in front of the camera is one scan, however long it stays there", async () => {
  await picker.do("take");
  await picker.page.getByTestId("more").click();
  await picker.page.getByTestId("more-camera").click();
  await expect.poll(() => picker.remaining()).toBe(7000);
  await expect.poll(words).toContain(`once: ${codes[0]}`);
  const pictures = picker.page.waitForResponse((response) => response.url().includes("/api/v1/pictures"));
  await pictures;
  await picker.page.waitForResponse((response) => response.url().includes("/api/v1/pictures"));
  expect(await picker.remaining()).toBe(7000);
  expect(await picker.page.locator(".camera-marks polygon").count()).toBe(1);
});

test("the next unit is scanned when the picker says that it is another", async () => {
  await picker.page.getByTestId("camera-next").click();
  await expect.poll(() => picker.remaining()).toBe(6000);
  await expect.poll(words).toContain("once");
  expect((await picker.api.group("1001")).lines[0].picked_milli).toBe(2000);
});

test("a photo of several codes asks which one", async () => {
  await takePhoto([codes[1]!, "4006381333931"]);
  await expect.poll(() => picker.page.getByTestId("camera-choice").count()).toBe(2);
  expect(await picker.remaining()).toBe(6000);
  await picker.page.getByTestId("camera-choice").filter({ hasText: codes[1]! }).click();
  await expect.poll(() => picker.remaining()).toBe(5000);
  expect((await picker.api.group("1001")).lines[1].picked_milli).toBe(1000);
});

test("a file that is no picture is said to be none", async () => {
  const file = { name: "note.png", mimeType: "image/png", buffer: Buffer.from("no picture") };
  await picker.page.getByTestId("camera-file").setInputFiles(file);
  await expect.poll(() => picker.page.getByTestId("camera").innerText()).toMatch(/neither a PNG nor a JPEG/);
});

test("the camera is off when its panel is closed", async () => {
  const track = await picker.page.evaluateHandle(() => {
    const video = document.querySelector<HTMLVideoElement>("[data-testid=camera-video]")!;
    return (video.srcObject as MediaStream).getVideoTracks()[0]!;
  });
  await picker.page.getByTestId("camera-close").click();
  await expect.poll(() => track.evaluate((one) => one.readyState)).toBe("ended");
  expect(await picker.page.getByTestId("camera").count()).toBe(0);
  expect(picker.watched.check()).toEqual([]);
});
