#pragma once
// Commands that answer standard input line by line, so that another program can hold a talk with
// them: each line gets one line of JSON at once, in order. Main thread.

#include "core/gs1/fault.h"
#include "core/json/value.h"

#include <functional>
#include <string>
#include <string_view>

namespace cairn::tool {

/// Octets of the longest line; a longer one is answered with code "length".
inline constexpr std::size_t kLineMost = 8192;

/// A line without its escapes: \xHH is one octet, \\ a backslash.
/// Faults: kEscape with the position in the line.
gs1::Parsed<std::string> without_escapes(std::string_view line);

/// Reads to the end of the input. A carriage return at the end of a line belongs to the line end.
/// Returns the exit status: kDone, also if answers were faults; kNotDone if nobody reads them.
int answer_lines(const std::function<json::Value(std::string_view)>& answer);

}  // namespace cairn::tool
