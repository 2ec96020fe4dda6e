// Where else to go, and how this screen looks, speaks and sounds.
import { type Theme, theme, wear } from "@lib/design/theme";
import { session, signOut, unsent } from "@lib/device/session";
import { play, setVolume, unlockSound, volume } from "@lib/feedback/tones";
import { language, LANGUAGES, speak, t } from "@lib/i18n";
import { devices } from "../devices";
import { Single, Trouble } from "../parts";
import { useAction } from "../use-action";

const THEMES: Theme[] = ["light", "dark", "glare"];
const VOLUMES = [0.2, 0.6, 1] as const;
const VOLUME_NAMES = { 0.2: "counter.volume.low", 0.6: "counter.volume.middle", 1: "counter.volume.high" } as const;
const LANGUAGE_NAMES = { en: "English", de: "Deutsch" } as const;

export function MoreScreen() {
  const leaving = useAction();
  const off = (devices.value ?? []).filter((device) => device.state === "offline").length;
  return (
    <Single title={t("counter.tab.more")}>
      <div class="cards two">
        <a class="card tile" href="#/devices" data-testid="more-devices">
          <span class="strong">{t("devices.title")}</span>
          <span class={off ? "chip warn" : "muted"}>{off ? t("devices.some-off", { n: off }) : t("counter.devices-fine")}</span>
        </a>
        <a class="card tile" href="#/outbox" data-testid="more-outbox">
          <span class="strong">{t("outbox.title")}</span>
          <span class="muted">{t("outbox.count", { n: unsent.value })}</span>
        </a>
      </div>
      <div class="settings">
        <fieldset>
          <legend>{t("counter.colours")}</legend>
          <div class="row">
            {THEMES.map((one) => (
              <button type="button" class="button" key={one} aria-pressed={theme.value === one} onClick={() => wear(one)} data-testid={`theme-${one}`}>
                {t(`theme.${one}`)}
              </button>
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>{t("counter.language")}</legend>
          <div class="row">
            {LANGUAGES.map((one) => (
              <button
                type="button"
                class="button"
                key={one}
                lang={one}
                aria-pressed={language.value.startsWith(one)}
                onClick={() => speak(one)}
                data-testid={`language-${one}`}
              >
                {LANGUAGE_NAMES[one]}
              </button>
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>{t("counter.volume")}</legend>
          <div class="row">
            {VOLUMES.map((one) => (
              <button
                type="button"
                class="button"
                key={one}
                aria-pressed={volume.value === one}
                onClick={() => {
                  setVolume(one);
                  unlockSound();
                  play("ok");
                }}
              >
                {t(VOLUME_NAMES[one])}
              </button>
            ))}
          </div>
        </fieldset>
      </div>
      {leaving.error !== undefined && <Trouble error={leaving.error} retry={leaving.retry} />}
      <button type="button" class="button danger sign-out" disabled={leaving.busy} onClick={() => void leaving.run(signOut)} data-testid="sign-out">
        {t("counter.sign-out", { name: session.value?.name ?? "" })}
      </button>
    </Single>
  );
}
