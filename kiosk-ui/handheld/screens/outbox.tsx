// H9: what is saved here and not at head office yet.
import { Outbox } from "@lib/device/outbox";
import { t } from "@lib/i18n";
import { MoreButton, Primary, Screen } from "../parts";
import { go } from "../route";

export function Waiting() {
  return (
    <Screen
      title={t("outbox.title")}
      testid="outbox"
      band={false}
      bar={
        <>
          <Primary onClick={() => go()}>{t("tasks.back")}</Primary>
          <MoreButton />
        </>
      }
    >
      <Outbox />
    </Screen>
  );
}
