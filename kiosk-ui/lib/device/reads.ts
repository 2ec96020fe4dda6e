// Reads at this station: verdicts of the station's own scanner come by the stream; what a wedge typed is sent to the
// agent, in order, one after the other, each with its own key, and is pending until the agent answers.
import { agent, type Verdict } from "../api/agent";
import { data } from "../api/client";
import { Refusal } from "../api/problem";
import { say } from "../feedback/band";
import { t } from "../i18n";
import { listen } from "../live/stream";
import { listenToWedge } from "../scanner/wedge";
import { session } from "./session";
import { agentIsUp } from "./status-bar";

export type VerdictListener = (verdict: Verdict) => void;

const listeners = new Set<VerdictListener>();

export function onVerdict(listener: VerdictListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Takes a read instead of the agent, e.g. while a pickup code is looked up; true: it is taken. */
export type Taker = (code: string) => boolean;
const takers: Taker[] = [];

export function takeReads(taker: Taker): () => void {
  takers.push(taker);
  return () => {
    const place = takers.indexOf(taker);
    if (place >= 0) takers.splice(place, 1);
  };
}

let queue: Promise<void> = Promise.resolve();
/** Reads of this page that are answered by their own request: the stream repeats them. */
const own = new Set<string>();

function tell(verdict: Verdict): void {
  for (const listener of listeners) listener(verdict);
}

/** Reads of cameras that were told: the page that sent the picture has its answer, and the stream says it, too. */
const told: string[] = [];
const TOLD_MOST = 64;

function isNews(verdict: Verdict): boolean {
  if (!verdict.scan || !verdict.device?.startsWith("camera:")) return true;
  const read = `${verdict.device} ${verdict.scan.at} ${verdict.code}`;
  if (told.includes(read)) return false;
  told.push(read);
  if (told.length > TOLD_MOST) told.shift();
  return true;
}

/** A verdict on what the station's camera saw, from whoever hears it first. */
export function tellCamera(verdict: Verdict): void {
  if (isNews(verdict)) tell(verdict);
}

/** A refusal is a verdict, too: the same as the station's own scanner would be answered. */
function refused(code: string, refusal: Refusal): Verdict {
  return {
    station: session.value?.station ?? "",
    device: null,
    verdict: "nok",
    reason: refusal.reason,
    message: refusal.message,
    code,
    what: null,
    group: null,
    order_reference: null,
    line: null,
    sku: null,
    name: null,
    taken_milli: 0,
    line_open_milli: 0,
    open_milli: 0,
    event: null,
    scan_to_commit_us: 0,
  };
}

/** An answer that comes sooner is painted sooner, without this before it. */
const PENDING_AFTER_MS = 50;

async function send(code: string, pending: number): Promise<void> {
  try {
    const verdict = await data(agent.POST("/api/v1/scans", { body: { code } })).finally(() => clearTimeout(pending));
    if (verdict.event) own.add(verdict.event);
    tell(verdict);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal("unexpected", String(error));
    if (refusal.isAway) say("nok", t("error.no_answer-short"), code);
    else tell(refused(code, refusal));
  }
}

/** Once a page. Returns what ends it. */
export function attendReads(): () => void {
  const endStream = listen((event, what) => {
    if (event !== "verdict") return;
    const verdict = what as Verdict;
    if (verdict.station !== session.value?.station) return;
    if (verdict.device === null && verdict.event && own.delete(verdict.event)) return;
    if (verdict.device === null) return; // asked for by a page: it has its answer
    if (!isNews(verdict)) return;
    const taken = takers.length > 0 && verdict.verdict === "nok" && takers[takers.length - 1]?.(verdict.code);
    if (!taken) tell(verdict);
  });
  const endWedge = listenToWedge((code) => {
    if (!session.value) return;
    if (takers[takers.length - 1]?.(code)) return;
    if (!agentIsUp()) {
      say("nok", t("link.agent-down"), code);
      return;
    }
    const pending = window.setTimeout(() => say("pending", t("band.checking"), code), PENDING_AFTER_MS);
    queue = queue.then(() => send(code, pending));
  });
  return () => {
    endStream();
    endWedge();
  };
}
