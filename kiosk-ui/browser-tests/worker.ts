// A person at a station who uses no page: scans, the scale and the API are enough. For tests that look at something else.
import { vi } from "vitest";
import { Api } from "./api";
import type { Hardware } from "./hardware";
import type { AgentPlace, Stage } from "./stage";

type Json = any;

const PATIENCE = { timeout: 20_000, interval: 50 };

export class Worker {
  private constructor(
    readonly api: Api,
    readonly name: string,
    private readonly station: string,
    private readonly hardware: Hardware,
  ) {}

  static async at(stage: Stage, hardware: Hardware, agent: AgentPlace = stage.agent): Promise<Worker> {
    const { picker, station } = agent.stations[0]!;
    const worker = new Worker(await Api.signIn(agent.url, picker, stage.pin(agent, picker), station), picker, station, hardware);
    await worker.devices((states) => states.length === 3 && states.every((one) => one.state === "online"));
    return worker;
  }

  /** Until the station's devices are as wanted, as the agent sees them. */
  async devices(wanted: (all: Json[]) => boolean): Promise<void> {
    await vi.waitUntil(async () => wanted((await this.api.get("/api/v1/devices")).items.filter((one: Json) => one.station === this.station)), PATIENCE);
  }

  device(kind: string): Promise<Json> {
    return this.api.get("/api/v1/devices").then(({ items }) => items.find((one: Json) => one.station === this.station && one.kind === kind));
  }

  async claim(order: string): Promise<Json> {
    const group = await this.api.group(order);
    await this.api.post(`/api/v1/tasks/${group.id}/claim`);
    return group;
  }

  /** So many units of each line, or all. */
  async pick(order: string, most = Infinity): Promise<void> {
    for (const line of (await this.api.group(order)).lines) {
      for (let open = line.open_milli, taken = 0; open > 0 && taken < most; ++taken) {
        await this.hardware.scan(line.gtins[0].replace(/^0/, ""));
        const before = open;
        await vi.waitUntil(async () => {
          open = (await this.api.group(order)).lines.find((one: Json) => one.line === line.line).open_milli;
          return open < before;
        }, PATIENCE);
      }
    }
  }

  async pack(order: string): Promise<void> {
    const { id } = await this.api.group(order);
    const box = await this.api.get(`/api/v1/ship-groups/${id}/next-package`);
    await this.hardware.weigh(box.expected_mg);
    await this.api.post(`/api/v1/ship-groups/${id}/packages`, { lines: box.lines });
  }

  /** Sends the label of the only package to the printer. */
  async print(order: string): Promise<void> {
    const { id, packages } = await this.api.group(order);
    await this.api.post(`/api/v1/ship-groups/${id}/labels`, { package: packages[0].package });
  }

  /** Until its label has become of it what is wanted. */
  async label(order: string, wanted: string): Promise<void> {
    await vi.waitUntil(async () => (await this.api.group(order)).packages[0].label === wanted, PATIENCE);
  }

  async ship(order: string): Promise<void> {
    await this.api.post(`/api/v1/ship-groups/${(await this.api.group(order)).id}/ship`);
  }

  async handOver(order: string, code: string): Promise<void> {
    await this.api.post(`/api/v1/ship-groups/${(await this.api.group(order)).id}/hand-over`, { code });
  }
}
