#pragma once
// Small files beside a database that must survive a power failure. Any thread.

#include "core/base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::storage {

/// Puts `text` in the place of the file's content: after a power failure the old or the new is
/// there, whole. Only the owner may read it. Errors: kUnavailable "file_not_written".
Result<> replace_file(const std::string& file, std::string_view text);

/// The file's content; nothing if there is none.
std::optional<std::string> read_file(const std::string& file);

}  // namespace cairn::storage
