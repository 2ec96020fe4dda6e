#pragma once
// Documents that a command is given as a file.

#include "core/json/reader.h"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::tool {

/// The object that a JSON file of at most 1 MiB holds; "-" is standard input. Errors: kUnavailable
/// "no_file", kInvalid "bad_json", "bad_file" (too large, no object).
Result<json::Value> read_json_file(const std::string& path);

/// A member that may be absent and else is an array of texts.
std::vector<std::string> texts_of(json::Reader& in, std::string_view name, std::size_t most,
                                  json::Reader::Length octets);

}  // namespace cairn::tool
