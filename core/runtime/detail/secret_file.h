#pragma once
// Reads a secret that an operator or systemd put into a file.

#include "core/base/result.h"

#include <string>

namespace cairn::runtime {

/// The first line, without its end. The message of an error names the file, never its content.
/// Errors: kNotFound "no_secret", kDenied "secret_exposed" (mode & 077), kInvalid "bad_secret"
/// (empty, more than 4 KiB, not a plain file).
Result<std::string> read_secret_file(const std::string& path);

}  // namespace cairn::runtime
