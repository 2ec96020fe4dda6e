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
  /** Serves its page, too. */
  bench?: boolean;
}

export class Hardware {
  #closed = false;

  private constructor(
    private readonly process: LineProcess,
    /** Where its page is, if it has one. */
    readonly bench: string,
  ) {}

  static async open(simulator: string, station: StationPlace, { settle_ms = 15, print_ms = 5, bench = false }: Timing): Promise<Hardware> {
    const process = new LineProcess(simulator, [
      "--scanner", `scanner=${station.scanner},aim`,
      "--scale", `scale=${station.scale},settle=${settle_ms}`,
      "--printer", `printer=${station.printer},print_ms=${print_ms}`,
      ...(bench ? ["--bench", "127.0.0.1:0"] : []),
    ]); // prettier-ignore
    for (let device = 0; device < 3; ++device) {
      const said = await process.answer<{ ready?: unknown }>();
      if (!said.ready) throw new Error(`cairn-sim cannot play its devices: ${JSON.stringify(said)}`);
    }
    const page = bench ? await process.answer<{ bench: string }>() : undefined;
    return new Hardware(process, page?.bench ?? "");
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
  /** Until the printer has printed what it has received. */
  async printerAtRest(): Promise<void> {
    for (let received = -1; ; ) {
      const state = await this.command<{ received: number; waiting: number }>("labels");
      if (state.waiting === 0 && state.received === received) return;
      received = state.received;
      await new Promise((later) => setTimeout(later, 100));
    }
  }
  async close(): Promise<void> {
    if (this.bench && !this.#closed) await this.command("quit"); // the end of its input would not end it
    this.#closed = true;
    await this.process.close();
  }
}
