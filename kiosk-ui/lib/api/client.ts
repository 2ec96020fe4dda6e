// Calls of the API, typed by its description. A change carries an Idempotency-Key and is sent again with the same
// one when no answer came: it happens once, whatever the network does.
import createClient, { type Client, type Middleware } from "openapi-fetch";
import { NO_ANSWER, type ProblemDetails, Refusal } from "./problem";

const ANSWER_WITHIN_MS = 9_000; // every action ends within ten seconds, also on the screen
const AGAIN_AFTER_MS = [200, 600, 1500];

/** Also where crypto.randomUUID is missing: pages over plain HTTP on a store's network. */
export function newKey(): string {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

/** Answered, or given up, within ANSWER_WITHIN_MS in all: nobody waits longer at a screen. */
async function patientFetch(request: Request): Promise<Response> {
  const until = performance.now() + ANSWER_WITHIN_MS;
  for (let attempt = 0; ; ++attempt) {
    try {
      return await fetch(request.clone(), { signal: AbortSignal.timeout(Math.max(1, Math.ceil(until - performance.now()))) });
    } catch {
      const pause = AGAIN_AFTER_MS[attempt];
      if (pause === undefined || performance.now() + pause >= until) throw new Refusal(NO_ANSWER, "");
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** For what takes its time and must not be done twice: asked once, given up after so long. */
export function fetchWithin(milliseconds: number): typeof fetch {
  return async (request, options) => {
    try {
      return await fetch(request, { ...options, signal: AbortSignal.timeout(milliseconds) });
    } catch {
      throw new Refusal(NO_ANSWER, "");
    }
  };
}

const keys: Middleware = {
  onRequest({ request }) {
    if (request.method === "GET") return;
    request.headers.set("X-Cairn-CSRF", "1");
    if (!request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", newKey());
    return request;
  },
};

export function client<Paths extends object>(): Client<Paths> {
  const made = createClient<Paths>({ baseUrl: location.origin, fetch: patientFetch });
  made.use(keys);
  return made;
}

interface Answered<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Told when the session is over, wherever that is noticed. */
export const signedOutListeners = new Set<() => void>();

/** The data of an answer, or a Refusal. */
export async function data<Data>(call: Promise<Answered<Data>>): Promise<Data> {
  const { data: found, error, response } = await call;
  if (error !== undefined) {
    const details = error as Partial<ProblemDetails>;
    const refusal = details.type
      ? Refusal.of(details as ProblemDetails)
      : new Refusal("unreadable_answer", `${response.status} ${response.statusText}`, response.status);
    if (refusal.reason === "unauthenticated") for (const tell of signedOutListeners) tell();
    throw refusal;
  }
  return found as Data;
}
