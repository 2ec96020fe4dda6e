import { nextTheme, theme } from "@lib/design/theme";
import { duration, type Key, language, LANGUAGES, speak, t } from "@lib/i18n";
import { connected, isStale, servedBuild, silence } from "@lib/live/stream";
import { Empty, Loading } from "@lib/ui/parts";
import type { ComponentChild } from "preact";
import { useEffect } from "preact/hooks";
import { Icon, type IconName, Mark } from "./parts/mark";
import { href, place } from "./route";
import { Exceptions } from "./screens/exceptions";
import { Imports } from "./screens/imports";
import { OrderPage } from "./screens/order";
import { Orders } from "./screens/orders";
import { Overview } from "./screens/overview";
import { SignIn } from "./screens/sign-in";
import { Stock } from "./screens/stock";
import { Stores } from "./screens/stores";
import { session, signOut } from "./session";
import { askSites } from "./sites";

const SCREENS: IconName[] = ["overview", "stores", "orders", "exceptions", "stock", "imports"];

function screen(path: string[]): ComponentChild {
  const [name = "overview", id] = path;
  if (name === "orders" && id) return <OrderPage key={id} id={id} />;
  switch (name) {
    case "overview":
      return <Overview />;
    case "stores":
      return <Stores />;
    case "orders":
      return <Orders />;
    case "exceptions":
      return <Exceptions />;
    case "stock":
      return <Stock />;
    case "imports":
      return <Imports />;
    default:
      return (
        <Empty title={t("hq.nowhere")}>
          <a href={href([])}>{t("hq.nav.overview")}</a>
        </Empty>
      );
  }
}

function Nav() {
  const here = place.value.path[0] ?? "overview";
  return (
    <nav class="nav" aria-label={t("hq.nav.label")}>
      <a class="brand" href={href([])}>
        <Mark />
        <span>Cairn</span>
      </a>
      <ul class="nav-list">
        {SCREENS.map((name) => (
          <li key={name}>
            <a href={href(name === "overview" ? [] : [name])} aria-current={here === name ? "page" : undefined} data-testid={`nav-${name}`}>
              <Icon name={name} />
              <span>{t(`hq.nav.${name}` as Key)}</span>
            </a>
          </li>
        ))}
      </ul>
      <div class="nav-foot">
        <LiveChip />
        <div class="nav-tools">
          <button type="button" class="link-button" onClick={nextTheme} data-testid="theme" aria-label={t("theme.next", { theme: t(`theme.${theme.value}`) })}>
            {t(`theme.${theme.value}`)}
          </button>
          {LANGUAGES.filter((one) => !language.value.startsWith(one)).map((one) => (
            <button type="button" class="link-button" key={one} lang={one} onClick={() => speak(one)} data-testid={`language-${one}`}>
              {one === "de" ? "Deutsch" : "English"}
            </button>
          ))}
        </div>
        <div class="nav-who">
          <span>
            <b>{session.value?.name}</b>
            <span class="sub">{session.value?.role}</span>
          </span>
          <button type="button" class="link-button" onClick={() => void signOut()} data-testid="sign-out">
            {t("signout")}
          </button>
        </div>
      </div>
    </nav>
  );
}

function LiveChip() {
  const up = connected.value && !isStale();
  return (
    <span class={`live-chip ${up ? "ok" : "warn"}`} data-testid="link-hub" data-up={String(up)}>
      <span class="dot" aria-hidden="true" />
      {up ? t("hq.live.up") : t("hq.live.down", { age: duration(silence()) })}
    </span>
  );
}

function Notices() {
  const build = servedBuild.value;
  return (
    <>
      {isStale() && (
        <p class="notice" role="alert" data-testid="hub-silent">
          {t("hq.live.silent")}
        </p>
      )}
      {build !== "" && build !== firstBuild(build) && (
        <p class="notice" role="status" data-testid="update-ready">
          {t("update.ready")}{" "}
          <button type="button" class="button small" onClick={() => location.reload()}>
            {t("update.load")}
          </button>
        </p>
      )}
    </>
  );
}

let first = "";
/** The build this page came with: the first that was told. */
function firstBuild(build: string): string {
  first ||= build;
  return first;
}

export function App() {
  const who = session.value;
  const { path } = place.value;
  const title = SCREENS.includes((path[0] ?? "overview") as IconName) ? t(`hq.nav.${path[0] ?? "overview"}` as Key) : "Cairn";
  useEffect(() => {
    document.title = who ? `${title} · Cairn` : `${t("hq.signin.title")} · Cairn`;
  }, [title, who === null, path.join("/"), language.value]);
  useEffect(() => {
    if (who) void askSites();
  }, [who?.session_id]);
  useEffect(() => document.querySelector("main")?.scrollTo(0, 0), [path.join("/")]);

  if (who === undefined) return <Loading />;
  if (who === null) return <SignIn />;
  return (
    <div class="hq">
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), document.getElementById("main")?.focus())}>
        {t("hq.skip")}
      </a>
      <Nav />
      <main id="main" tabIndex={-1}>
        <Notices />
        <div class="work">{screen(path)}</div>
      </main>
    </div>
  );
}
