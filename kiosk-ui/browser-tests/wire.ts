// The network between a browser and a program, which can stand still and break.
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

interface Connection {
  browser: Socket;
  program: Socket;
  streams: boolean;
}

export class Wire {
  readonly #connections = new Set<Connection>();
  #frozen = false;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on("connection", (browser) => this.#join(browser));
  }

  /** Leads to the program at `url`. */
  static async open(url: string): Promise<Wire> {
    const server = createServer({ noDelay: true });
    const wire = new Wire(server, new URL(url));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Connections on which live events come. */
  get streams(): number {
    return [...this.#connections].filter(({ streams }) => streams).length;
  }

  /** Nothing passes in either direction, and nobody is told. */
  freeze(): void {
    this.#frozen = true;
    for (const { browser, program } of this.#connections) for (const end of [browser, program]) end.pause();
  }

  thaw(): void {
    this.#frozen = false;
    for (const { browser, program } of this.#connections) for (const end of [browser, program]) end.resume();
  }

  /** All connections break; new ones may be made. */
  cut(): void {
    for (const { browser, program } of this.#connections) for (const end of [browser, program]) end.resetAndDestroy();
  }

  close(): Promise<void> {
    return new Promise((closed) => {
      this.server.close(() => closed());
      this.cut();
    });
  }

  #join(browser: Socket): void {
    const program = connect({ host: this.target.hostname, port: Number(this.target.port), noDelay: true });
    const connection: Connection = { browser, program, streams: false };
    this.#connections.add(connection);
    browser.on("data", (octets) => {
      connection.streams ||= octets.includes("GET /api/v1/stream");
      program.write(octets);
    });
    program.on("data", (octets) => browser.write(octets));
    for (const [end, other] of [[browser, program], [program, browser]] as const) {
      end.on("error", () => {});
      end.on("close", () => {
        this.#connections.delete(connection);
        other.destroy();
      });
    }
    if (this.#frozen) for (const end of [browser, program]) end.pause();
  }
}
