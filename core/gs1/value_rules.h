#pragma once
// Whether a value fits its application identifier: length, characters and what they must amount
// to. Pure: dates are judged without knowing today. Any thread.

#include "core/gs1/application_identifier.h"
#include "core/gs1/fault.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace cairn::gs1 {

/// What one rule finds wrong with a part that has its component's length and characters;
/// the position counts from the part's first octet.
std::optional<Fault> broken(Rule rule, std::string_view part);

/// Reads a value of `ai` from the front of `data`, which goes up to the next separator or to the
/// end: how many octets belong to the value. More may follow it. Faults: kLength, kCharset and
/// those of the rules; positions count from the front of `data`. `name`: the AI's digits.
Parsed<std::size_t> take_value(const ApplicationIdentifier& ai, std::string_view name,
                               std::string_view data);

/// `value` is a whole value of `ai`. Faults as take_value().
std::optional<Fault> check_value(const ApplicationIdentifier& ai, std::string_view name,
                                 std::string_view value);

}  // namespace cairn::gs1
