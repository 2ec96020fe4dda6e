#pragma once
// A database that a disk has harmed: found before it is opened, and moved aside (what is left in
// it: salvage.h). Nobody may have the database open. Main thread, before the loop runs.

#include "core/base/result.h"
#include "core/base/time.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace cairn::storage {

/// Databases up to this size are looked at as a whole at every start; greater ones only if
/// something seemed wrong while they were used (note_suspicion()). Whatever is read later is
/// checked when it is read.
inline constexpr std::uint64_t kLookedAtWhole = 64U << 20U;

/// What is wrong with the database at `path`, in words for a person; nothing: it is sound as far as
/// was looked, or there is none.
std::optional<std::string> damage_of(const std::string& path);

/// The next start looks at all of it. Any thread.
void note_suspicion(const std::string& path);

/// `on_fatal`, which notes a suspicion first if a page could not be read.
std::function<void(const Error&)> suspecting(std::string path,
                                             std::function<void(const Error&)> on_fatal);

/// Moves a damaged database aside, keeping it: `path`.damaged-YYYYMMDDThhmmssZ. Returns the new
/// path. Until finish_move() is called a start that comes after a power loss begins here again: see
/// unfinished_move(). Errors: kUnavailable "storage_failed".
Result<std::string> move_aside(const std::string& path, UtcTime now);
/// A move that was begun: completes it, drops what was begun in the database's place, and returns
/// where the damaged one is.
Result<std::optional<std::string>> unfinished_move(const std::string& path);
Result<> finish_move(const std::string& path);

}  // namespace cairn::storage
