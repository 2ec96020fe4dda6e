// Facilities and their devices, for every screen that names one.
import { data } from "@lib/api/client";
import { hub, type Node, type Site } from "@lib/api/hub";
import { signal } from "@preact/signals";

export const sites = signal<Site[]>([]);

export async function askSites(): Promise<void> {
  try {
    sites.value = (await data(hub.GET("/api/v1/sites"))).items;
  } catch {
    // The screen that is open says that the hub is away.
  }
}

export function siteName(site: string): string {
  return sites.value.find((one) => one.site === site)?.name ?? site;
}

export type Health = "offline" | "problem" | "late" | "backlog" | "ok" | "none";

/** Devices speak every few seconds. One that is silent for so long is late; for longer it is away, whatever the broker believes. */
const LATE_AFTER_MS = 60_000;
const AWAY_AFTER_MS = 300_000;

export interface StoreHealth {
  site: Site;
  nodes: Node[];
  health: Health;
  offline: number;
  behind: number;
  heardAt: number | undefined;
  problem: string;
}

export function nodeHealth(node: Node, at: number): Health {
  if (node.problem) return "problem";
  const silent = node.last_heard_at ? at - Date.parse(node.last_heard_at) : 0;
  if (!node.online || silent > AWAY_AFTER_MS) return "offline";
  if (silent > LATE_AFTER_MS) return "late";
  return node.head > node.hwm ? "backlog" : "ok";
}

const RANK: Health[] = ["offline", "problem", "late", "backlog", "none", "ok"];

export function worst(all: Health[]): Health {
  return RANK.find((one) => all.includes(one)) ?? "none";
}

/** Worst first. */
export function storeHealth(all: Site[], nodes: Node[], at: number): StoreHealth[] {
  const found = all.map((site) => {
    const own = nodes.filter((node) => node.site === site.site && node.active);
    const heard = own.flatMap((node) => (node.last_heard_at ? [Date.parse(node.last_heard_at)] : []));
    return {
      site,
      nodes: own,
      health: worst(own.map((node) => nodeHealth(node, at))),
      offline: own.filter((node) => nodeHealth(node, at) === "offline").length,
      behind: own.reduce((sum, node) => sum + Math.max(0, node.head - node.hwm), 0),
      heardAt: heard.length ? Math.min(...heard) : undefined,
      problem: own.find((node) => node.problem)?.problem ?? "",
    };
  });
  return found.sort((a, b) => RANK.indexOf(a.health) - RANK.indexOf(b.health) || b.behind - a.behind || a.site.name.localeCompare(b.site.name));
}

export async function askNodes(): Promise<Node[]> {
  return (await data(hub.GET("/api/v1/nodes"))).items;
}
