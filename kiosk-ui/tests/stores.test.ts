// How well a store is, from what the hub has heard of its devices.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { pretend } from "./browser";

const NOW = Date.parse("2026-11-26T10:00:00Z");

function node(site: string, silent_s: number, others: object = {}) {
  const last_heard_at = new Date(NOW - silent_s * 1000).toISOString();
  return { node: `node-${site}`, site, name: site, active: true, online: true, last_heard_at, hwm: 5, head: 5, quarantined: 0, problem: "", ...others };
}

const site = (name: string) => ({ site: name, name, kind: "STORE" }) as never;

describe("a device", () => {
  beforeEach(() => {
    vi.resetModules();
    pretend();
  });

  it.each([
    ["healthy as long as it speaks", node("a", 5), "ok"],
    ["late after a minute of silence", node("a", 61), "late"],
    ["offline after five, whatever the broker believes", node("a", 301), "offline"],
    ["offline as soon as it is said to be gone", node("a", 1, { online: false }), "offline"],
    ["behind while it has told of more than is here", node("a", 5, { head: 9 }), "backlog"],
    ["refused before anything else", node("a", 301, { problem: "its chain is broken" }), "problem"],
  ])("is %s", async (_, one, health) => {
    const { nodeHealth } = await import("../hq/sites");
    expect(nodeHealth(one, NOW)).toBe(health);
  });

  it("makes its store come first, the worse the earlier", async () => {
    const { storeHealth } = await import("../hq/sites");
    const nodes = [node("fine", 1), node("late", 90), node("behind", 1, { head: 7 }), node("gone", 1, { online: false }), node("refused", 1, { problem: "x" })];
    const stores = storeHealth(["fine", "late", "behind", "gone", "refused", "empty"].map(site), nodes, NOW);
    expect(stores.map((one) => one.site.site)).toEqual(["gone", "refused", "late", "behind", "empty", "fine"]);
    expect(stores[0]).toMatchObject({ health: "offline", offline: 1, heardAt: NOW - 1000 });
  });
});
