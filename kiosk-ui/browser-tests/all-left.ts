// What a picker did, by the agent's books and by what lies at the printer.
import { expect } from "vitest";
import type { Picker } from "./handheld";

const SSCC = /\^FD>;>800(\d{18})/;

/** Nothing is left to do for any order: every unit was scanned or missed once, every parcel has one label. */
export async function expectAllLeft(picker: Picker): Promise<void> {
  const groups = await Promise.all((await picker.api.pages("/api/v1/ship-groups")).map(({ id }) => picker.api.get(`/api/v1/ship-groups/${id}`)));
  expect(groups.filter((one) => one.status !== (one.method === "SHIP" ? "SHIPPED" : "READY"))).toEqual([]);
  const sum = (figure: string) => groups.reduce((all, one) => all + one[figure], 0);
  expect(sum("shipped_milli") + sum("picked_milli")).toBe(picker.unitsMilli);
  expect(sum("ordered_milli") - sum("short_milli")).toBe(picker.unitsMilli);
  expect(sum("short_milli")).toBe(picker.shortMilli);

  const records = await picker.api.pages("/api/v1/log?limit=1000");
  expect(records.filter(({ event }) => event === "LinePicked").length).toBe(picker.scans - picker.lost);

  const parcels = groups.flatMap((one) => one.packages);
  expect(parcels.filter((one) => one.label !== "PRINTED")).toEqual([]);
  const printed = (await picker.hardware.labels()).map((zpl) => SSCC.exec(zpl)?.[1] ?? zpl);
  expect(printed.sort()).toEqual(parcels.map((one) => one.sscc).sort());
}
