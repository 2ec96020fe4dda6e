// The application of a handheld: pick, pack, put back.
import { session } from "@lib/device/session";
import { SignIn } from "@lib/device/sign-in";
import { StatusBar } from "@lib/device/status-bar";
import { ErrorNote, Loading } from "@lib/ui/parts";
import { useEffect } from "preact/hooks";
import { Looks, MoreSheet } from "./more";
import { route } from "./route";
import { Devices } from "./screens/devices";
import { Waiting } from "./screens/outbox";
import { Pack } from "./screens/pack";
import { Pick } from "./screens/pick";
import { PutBacks } from "./screens/put-backs";
import { Tasks } from "./screens/tasks";
import { stationMode, useMode } from "./work";

function Current() {
  const [screen, id = ""] = route.value;
  switch (screen) {
    case "pick":
      return <Pick id={id} key={id} />;
    case "pack":
      return <Pack id={id} key={id} />;
    case "put-backs":
      return <PutBacks />;
    case "outbox":
      return <Waiting />;
    case "devices":
      return <Devices />;
    default:
      return <Tasks />;
  }
}

function Station() {
  const mode = useMode(route.value[0] === "put-backs" ? "PUT_BACK" : "PICK");
  return (
    <div class="handheld">
      <StatusBar />
      {mode.error !== undefined && <ErrorNote error={mode.error} retry={mode.again} />}
      <Current />
      <MoreSheet />
    </div>
  );
}

export function App() {
  const who = session.value;
  useEffect(() => {
    if (who === null) stationMode.value = "";
  }, [who]);
  if (who === undefined) return <Loading />;
  if (who === null) {
    return (
      <SignIn>
        <Looks />
      </SignIn>
    );
  }
  return <Station />;
}
