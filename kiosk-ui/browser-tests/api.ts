// A program's API, for a test to compare with what a page shows.

type Json = any;

export class Api {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Waits for a program that was only just started. */
  static async signIn(url: string, user: string, pin: string, station?: string): Promise<Api> {
    await answers(url);
    const session = await call(url, "POST", "/api/v1/sessions", { name: user, pin, ...(station ? { station } : {}) });
    return new Api(url, session.token);
  }

  get(path: string): Promise<Json> {
    return call(this.url, "GET", path, undefined, this.token);
  }
  post(path: string, body: object = {}): Promise<Json> {
    return call(this.url, "POST", path, body, this.token);
  }
  put(path: string, body: object): Promise<Json> {
    return call(this.url, "PUT", path, body, this.token);
  }
  delete(path: string): Promise<Json> {
    return call(this.url, "DELETE", path, undefined, this.token);
  }
  /** Rows as they are, also bad ones, until the hub is done with them. */
  async importCsv(kind: "products" | "stock" | "orders", rows: string): Promise<Json> {
    const headers = { "content-type": "text/csv", authorization: `Bearer ${this.token}`, "idempotency-key": crypto.randomUUID() };
    const answer = await fetch(`${this.url}/api/v1/imports/${kind}`, { method: "POST", headers, body: rows });
    let state = (await answer.json()) as Json;
    while (state.state === "running" || state.state === undefined) state = await this.get(`/api/v1/imports/${state.import}`);
    return state;
  }
  /** All items of a list, page by page. */
  async pages(path: string): Promise<Json[]> {
    const all: Json[] = [];
    for (let next: string | null = path; next; ) {
      const page: Json = await this.get(next);
      all.push(...page.items);
      next = page.next_cursor ? `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(page.next_cursor)}` : null;
    }
    return all;
  }
  /** A ship group with its lines and packages, by its order's reference. */
  async group(order: string): Promise<Json> {
    const groups = await this.pages("/api/v1/ship-groups");
    const group = groups.find((each) => each.order_reference === order);
    if (!group) throw new Error(`${this.url} has no ship group of order ${order}`);
    return this.get(`/api/v1/ship-groups/${group.id}`);
  }
}

const STARTED_WITHIN_MS = 20_000;

async function answers(url: string): Promise<void> {
  for (const since = performance.now(); ; await new Promise((later) => setTimeout(later, 50))) {
    try {
      await fetch(`${url}/livez`);
      return;
    } catch (error) {
      if (performance.now() - since > STARTED_WITHIN_MS) throw error;
    }
  }
}

async function call(url: string, method: string, path: string, body?: object, token?: string): Promise<Json> {
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...(body ? { "content-type": "application/json" } : {}),
      ...(method === "GET" ? {} : { "idempotency-key": crypto.randomUUID() }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}
