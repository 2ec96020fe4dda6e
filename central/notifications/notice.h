#pragma once
// What a message to a shopper tells: facts of one order, gathered from the replica when it is sent.
// Nothing here is kept. Pure data.

#include "core/domain/notification/notification.h"
#include "core/storage/notifications.h"

#include <optional>
#include <string>
#include <vector>

namespace cairn::central {

struct NoticeLine {
  std::string name;      ///< of the article
  std::string quantity;  ///< "2", "0.25"
  friend bool operator==(const NoticeLine&, const NoticeLine&) = default;
};

/// Everything of one kind that a message tells.
struct NoticePart {
  domain::NotificationKind kind = domain::NotificationKind::kConfirmed;
  std::vector<NoticeLine> lines;
  std::string site;    ///< name of a store; empty: not about one
  std::string amount;  ///< "2.55 GBP"; empty: not about money
  friend bool operator==(const NoticePart&, const NoticePart&) = default;
};

struct Notice {
  OrderId order;
  std::string channel;
  std::string reference;  ///< the order's number in its channel
  std::vector<NoticePart> parts;
  friend bool operator==(const Notice&, const Notice&) = default;
};

/// Tells `told`, all of one order: a part for each kind, in the order of their first. Nothing: the
/// order is not here (any more). Errors as in sqlite/connection.h. Any connection.
std::optional<Notice> notice_of(storage::Connection& connection,
                                const std::vector<storage::Notification>& told);

/// For previews: an order with everything that a message of this kind can tell.
Notice sample_notice(domain::NotificationKind kind);

}  // namespace cairn::central
