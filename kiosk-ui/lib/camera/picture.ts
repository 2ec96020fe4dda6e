// Pictures as the agent gets them: JPEG, small enough to be quick on a store's network.
import { agent, type PictureScan } from "../api/agent";
import { data } from "../api/client";
import type { Frame } from "./frames";

const FRAME_WIDTH = 640;
const PHOTO_SIDE_MOST = 1920;

function jpeg(source: CanvasImageSource, width: number, height: number, quality: number): Promise<Blob | undefined> {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  canvas.getContext("2d")?.drawImage(source, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob((blob) => done(blob ?? undefined), "image/jpeg", quality));
}

/** What a video shows now; nothing: it has not begun. */
export async function frameOf(video: HTMLVideoElement): Promise<Blob | undefined> {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0 || height === 0) return undefined;
  const scale = Math.min(1, FRAME_WIDTH / width);
  return jpeg(video, width * scale, height * scale, 0.8);
}

/** A photo from a file, made smaller if it is large. One that the browser cannot read is sent as it is: the agent says why. */
export async function photoOf(file: Blob): Promise<Blob> {
  try {
    const image = await createImageBitmap(file);
    const scale = PHOTO_SIDE_MOST / Math.max(image.width, image.height);
    if (scale >= 1) return file;
    return (await jpeg(image, image.width * scale, image.height * scale, 0.9)) ?? file;
  } catch {
    return file;
  }
}

/** `video`: one of many; else a photo, which is looked at as long as it takes. */
export function sendPicture({ picture, key, lifted }: Frame, video: boolean): Promise<PictureScan> {
  return data(
    agent.POST("/api/v1/pictures", {
      params: { header: { "Idempotency-Key": key }, query: { frame: video, lifted } },
      headers: { "Content-Type": picture.type === "image/png" ? "image/png" : "image/jpeg" },
      body: picture as unknown as string,
      bodySerializer: (body) => body,
    }),
  );
}
