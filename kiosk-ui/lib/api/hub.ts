// The hub's API and the shapes its pages work with.
import { client } from "./client";
import type { components, paths } from "./generated/hub";

export const hub = client<paths>();

type Schemas = components["schemas"];
export type Order = Schemas["Order"];
export type OrderDetail = Schemas["OrderDetail"];
export type ShipGroup = Schemas["ShipGroup"];
export type Totals = Schemas["HubTotals"];
export type SiteTotals = Schemas["SiteTotals"];
export type Exception = Schemas["Exception"];
export type Site = Schemas["Site"];
export type Node = Schemas["Node"];
export type ShipGroupDetail = Schemas["ShipGroupDetail"];
export type OrderLine = Schemas["OrderLine"];
export type Package = Schemas["Package"];
export type Return = Schemas["Return"];
export type Import = Schemas["Import"];
