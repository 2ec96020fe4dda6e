#pragma once
// Whom the hub tells about an order. Personal data, local to the hub: in no log, in no feed.
// Errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/domain/notification/contact.h"
#include "core/storage/sqlite/connection.h"

#include <optional>

namespace cairn::storage {

/// Any connection.
std::optional<domain::OrderContact> order_contact(Connection& connection, OrderId order);
/// In place of the one before.
void save_order_contact(Connection& writer, OrderId order, const domain::OrderContact& contact);
/// The octets are overwritten in the database's file, too (in its write-ahead log with the next
/// checkpoint); backups that were made before keep them. False: there was none.
bool erase_order_contact(Connection& writer, OrderId order);

}  // namespace cairn::storage
