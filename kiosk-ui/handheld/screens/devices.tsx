// The hardware of this station, in words: does it work, and if not, what to do.
import { agent, type Device } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { DeviceCare, DeviceFacts, DeviceState } from "@lib/device/care";
import { LabelQueue } from "@lib/device/label-queue";
import { session } from "@lib/device/session";
import { clock, t } from "@lib/i18n";
import { Icon, type IconName } from "@lib/ui/icons";
import { Empty, ErrorNote, Loading } from "@lib/ui/parts";
import { useAsked } from "@lib/ui/use";
import { MoreButton, Primary, Screen } from "../parts";
import { go } from "../route";

const ICONS: Record<Device["kind"], IconName> = { scanner: "scanner", scale: "scale", printer: "printer", receipt_printer: "printer" };

export function Devices() {
  const asked = useAsked(async () => ({ items: (await data(agent.GET("/api/v1/devices"))).items, at: Date.now() }), [], ["device", "verdict"]);
  const station = session.value?.station;
  const items = asked.data?.items.filter((one) => one.station === station || one.station === "") ?? [];
  return (
    <Screen
      title={t("devices.title")}
      testid="devices"
      band={false}
      bar={
        <>
          <Primary onClick={() => go()}>{t("tasks.back")}</Primary>
          <MoreButton />
        </>
      }
    >
      {asked.error !== undefined && <ErrorNote error={asked.error} retry={asked.again} />}
      {!asked.data && asked.loading && <Loading />}
      {asked.data && items.length === 0 && (
        <Empty title={t("devices.none-here")} icon="device">
          <p>{t("devices.none-do")}</p>
          <p>{t("common.checked", { at: clock(asked.data.at) })}</p>
        </Empty>
      )}
      <ul class="stack">
        {items.map((one) => (
          <li class="card device" key={one.name} data-testid={`device-${one.name}`} data-state={one.state}>
            <span class="card-top">
              <span class="with-icon">
                <Icon name={ICONS[one.kind]} />
                <b>{t(`devices.kind.${one.kind}`)}</b>
              </span>
              <DeviceState device={one} />
            </span>
            <span class="muted">
              {one.name}
              {one.station === "" && ` · ${t("devices.shared")}`}
            </span>
            {one.state === "offline" && <span>{t(`devices.do.${one.kind}`)}</span>}
            {one.detail && one.state !== "released" && <span class="meta muted">{one.detail}</span>}
            <DeviceFacts device={one} />
            {one.kind === "printer" && <LabelQueue device={one} />}
            <DeviceCare device={one} changed={asked.again} />
          </li>
        ))}
      </ul>
    </Screen>
  );
}
