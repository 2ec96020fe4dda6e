#pragma once
// The outbox of notices to shoppers, and how far the log has been looked at for their causes. Local
// to the hub. Writing: inside a job. Errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/time.h"
#include "core/domain/notification/notification.h"
#include "core/storage/sqlite/connection.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

struct Notification {
  std::int64_t rank = 0;  ///< the order in which they were noted; given by save_notification()
  Uuid id = {};
  OrderId order = {};
  domain::NotificationKind kind = domain::NotificationKind::kConfirmed;
  domain::NotificationState state = domain::NotificationState::kPending;
  std::optional<Uuid> message = {};  ///< nothing: never tried
  UtcTime made_at = {};              ///< when it was noted, or a person wanted it again
  UtcTime next_at = {};
  std::optional<UtcTime> sent_at = {};
  std::uint32_t attempts = 0;
  std::string error = {};  ///< for people, without personal data; empty: nothing is wrong
  // What it is about.
  std::optional<LineNo> line = {};
  std::int64_t milli = 0;
  std::optional<ShipGroupId> group = {};
  std::optional<Money> amount = {};
};

/// False: there is one with this id.
bool save_notification(Connection& writer, const Notification& fresh);

/// Orders with something that is due, those that wait longest first.
std::vector<OrderId> orders_to_notify(Connection& connection, UtcTime now, std::size_t limit);
/// Of one order, in the order in which they were noted.
std::vector<Notification> pending_notifications(Connection& connection, OrderId order);
/// Those that were, or are being, told together.
std::vector<Notification> notifications_of(Connection& connection, const Uuid& message);
std::optional<Notification> find_notification(Connection& connection, const Uuid& id);

/// A try begins: those of the order that are pending and were told in `before` (nothing: never
/// tried) are told in `message`.
void begin_sending(Connection& writer, OrderId order, const std::optional<Uuid>& before,
                   const Uuid& message);
struct TryEnded {
  domain::NotificationState state = domain::NotificationState::kUnknown;
  std::string error;
  UtcTime at;       ///< kSent: when
  UtcTime next_at;  ///< kPending: not before
};
/// Of those of the message that are being sent.
void end_sending(Connection& writer, const Uuid& message, const TryEnded& ended);
/// Nobody is left who knows: what was being sent when the hub stopped. Returns how many.
std::size_t give_up_sending(Connection& writer, const std::string& why);
/// A person wants it, and those told together with it, to be sent (again).
void send_again(Connection& writer, const Notification& wanted, UtcTime now);
/// Nobody can be told any more: what is pending fails.
void fail_pending(Connection& writer, OrderId order, const std::string& why);
/// What of the order is pending and was made at `oldest` or before fails, and whatever was told
/// with it. Of what was tried the last refusal is kept as the reason.
void fail_stale(Connection& writer, OrderId order, UtcTime oldest, const std::string& why);

struct NotificationPage {
  std::int64_t after_rank = 0;
  std::size_t limit = 100;
  std::optional<OrderId> order = {};
  std::optional<domain::NotificationState> state = {};
};
/// In the order in which they were noted.
std::vector<Notification> notifications(Connection& connection, const NotificationPage& page);

/// Orders with a contact that nobody holds, placed before `placed_before`, of which goods still
/// wait for a site and no notice of `kind` was made; `limit` at most.
std::vector<OrderId> orders_waiting_untold(Connection& connection, UtcTime placed_before,
                                           domain::NotificationKind kind, std::size_t limit);

// ---- how far the log was looked at ----

/// At the first call ever: what is in the log already is no news. True: it was the first.
bool begin_looking(Connection& writer);
/// Every author of which there are records that were not looked at.
std::vector<EventRef> unseen_authors(Connection& connection);
/// The last record of this author that was looked at; 0: none.
std::uint64_t seen_of(Connection& connection, NodeId node, Incarnation inc);
void note_seen(Connection& writer, const EventRef& last);

}  // namespace cairn::storage
