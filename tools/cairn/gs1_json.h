#pragma once
// GS1 data as the tool prints it. Any thread.

#include "core/gs1/element_string.h"
#include "core/gs1/fault.h"
#include "core/gs1/scan.h"
#include "core/json/value.h"

#include <span>

namespace cairn::tool {

/// [{"ai":"01","value":"09506000134352"},…]; empty for data that is not GS1.
json::Value elements_json(std::span<const gs1::Element> elements);

/// Sets "elements" and, if the trade item has a number, "gtin14".
void set_gs1(json::Value& object, const gs1::Scan& scan);

/// {"ok":true,"symbology":"]C1","elements":[…],"gtin14":"…"}; a scan that came without an AIM
/// identifier has symbology "" and "verified":false.
json::Value scan_json(const gs1::Scan& scan);

/// {"ok":false,"error":{"code":"…","message":"…","position":N}}
json::Value fault_json(const gs1::Fault& fault);

}  // namespace cairn::tool
