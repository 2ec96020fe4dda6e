// Everything that is not needed every minute: other screens, sound, colours, language, the end of the shift.
import { signal } from "@preact/signals";
import { cameraOpen } from "@lib/camera/panel";
import { theme, type Theme, wear } from "@lib/design/theme";
import { session, signOut } from "@lib/device/session";
import { play, setVolume, unlockSound, volume } from "@lib/feedback/tones";
import { language, LANGUAGES, speak, t } from "@lib/i18n";
import { Icon } from "@lib/ui/icons";
import { ErrorNote, Sheet } from "@lib/ui/parts";
import type { ComponentChildren } from "preact";
import { href } from "./route";
import { useAct } from "./work";

export const moreOpen = signal(false);
/** What the open screen adds: a task can be given back. */
export const releaseTask = signal<{ order: string; run: (key: string) => Promise<unknown> } | undefined>(undefined);

const VOLUMES = [
  { value: 0, key: "more.volume-off" },
  { value: 0.25, key: "more.volume-low" },
  { value: 0.6, key: "more.volume-middle" },
  { value: 1, key: "more.volume-loud" },
] as const;
const THEMES: Theme[] = ["light", "dark", "glare"];

function Choice<Value extends string | number>({
  title,
  values,
  chosen,
  name,
  onChoose,
  testid,
}: {
  title: string;
  values: readonly Value[];
  chosen: Value;
  name: (value: Value) => ComponentChildren;
  onChoose: (value: Value) => void;
  testid: string;
}) {
  return (
    <div class="choice" role="group" aria-label={title}>
      <p class="choice-title">{title}</p>
      <div class="choice-row">
        {values.map((value) => (
          <button
            type="button"
            class="button"
            key={value}
            aria-pressed={value === chosen}
            onClick={() => onChoose(value)}
            data-testid={`${testid}-${value}`}
          >
            {name(value)}
          </button>
        ))}
      </div>
    </div>
  );
}

/** Colours and language: also before anybody has signed in. */
export function Looks() {
  const names: Record<string, string> = { en: "English", de: "Deutsch" };
  return (
    <>
      <Choice
        title={t("more.theme")}
        values={THEMES}
        chosen={theme.value}
        name={(one) => t(`theme.${one}`)}
        onChoose={wear}
        testid="theme"
      />
      <Choice
        title={t("more.language")}
        values={LANGUAGES}
        chosen={language.value.slice(0, 2) as (typeof LANGUAGES)[number]}
        name={(one) => <span lang={one}>{names[one]}</span>}
        onChoose={speak}
        testid="language"
      />
    </>
  );
}

export function MoreSheet() {
  const act = useAct();
  if (!moreOpen.value) return null;
  const close = () => (moreOpen.value = false);
  const release = releaseTask.value;
  const nearest = VOLUMES.reduce((best, one) => (Math.abs(one.value - volume.value) < Math.abs(best.value - volume.value) ? one : best));
  return (
    <Sheet title={t("common.more")} onClose={close} testid="more-sheet">
      {act.error !== undefined && <ErrorNote error={act.error} retry={act.retry} />}
      <nav class="places" aria-label={t("more.screens")}>
        {(
          [
            ["tasks", "box", href(), t("tasks.title")],
            ["put-backs", "putback", href("put-backs"), t("putback.title")],
            ["outbox", "cloud", href("outbox"), t("outbox.title")],
            ["devices", "device", href("devices"), t("devices.title")],
          ] as const
        ).map(([name, icon, to, title]) => (
          <a class="button" key={name} href={to} onClick={close} data-testid={`more-${name}`}>
            <Icon name={icon} />
            {title}
          </a>
        ))}
      </nav>
      <button
        type="button"
        class="button wide"
        aria-pressed={cameraOpen.value}
        onClick={() => {
          unlockSound(); // what the camera sees is told by a tone, as with a scanner
          cameraOpen.value = !cameraOpen.value;
          close();
        }}
        data-testid="more-camera"
      >
        <span class="with-icon">
          <Icon name="camera" />
          {t(cameraOpen.value ? "camera.off" : "camera.on")}
        </span>
      </button>
      <Choice
        title={t("more.volume")}
        values={VOLUMES.map((one) => one.value)}
        chosen={nearest.value}
        name={(value) => t(VOLUMES.find((one) => one.value === value)?.key ?? "more.volume-off")}
        onChoose={(value) => {
          setVolume(value);
          unlockSound();
          play("ok");
        }}
        testid="volume"
      />
      <Looks />
      <div class="stack far">
        {release && (
          <button
            type="button"
            class="button danger wide"
            disabled={act.busy}
            onClick={() =>
              act.run(async (key) => {
                await release.run(key);
                close();
              })
            }
            data-testid="more-release"
          >
            {t("more.release", { order: release.order })}
          </button>
        )}
        <button
          type="button"
          class="button danger wide"
          disabled={act.busy}
          onClick={() =>
            act.run(async () => {
              await signOut();
              close();
            })
          }
          data-testid="more-sign-out"
        >
          {t("more.sign-out", { name: session.value?.name ?? "" })}
        </button>
      </div>
    </Sheet>
  );
}
