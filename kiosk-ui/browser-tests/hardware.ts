// The devices of one station, played by cairn-sim.
import { LineProcess } from "./lines";
import type { StationPlace } from "./stage";

interface Done {
  ok: boolean;
  error?: string;
}

export interface Timing {
  settle_ms?: number;
  print_ms?: number;
}

export class Hardware {
  private constructor(private readonly process: LineProcess) {}

  static async open(simulator: string, station: StationPlace, { settle_ms = 15, print_ms = 5 }: Timing): Promise<Hardware> {
    const process = new LineProcess(simulator, [
      "--scanner", `scanner=${station.scanner},aim`,
      "--scale", `scale=${station.scale},settle=${settle_ms}`,
      "--printer", `printer=${station.printer},print_ms=${print_ms}`,
    ]); // prettier-ignore
    for (let device = 0; device < 3; ++device) {
      const said = await process.answer<{ ready?: unknown }>();
      if (!said.ready) throw new Error(`cairn-sim cannot play its devices: ${JSON.stringify(said)}`);
    }
    return new Hardware(process);
  }

  /** A command of cairn-sim, e.g. "paper out". */
  async command<T = Done>(line: string): Promise<T & Done> {
    const done = await this.process.ask<T & Done>(line);
    if (!done.ok) throw new Error(`cairn-sim: ${line}: ${done.error}`);
    return done;
  }

  async scan(code: string): Promise<void> {
    await this.command(`scan ${code}`);
  }
  async weigh(milligrams: number): Promise<void> {
    await this.command(`weight ${(milligrams / 1e6).toFixed(3)}`);
  }
  /** The ZPL of every label that came out, in order. */
  async labels(): Promise<string[]> {
    const { labels } = await this.command<{ labels: { label: number }[] }>("labels");
    const all: string[] = [];
    for (const { label } of labels) all.push((await this.command<{ zpl: string }>(`label ${label}`)).zpl);
    return all;
  }
  close(): Promise<void> {
    return this.process.close();
  }
}
