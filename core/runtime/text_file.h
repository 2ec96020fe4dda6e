#pragma once
// A small text file of an operator's, read whole.

#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace cairn::runtime {

/// Nothing: there is no such file. Errors: kInvalid "bad_file" (no plain file, more than `most`
/// octets, not UTF-8), kUnavailable "file_not_read".
Result<std::optional<std::string>> read_text_file(const std::filesystem::path& file,
                                                  std::size_t most);

}  // namespace cairn::runtime
