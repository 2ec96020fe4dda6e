// Work that is done before a scene begins, as other people at other stations would.
import { Api } from "../api";
import type { Hardware } from "../hardware";
import type { Stage } from "../stage";
import { gtin } from "./trade";

/** Signed in at a station of the first site: the second, unless another is said. */
export function colleague(stage: Stage, at = 1): Promise<Api> {
  const { agent } = stage;
  const { station, picker } = agent.stations[at]!;
  return Api.signIn(agent.url, picker, stage.pin(agent, picker), station);
}

/** Takes an order and picks all of it but `missing` of its last line. */
export async function pick(api: Api, order: string, missing = 0): Promise<void> {
  const group = await api.group(order);
  await api.post(`/api/v1/tasks/${group.id}/claim`);
  for (const [at, line] of group.lines.entries()) {
    const lacks = at === group.lines.length - 1 ? missing : 0;
    for (let units = line.ordered_milli / 1000 - lacks; units > 0; --units) {
      const verdict = await api.post("/api/v1/scans", { code: gtin(line.sku) });
      if (verdict.verdict !== "pending") continue;
      await api.post("/api/v1/quantities", { quantity_milli: units * 1000 });
      break;
    }
    if (lacks) await api.post(`/api/v1/ship-groups/${group.id}/shorts`, { line: line.line, quantity_milli: lacks * 1000, reason: "NOT_IN_STOCK" });
  }
}

/** Packs what is picked into packages as they come, labels them and lets them go. */
export async function sendOff(api: Api, hardware: Hardware, order: string): Promise<void> {
  const { id } = await api.group(order);
  const path = `/api/v1/ship-groups/${id}`;
  while ((await api.get(path)).picked_milli > 0) {
    const next = await api.get(`${path}/next-package`);
    await hardware.weigh(next.expected_mg);
    await until(async () => (await api.get("/api/v1/weight")).weight?.weight_mg === next.expected_mg);
    const { packages } = await api.post(`${path}/packages`, { lines: next.lines });
    await api.post(`${path}/labels`, { package: packages.at(-1).package });
    await until(async () => (await api.get(path)).packages.every((one: { label: string }) => one.label === "PRINTED"));
  }
  await api.post(`${path}/ship`);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((later) => setTimeout(later, 20));
}

/** Head office tells the customer the code of a pickup. */
export async function codeOf(stage: Stage, order: string): Promise<string> {
  const hub = await stage.hubApi();
  return (await hub.post(`/api/v1/ship-groups/${(await hub.group(order)).id}/pickup-code`)).code;
}
