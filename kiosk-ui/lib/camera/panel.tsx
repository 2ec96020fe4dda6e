// The camera as a scanner: what it sees, a frame around the code that was found, and the choice where there are
// several. Live where the browser lets a page see (secure contexts); a photo can be taken everywhere.
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { agent, type PictureCode, type PictureScan } from "../api/agent";
import { data, newKey } from "../api/client";
import { Refusal } from "../api/problem";
import { tellCamera } from "../device/reads";
import { t } from "../i18n";
import { Icon } from "../ui/icons";
import { ErrorNote } from "../ui/parts";
import { FrameLoop } from "./frames";
import { frameOf, photoOf, sendPicture } from "./picture";

export const cameraOpen = signal(false);

/** Pages over plain HTTP get no video. */
export function canSee(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}

/** Each text once: the same code may be on a label twice. */
export function choices(answer: PictureScan): PictureCode[] {
  return answer.codes.filter((code, place) => answer.codes.findIndex((other) => other.code === code.code) === place);
}

const points = (code: PictureCode) => code.corners.map(({ x, y }) => `${x},${y}`).join(" ");

export function CameraPanel() {
  const video = useRef<HTMLVideoElement>(null);
  const loop = useRef<FrameLoop>();
  const [answer, setAnswer] = useState<PictureScan>();
  const [several, setSeveral] = useState<PictureCode[]>([]);
  const [blind, setBlind] = useState(canSee() ? "" : t("camera.insecure"));
  const [error, setError] = useState<unknown>();
  /** Of a photo: what the camera sees meanwhile is no answer to it. */
  const [photoError, setPhotoError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const seen = (found: PictureScan) => {
    setError(undefined);
    setAnswer(found);
    if (found.verdict) tellCamera(found.verdict);
    const all = choices(found);
    if (all.length < 2) return;
    loop.current?.hold(true);
    setSeveral(all);
  };
  const goOn = () => {
    setSeveral([]);
    setAnswer(undefined);
    loop.current?.hold(false);
  };

  useEffect(() => {
    if (!canSee()) return;
    let stream: MediaStream | undefined;
    let on = true;
    const frames = new FrameLoop({
      take: async () => (video.current && !document.hidden ? frameOf(video.current) : undefined),
      newKey,
      send: (frame) => sendPicture(frame, true),
      seen,
      failed: (problem) => {
        const refusal = problem instanceof Refusal ? problem : new Refusal("unexpected", String(problem));
        // The next picture comes soon: that this one was not looked at is no news.
        if (refusal.reason !== "decoder_busy") setError(refusal);
        return refusal.isAway;
      },
      pause: (ms) => new Promise((done) => setTimeout(done, ms)),
      now: () => performance.now(),
    });
    loop.current = frames;
    const end = () => {
      frames.stop();
      for (const track of stream?.getTracks() ?? []) track.stop();
      stream = undefined;
    };
    const begin = async () => {
      try {
        const opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
        stream = opened;
        if (!on || document.hidden) return end();
        if (!video.current) return;
        video.current.srcObject = opened;
        await video.current.play();
        setBlind("");
        void frames.run();
      } catch (problem) {
        if (on) setBlind(t((problem as Error).name === "NotAllowedError" ? "camera.denied" : "camera.none"));
      }
    };
    // Nobody looks: the camera is off, its lamp, too.
    const look = () => (document.hidden ? end() : void begin());
    document.addEventListener("visibilitychange", look);
    void begin();
    return () => {
      on = false;
      document.removeEventListener("visibilitychange", look);
      end();
    };
  }, []);

  const photo = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    setPhotoError(undefined);
    try {
      seen(await sendPicture({ picture: await photoOf(file), key: newKey(), lifted: true }, false));
    } catch (problem) {
      setPhotoError(problem);
    } finally {
      setBusy(false);
    }
  };
  const choose = async (code: PictureCode) => {
    setBusy(true);
    try {
      const body = { code: code.code, symbology: code.aim?.slice(1) ?? null, from_camera: true };
      tellCamera(await data(agent.POST("/api/v1/scans", { body })));
      goOn();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  const problem = photoError ?? error;
  const found = several.length > 0 ? several : (answer?.codes ?? []);
  return (
    <section class="camera" aria-label={t("camera.title")} data-testid="camera">
      {/* Always there: a camera that can be used later has its picture in it. */}
      <div class="camera-view" hidden={blind !== ""}>
        <video ref={video} muted playsInline aria-label={t("camera.sees")} data-testid="camera-video" />
        {answer && (
          <svg class="camera-marks" viewBox={`0 0 ${answer.width} ${answer.height}`} aria-hidden="true">
            {found.map((code) => (
              <polygon key={points(code)} points={points(code)} />
            ))}
          </svg>
        )}
      </div>
      {blind !== "" && (
        <p class="note" role="status" data-testid="camera-blind">
          {blind}
        </p>
      )}
      <p class="camera-words" role="status" data-testid="camera-words">
        {busy ? t("camera.looking") : several.length > 0 ? t("camera.choose") : words(answer)}
      </p>
      {problem !== undefined && <ErrorNote error={problem} brief />}
      {several.length > 0 && (
        <div class="stack" role="group" aria-label={t("camera.choose")}>
          {several.map((code) => (
            <button type="button" class="button wide" key={code.code} disabled={busy} onClick={() => choose(code)} data-testid="camera-choice">
              {code.text} <span class="muted">{code.symbology}</span>
            </button>
          ))}
          <button type="button" class="button plain wide" onClick={goOn} data-testid="camera-none-of-them">
            {t("camera.none-of-them")}
          </button>
        </div>
      )}
      <div class="camera-row">
        {blind === "" && (
          <button
            type="button"
            class="button"
            onClick={() => {
              loop.current?.lift();
              goOn();
            }}
            data-testid="camera-next"
          >
            {t("camera.next")}
          </button>
        )}
        <label class="button camera-photo">
          <Icon name="camera" />
          {t("camera.photo")}
          <input
            type="file"
            accept="image/jpeg,image/png"
            capture="environment"
            disabled={busy}
            onChange={(event) => {
              const input = event.currentTarget;
              void photo(input.files?.[0]).finally(() => (input.value = "")); // the same file again is another photo
            }}
            data-testid="camera-file"
          />
        </label>
        <button type="button" class="button plain" onClick={() => (cameraOpen.value = false)} data-testid="camera-close">
          {t("common.close")}
        </button>
      </div>
    </section>
  );
}

function words(answer: PictureScan | undefined): string {
  if (!answer) return t("camera.hold");
  if (answer.codes.length === 0) return t("camera.no-code");
  return t(answer.same_sight ? "camera.same" : "camera.found", { what: answer.codes[0]?.text ?? "" });
}
