// A child process that is spoken with in lines of JSON: one of ours, one of its.
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

export class LineProcess {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #heard: string[] = [];
  readonly #waiting: ((line: string) => void)[] = [];
  #ended = false;

  /** The child dies with us, however we end. */
  constructor(command: string, args: string[]) {
    this.#process = spawn("setpriv", ["--pdeathsig", "KILL", "--", command, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.#process.stdout })
      .on("line", (line) => {
        const next = this.#waiting.shift();
        if (next) next(line);
        else this.#heard.push(line);
      })
      .on("close", () => {
        this.#ended = true;
        for (const next of this.#waiting.splice(0)) next('{"ok":false,"error":"the process has ended"}');
      });
  }

  async answer<T>(): Promise<T> {
    const line = this.#heard.shift() ?? (this.#ended ? undefined : await new Promise<string>((next) => this.#waiting.push(next)));
    if (line === undefined) throw new Error("the process has ended");
    return JSON.parse(line) as T;
  }

  ask<T>(line: string): Promise<T> {
    const answer = this.answer<T>();
    this.#process.stdin.write(`${line}\n`);
    return answer;
  }

  /** Lets it end in order. */
  close(): Promise<void> {
    return new Promise((done) => {
      if (this.#process.exitCode !== null) return done();
      this.#process.on("exit", () => done());
      this.#process.stdin.end();
    });
  }
}
