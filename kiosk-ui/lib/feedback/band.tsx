// What became of the last read, in a place that is always there: colour, mark, words and tone say the same.
import { signal } from "@preact/signals";
import { t } from "../i18n";
import { Icon } from "../ui/icons";
import { play, type Tone } from "./tones";

export type BandVerdict = "ok" | "nok" | "dup" | "pending";

export interface Feedback {
  verdict: BandVerdict | "idle";
  title: string;
  detail: string;
  /** Counts what was said, so that the same words twice are two events for a screen reader. */
  number: number;
}

export const feedback = signal<Feedback>({ verdict: "idle", title: "", detail: "", number: 0 });
export const OK_SHOWN_MS = 700;

let timer = 0;

/** `detail`: a line or two. `tone`: null for none, as another is played or was. */
export function say(verdict: BandVerdict, title: string, detail = "", tone: Tone | null = toneOf(verdict)): void {
  feedback.value = { verdict, title, detail, number: feedback.value.number + 1 };
  if (tone) play(tone);
  clearTimeout(timer);
  // What went well makes room; what did not stays until the next read or a tap.
  if (verdict === "ok") timer = window.setTimeout(hush, OK_SHOWN_MS);
}

export function hush(): void {
  feedback.value = { verdict: "idle", title: "", detail: "", number: feedback.value.number };
}

function toneOf(verdict: BandVerdict): Tone | null {
  return verdict === "pending" ? null : verdict;
}

const MARKS: Record<Feedback["verdict"], string> = { ok: "✓", nok: "✕", dup: "!", pending: "…", idle: "" };

/** `idle`: what is shown while nothing was read, e.g. "Ready to scan". */
export function FeedbackBand({ idle }: { idle?: string }) {
  const { verdict, title, detail, number } = feedback.value;
  return (
    <div
      class="feedback"
      data-testid="feedback"
      data-verdict={verdict === "idle" ? undefined : verdict}
      role="status"
      aria-live={verdict === "nok" ? "assertive" : "polite"}
      onClick={hush}
    >
      <span class="mark" aria-hidden="true">
        {verdict === "idle" ? <Icon name="scanner" /> : MARKS[verdict]}
      </span>
      <div key={number}>
        <p class="title">{verdict === "idle" ? (idle ?? t("band.ready")) : title}</p>
        {detail !== "" &&
          detail.split("\n").map((line) => (
            <p class="detail" key={line}>
              {line}
            </p>
          ))}
      </div>
    </div>
  );
}
