// What hub and agent say of a site, figure by figure, and what its log says happened.
import { expect } from "vitest";
import type { Api } from "./api";
import type { Stage } from "./stage";

type Json = any;

interface Books {
  totals: Json;
  /** Lines with their buckets, parcels, status, claim. */
  groups: Json[];
  returns: Json[];
  exceptions: Json[];
  put_backs: Json[];
}

async function books(api: Api, site: string): Promise<Books> {
  const totals = await api.get("/api/v1/totals");
  const groups: Json[] = [];
  for (const { id } of await api.pages(`/api/v1/ship-groups?site=${site}`)) groups.push(await api.get(`/api/v1/ship-groups/${id}`));
  return {
    totals: totals.sites?.find((one: { site: string }) => one.site === site) ?? totals,
    groups,
    returns: await api.pages(`/api/v1/returns?site=${site}`),
    exceptions: (await api.get(`/api/v1/exceptions?site=${site}`)).items,
    put_backs: (await api.get(`/api/v1/put-backs?site=${site}`)).items,
  };
}

/** Once everything is sent and applied, the books of the first site are the same at the hub and at each of its agents.
 * Returns them. */
export async function expectAgreement(stage: Stage): Promise<Books> {
  await stage.quiet();
  const { site } = stage.agent;
  const atHub = await books(await stage.hubApi(), site);
  expect(atHub.groups.length).toBeGreaterThan(0);
  for (const agent of stage.agents.filter((one) => one.site === site)) {
    expect(await books(await stage.agentApi(agent), site)).toEqual(atHub);
  }
  return atHub;
}

/** How often each event was recorded about a ship group. */
export async function happened(api: Api, group: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const key = group.replaceAll("-", "");
  for (const record of await api.pages("/api/v1/log?limit=1000")) {
    if (!record.key.includes(key)) continue;
    counts[record.event] = (counts[record.event] ?? 0) + 1;
  }
  return counts;
}
