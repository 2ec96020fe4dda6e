import { language, LANGUAGES, speak, t } from "@lib/i18n";
import { useState } from "preact/hooks";
import { Trouble } from "../parts/trouble";
import { Mark } from "../parts/mark";
import { signIn } from "../session";

export function SignIn() {
  const [name, setName] = useState("");
  const [pin, setPin] = useState("");
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const start = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await signIn(name.trim(), pin);
    } catch (problem) {
      setError(problem);
      setPin("");
    } finally {
      setBusy(false);
    }
  };

  return (
    <main class="sign-in" data-testid="sign-in">
      <form class="sign-in-card stack" onSubmit={(event) => void start(event)}>
        <div class="brand">
          <Mark />
          <span>Cairn</span>
        </div>
        <div>
          <h1>{t("hq.signin.title")}</h1>
          <p class="muted">{t("hq.signin.lead")}</p>
        </div>
        {error !== undefined && <Trouble error={error} />}
        <label class="field">
          {t("signin.name")}
          <input
            value={name}
            required
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            onInput={(event) => setName(event.currentTarget.value)}
            data-testid="sign-in-name"
          />
        </label>
        <label class="field">
          {t("hq.signin.pin")}
          <input
            type="password"
            inputMode="numeric"
            required
            pattern="[0-9]{6}"
            maxLength={6}
            title={t("hq.signin.pin-hint")}
            autocomplete="current-password"
            value={pin}
            onInput={(event) => setPin(event.currentTarget.value)}
            data-testid="sign-in-pin"
          />
        </label>
        <button type="submit" class="button primary wide" disabled={busy} data-testid="primary">
          {t("hq.signin.go")}
        </button>
        <p class="row muted languages">
          {LANGUAGES.map((one) => (
            <button
              type="button"
              class="link-button"
              key={one}
              lang={one}
              aria-pressed={language.value.startsWith(one)}
              onClick={() => speak(one)}
              data-testid={`language-${one}`}
            >
              {one === "de" ? "Deutsch" : "English"}
            </button>
          ))}
        </p>
      </form>
    </main>
  );
}
