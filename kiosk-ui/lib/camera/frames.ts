// Pictures of a camera, one after the other: five a second at most, one under way at a time. A picture that was not
// answered is sent again with its own key, so that it is scanned once whatever the network does.
import type { PictureScan } from "../api/agent";

export const EVERY_MS = 200;

export interface Frame {
  picture: Blob;
  key: string;
  /** The label seen before was taken away: what this shows is another. */
  lifted: boolean;
}

/** What a loop is connected to. */
export interface Lens {
  /** Nothing: there is no picture at the moment. */
  take(): Promise<Blob | undefined>;
  newKey(): string;
  send(frame: Frame): Promise<PictureScan>;
  seen(answer: PictureScan): void;
  /** True: no answer came, and the same picture is to be sent again. */
  failed(error: unknown): boolean;
  pause(ms: number): Promise<unknown>;
  now(): number;
}

export class FrameLoop {
  #running = false;
  #held = false;
  #lifted = false;
  #unanswered: Frame | undefined;

  constructor(private readonly lens: Lens) {}

  /** Until stop(). */
  async run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#running) {
      const began = this.lens.now();
      if (!this.#held) await this.#once();
      await this.lens.pause(Math.max(0, began + EVERY_MS - this.lens.now()));
    }
  }

  stop(): void {
    this.#running = false;
  }

  /** No picture is taken while a person chooses. */
  hold(held: boolean): void {
    this.#held = held;
  }

  /** The next picture shows another label. */
  lift(): void {
    this.#lifted = true;
  }

  async #once(): Promise<void> {
    const frame = this.#unanswered ?? (await this.#take());
    if (!frame || !this.#running) return;
    try {
      const answer = await this.lens.send(frame);
      this.#unanswered = undefined;
      if (this.#running) this.lens.seen(answer);
    } catch (error) {
      this.#unanswered = this.lens.failed(error) ? frame : undefined;
      // It was not looked at: so it did not say that the label was lifted.
      if (!this.#unanswered && frame.lifted) this.#lifted = true;
    }
  }

  async #take(): Promise<Frame | undefined> {
    const picture = await this.lens.take();
    if (!picture) return undefined;
    const frame = { picture, key: this.lens.newKey(), lifted: this.#lifted };
    this.#lifted = false;
    return frame;
  }
}
