// What a scan does at this station. RETURN only while the return screen is open: changes go one after the other, so
// that leaving and coming back at once ends where it should.
import { agent } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { session } from "@lib/device/session";

type Mode = "PICK" | "PUT_BACK" | "RETURN";

let queue: Promise<unknown> = Promise.resolve();

function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const done = queue.then(work, work);
  queue = done.catch(() => undefined);
  return done;
}

export function setMode(mode: Mode): Promise<unknown> {
  return inTurn(() => data(agent.PUT("/api/v1/station-mode", { body: { mode } })));
}

/** After a page that was closed in the middle of a return. Nothing else is anybody's to change. */
export function leaveReturnMode(): Promise<void> {
  return inTurn(async () => {
    try {
      const { items } = await data(agent.GET("/api/v1/stations"));
      const mine = items.find((one) => one.station === session.value?.station);
      if (mine?.mode === "RETURN") await data(agent.PUT("/api/v1/station-mode", { body: { mode: "PICK" } }));
    } catch {
      // The banner says that the device service is away; codes are looked up in every mode.
    }
  });
}

/** The page goes away: there is no time to wait for an answer. */
export function leaveReturnModeNow(): void {
  void fetch("/api/v1/station-mode", {
    method: "PUT",
    keepalive: true,
    headers: { "Content-Type": "application/json", "X-Cairn-CSRF": "1" },
    body: JSON.stringify({ mode: "PICK" }),
  }).catch(() => undefined);
}
