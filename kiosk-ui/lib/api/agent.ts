// The agent's API and the shapes its pages work with.
import { client } from "./client";
import type { components, paths } from "./generated/agent";

export const agent = client<paths>();

type Schemas = components["schemas"];
export type Verdict = Schemas["Verdict"];
export type PictureScan = Schemas["PictureScan"];
export type PictureCode = Schemas["PictureCode"];
export type ShipGroup = Schemas["ShipGroup"];
export type ShipGroupDetail = Schemas["ShipGroupDetail"];
export type Line = ShipGroupDetail["lines"][number];
export type Package = ShipGroupDetail["packages"][number];
export type Device = Schemas["Device"];
export type CounterJob = Schemas["CounterJob"];
export type LabelPrinter = Schemas["LabelPrinter"];
export type DeviceTest = Schemas["DeviceTest"];
export type Station = Schemas["Station"];
export type PutBack = Schemas["PutBack"];
export type ReturnDraft = Schemas["ReturnDraft"];
export type Session = Schemas["Session"];
