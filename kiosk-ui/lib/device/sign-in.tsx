// Who works here: a tile for each person of the site, then the PIN.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { scale } from "../design/theme";
import { unlockSound } from "../feedback/tones";
import { t } from "../i18n";
import { Icon } from "../ui/icons";
import { Empty, ErrorNote, Keypad, Loading } from "../ui/parts";
import { useAsked } from "../ui/use";
import { agent } from "../api/agent";
import { data } from "../api/client";
import { rememberedStation, signIn } from "./session";

/** `children`: below the people, e.g. language and colours. */
export function SignIn({ children }: { children?: ComponentChildren }) {
  const device = useAsked(async () => {
    const found = await data(agent.GET("/api/v1/device"));
    scale(found.px_per_mm);
    return found;
  });
  const people = useAsked(() => data(agent.GET("/api/v1/people")));
  const [station, setStation] = useState(rememberedStation());
  const [name, setName] = useState("");
  const [other, setOther] = useState(false);
  const [pin, setPin] = useState("");
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const pinField = useRef<HTMLInputElement>(null);
  const chosen = name !== "" || other;
  useEffect(() => {
    document.title = `${t("signin.title")} · Cairn`;
  }, []);
  useEffect(() => {
    if (chosen && !other) pinField.current?.focus();
  }, [chosen, other]);

  if (device.error && !device.data) return <ErrorNote error={device.error} retry={device.again} />;
  if (!device.data) return <Loading />;
  const stations = device.data.stations;
  const at = stations.includes(station) || stations.length === 0 ? station || "station-1" : (stations[0] ?? "station-1");
  const names = people.data?.items.map((person) => person.name) ?? [];

  const start = async (event: Event) => {
    event.preventDefault();
    unlockSound(); // browsers let a page sound only after a tap
    setBusy(true);
    setError(undefined);
    try {
      await signIn(name, pin, at);
    } catch (problem) {
      setError(problem);
      setPin("");
    } finally {
      setBusy(false);
    }
  };
  const back = () => {
    setName("");
    setOther(false);
    setPin("");
    setError(undefined);
  };

  if (!chosen) {
    return (
      <main class="sign-in" data-testid="sign-in">
        <div>
          <p class="muted">{device.data.site_name ?? device.data.site}</p>
          <h1>{t("signin.title")}</h1>
        </div>
        {stations.length > 1 && (
          <label class="field">
            {t("signin.station")}
            <select value={at} onChange={(event) => setStation(event.currentTarget.value)} data-testid="sign-in-station">
              {stations.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        )}
        {people.error !== undefined && !people.data && <ErrorNote error={people.error} retry={people.again} />}
        <ul class="people">
          {names.map((one) => (
            <li key={one}>
              <button type="button" class="card person" onClick={() => setName(one)} data-testid={`person-${one}`}>
                <span class="initial" aria-hidden="true">
                  {one.slice(0, 1).toUpperCase()}
                </span>
                {one}
              </button>
            </li>
          ))}
        </ul>
        {people.data && names.length === 0 && <Empty title={t("signin.nobody")}>{t("signin.nobody-do")}</Empty>}
        <button type="button" class="button wide" onClick={() => setOther(true)} data-testid="sign-in-other">
          {t("signin.somebody-else")}
        </button>
        {children}
      </main>
    );
  }
  return (
    <main class="sign-in with-pin" data-testid="sign-in">
      <form onSubmit={(event) => void start(event)}>
        <div class="sign-in-head">
          <button type="button" class="button plain" onClick={back} aria-label={t("common.back")} data-testid="sign-in-back">
            <Icon name="back" />
          </button>
          <h1>{other ? t("signin.somebody-else") : name}</h1>
        </div>
        {error !== undefined && <ErrorNote error={error} brief />}
        {other && (
          <label class="field">
            {t("signin.name")}
            <input value={name} autocomplete="username" onInput={(event) => setName(event.currentTarget.value)} data-testid="sign-in-name" />
          </label>
        )}
        <label class="field pin">
          <span class={other ? "" : "hidden-text"}>{name ? t("signin.pin", { name }) : t("signin.pin-hint")}</span>
          <input
            type="password"
            inputMode="none"
            autocomplete="current-password"
            placeholder={t("signin.pin-hint")}
            ref={pinField}
            value={pin}
            onInput={(event) => setPin(event.currentTarget.value)}
            data-testid="sign-in-pin"
          />
        </label>
        <Keypad value={pin} onChange={setPin} />
        <button type="submit" class="button primary wide" disabled={busy || pin.length < 4 || name === ""} aria-busy={busy} data-testid="primary">
          {t("signin.start")}
        </button>
      </form>
    </main>
  );
}
