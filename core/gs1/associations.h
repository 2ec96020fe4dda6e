#pragma once
// Which elements must, and must not, be on a label together (GS1 General Specifications 4.13 and
// 4.14). A label that breaks such a rule can still be read, so callers choose whether it is an
// error or a warning; the rules hold for all symbols of one item together. Any thread.

#include "core/gs1/element_string.h"
#include "core/gs1/fault.h"

#include <span>
#include <vector>

namespace cairn::gs1 {

/// Every rule that `elements` break: first what excludes each other, then what is missing, both in
/// the order of the elements. Codes: kExcludedAi, kRequiredAi, kMissingSerial; positions are those
/// of the elements.
std::vector<Fault> broken_associations(std::span<const Element> elements);

}  // namespace cairn::gs1
