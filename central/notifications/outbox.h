#pragma once
// What becomes a notice, and once only. The log is looked at behind its commits, record by record:
// how far is kept in the same transaction as what was made of it, so that a kill between the two
// neither loses a cause nor doubles one. All of it inside jobs.

#include "core/domain/notification/contact.h"
#include "core/storage/notifications.h"
#include "core/storage/unit_of_work.h"

#include <chrono>
#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

namespace cairn::central {

struct OutboxRules {
  Duration digest = std::chrono::seconds(60);  ///< causes of one order within it are told together
  Duration delayed_after = std::chrono::hours(24);  ///< an order waits for a site; 0: never told
  Duration news_for = std::chrono::hours(72);       ///< a cause that is recorded longer is not told
};

/// The same order, kind and cause have the same id on every machine.
Uuid notification_id(OrderId order, domain::NotificationKind kind, std::string_view cause);

/// In place of the contact before. An order that is not finished and was not confirmed yet is
/// confirmed now; what else happened before is not told. Errors: kInvalid "bad_email"; kNotFound
/// "no_such_order": place the order first, in the same job.
Result<> set_contact(storage::UnitOfWork& work, OrderId order, const domain::OrderContact& contact,
                     const OutboxRules& rules);
/// Nobody is told of the order any more; what waits to be sent fails. Errors: kNotFound
/// "no_such_contact".
Result<> erase_contact(storage::UnitOfWork& work, OrderId order);

struct LookedAt {
  std::size_t made = 0;
  bool more = false;  ///< look again
};
/// Authors with records that were not looked at. At the first call ever what is in the log is no
/// news.
using Authors = std::set<std::pair<NodeId, Incarnation>>;
Authors begin_to_look(storage::UnitOfWork& work);
/// Looks at those records of these authors, some hundreds at a time.
LookedAt look_at_log(storage::UnitOfWork& work, const Authors& authors, const OutboxRules& rules);
/// Orders that wait for a site longer than they should, some hundreds at a time. Returns how many
/// notices were made.
std::size_t note_delayed(storage::UnitOfWork& work, const OutboxRules& rules);

}  // namespace cairn::central
