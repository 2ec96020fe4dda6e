// The company that a test plays on (stage.py), and the same company as its programs' APIs see it.
import { resolve } from "node:path";
import { Api } from "./api";
import { Hardware } from "./hardware";
import { LineProcess } from "./lines";

export interface Plan {
  articles?: string[];
  /** More of the articles, as columns of the file that brings them in. */
  goods?: Record<string, Record<string, string>>;
  orders?: Record<string, [article: string, units: number][]>;
  pickups?: string[];
  /** Instead of these: so many orders of the real trade data. */
  real_orders?: number;
  stations?: number;
  /** Agents of the first store, each with its stations. */
  devices?: number;
  /** Stores besides the first, with no orders. */
  others?: number;
}

interface Person {
  name: string;
  role: string;
  pin: string;
}

export interface StationPlace {
  station: string;
  scanner: string;
  scale: string;
  printer: string;
  picker: string;
}

export interface AgentPlace {
  name: string;
  site: string;
  node: string;
  url: string;
  staff: Person[];
  stations: StationPlace[];
}

interface Description {
  binaries: string;
  real: boolean;
  hub: { url: string; staff: Person[] };
  agents: AgentPlace[];
}

type Answer = { ok: true } | { ok: false; error: string };

export class Stage {
  #desks = 0;

  private constructor(
    private readonly process: LineProcess,
    private readonly described: Description,
  ) {}

  static async open(plan: Plan): Promise<Stage> {
    const process = new LineProcess("/usr/bin/python3", [resolve(import.meta.dirname, "stage.py")]);
    const answer = await process.ask<Answer & Description>(JSON.stringify(plan));
    if (!answer.ok) {
      await process.close();
      throw new Error(answer.error);
    }
    return new Stage(process, answer);
  }

  close(): Promise<void> {
    return this.process.close();
  }

  /** Whether the orders of `real_orders` are real ones. */
  get real(): boolean {
    return this.described.real;
  }
  get hub(): { url: string; staff: Person[] } {
    return this.described.hub;
  }
  get agents(): AgentPlace[] {
    return this.described.agents;
  }
  /** The first site's agent. */
  get agent(): AgentPlace {
    return this.described.agents[0]!;
  }

  kill(who: string): Promise<void> {
    return this.#do({ do: "kill", who });
  }
  /** SIGKILL, and it stays down until it is started. */
  crash(who: string): Promise<void> {
    return this.#do({ do: "crash", who });
  }
  stop(who: string): Promise<void> {
    return this.#do({ do: "stop", who });
  }
  start(who: string): Promise<void> {
    return this.#do({ do: "start", who });
  }
  pause(who: string): Promise<void> {
    return this.#do({ do: "pause", who });
  }
  resume(who: string): Promise<void> {
    return this.#do({ do: "resume", who });
  }
  /** Takes a device out of an agent's configuration and starts it anew. */
  removeDevice(agent: string, device: string): Promise<void> {
    return this.#do({ do: "device", agent, remove: device });
  }
  import(kind: "products" | "stock" | "orders", rows: Record<string, string>[]): Promise<void> {
    return this.#do({ do: "import", kind, rows });
  }
  /** Until every agent has sent everything to the hub and applied everything from it. */
  quiet(): Promise<void> {
    return this.#do({ do: "quiet" });
  }

  /** Signed in at the hub as its administrator. */
  hubApi(): Promise<Api> {
    const admin = this.hub.staff[0]!;
    return Api.signIn(this.hub.url, admin.name, admin.pin);
  }
  /** Signed in at an agent as its site's manager, at no bench. Each time at another desk: a second person at one would
   * end the session of the first. */
  agentApi(agent = this.agent): Promise<Api> {
    return Api.signIn(agent.url, "manager", this.pin(agent, "manager"), `desk-${++this.#desks}`);
  }
  pin(agent: AgentPlace, name: string): string {
    return agent.staff.find((person) => person.name === name)!.pin;
  }
  /** Scanner, scale and label printer of a station. */
  hardware(station = this.agent.stations[0]!, options = {}): Promise<Hardware> {
    return Hardware.open(`${this.described.binaries}/cairn-sim`, station, options);
  }

  async #do(order: object): Promise<void> {
    const answer = await this.process.ask<Answer>(JSON.stringify(order));
    if (!answer.ok) throw new Error(answer.error);
  }
}
