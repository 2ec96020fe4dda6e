#pragma once
// Which labels wait for their printer, so that after a crash is known of them that nothing was
// sent. Local: never replicated, kept over a restart. Whoever has no row may have been sent. Inside
// a job; errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/storage/identity.h"
#include "core/storage/sqlite/connection.h"

namespace cairn::storage {

/// `start`: this device's own LabelPrintStarted.
void note_waiting_label(Connection& writer, const EventRef& start);
/// To be committed before the printer gets the first octet. Nothing happens without a row.
void forget_waiting_label(Connection& writer, const EventRef& start);
void forget_waiting_labels(Connection& writer);

/// True: nothing of it was sent. Only of what the present incarnation has started: an older one may
/// have come from a copy of the database that does not know what was sent since.
bool is_waiting_label(Connection& connection, const Identity& self, const EventRef& start);

}  // namespace cairn::storage
