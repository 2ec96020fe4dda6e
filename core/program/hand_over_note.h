#pragma once
// Who gave a pickup to its customer, and when: what the log says that the tables do not. Any
// thread; errors as in sqlite/connection.h.

#include "core/base/hlc.h"
#include "core/storage/log_reader.h"

#include <optional>

namespace cairn::program {

struct HandOverNote {
  EventRef ref;  ///< of the record
  Hlc at;
  UserId actor;
};

/// The first that was not undone: what came after it is a clash.
std::optional<HandOverNote> hand_over_note(storage::Connection& connection, ShipGroupId group);

}  // namespace cairn::program
