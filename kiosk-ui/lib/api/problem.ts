// What went wrong, in words for a person, and the reason a page decides by.

export interface ProblemDetails {
  type: string;
  title?: string;
  status: number;
  detail?: string;
  code?: string;
  trace_id?: string;
}

/** No answer: the program behind this page is away, or the network is. */
export const NO_ANSWER = "no_answer";

export class Refusal extends Error {
  readonly reason: string;
  readonly status: number;
  readonly traceId: string;

  constructor(reason: string, detail: string, status = 0, traceId = "") {
    super(detail);
    this.reason = reason;
    this.status = status;
    this.traceId = traceId;
  }

  static of(details: ProblemDetails): Refusal {
    const reason = details.type.split("/").pop() ?? details.type;
    return new Refusal(reason, details.detail ?? details.title ?? reason, details.status, details.trace_id ?? "");
  }

  get isAway(): boolean {
    return this.reason === NO_ANSWER;
  }
}
