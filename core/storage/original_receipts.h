#pragma once
// Which receipts are copies: of each thing done at the counter one receipt may be an original, also
// after a restart. One copy too many is harmless, a second original is not: so one that was begun
// counts as printed, and what was done by another device, before a repair of this one's log, or by
// a version that did not keep this only gets copies. Local: never replicated. Inside a job; errors
// as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/storage/identity.h"
#include "core/storage/sqlite/connection.h"

#include <cstddef>
#include <cstdint>

namespace cairn::storage {

/// So many are told apart; what was done before them only gets copies.
inline constexpr std::size_t kOriginalsKept = 4096;

/// True: this receipt of what was done there is the original, and counts as printed once it is
/// committed.
bool take_original(Connection& writer, const Identity& self, const EventRef& act);
/// Nothing of it came out of the printer. Without effect on what is not told apart any more.
void give_back_original(Connection& writer, const EventRef& act);
/// Everything of this incarnation up to `last` only gets copies: its records stand for others,
/// whose originals were begun under other numbers.
void forgo_originals(Connection& writer, Incarnation inc, std::uint64_t last);

}  // namespace cairn::storage
