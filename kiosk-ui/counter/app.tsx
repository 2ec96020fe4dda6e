import { Outbox } from "@lib/device/outbox";
import { session } from "@lib/device/session";
import { SignIn } from "@lib/device/sign-in";
import { StatusBar } from "@lib/device/status-bar";
import { Loading } from "@lib/ui/parts";
import { useEffect } from "preact/hooks";
import { Redirect, Route, Router, Switch } from "wouter-preact";
import { useHashLocation } from "wouter-preact/use-hash-location";
import { askDevices } from "./devices";
import { DeviceRow, type Mode, Single, Tabs } from "./parts";
import { DevicesScreen } from "./screens/devices";
import { HandOver } from "./screens/hand-over";
import { MoreScreen } from "./screens/more";
import { PickupDesk } from "./screens/pickup";
import { ReturnScreen } from "./screens/return";
import { t } from "@lib/i18n";

export function App() {
  if (session.value === undefined) return <Loading />;
  if (session.value === null) return <SignIn />;
  return (
    <Router hook={useHashLocation}>
      <Desk />
    </Router>
  );
}

function modeOf(path: string): Mode {
  if (path.startsWith("/pickup") || path === "/") return "pickup";
  return path.startsWith("/return") ? "return" : "more";
}

function Desk() {
  const [path] = useHashLocation();
  useEffect(() => void askDevices(), []);
  return (
    <div class="desk">
      <StatusBar>
        <Tabs mode={modeOf(path)} />
      </StatusBar>
      <Switch>
        <Route path="/pickup">
          <PickupDesk />
        </Route>
        <Route path="/pickup/:group">{({ group }: { group: string }) => <HandOver key={group} group={group} />}</Route>
        <Route path="/return">
          <ReturnScreen />
        </Route>
        <Route path="/devices">
          <DevicesScreen />
        </Route>
        <Route path="/outbox">
          <Single title={t("outbox.title")}>
            <Outbox />
          </Single>
        </Route>
        <Route path="/more">
          <MoreScreen />
        </Route>
        <Route>
          <Redirect to="/pickup" />
        </Route>
      </Switch>
      <DeviceRow />
    </div>
  );
}
