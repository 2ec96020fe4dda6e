#pragma once
// Webhooks of Shopify shops. A message may come twice, late, and in any order; what cannot become
// an order is kept aside, never lost. Each function runs inside a job of the writer. Loop only.

#include "central/capture/capture_order.h"
#include "core/storage/capture_problems.h"

#include <string_view>

namespace cairn::central {

/// Is it one of the topics that say something about an order here?
bool is_shopify_topic(std::string_view topic);

/// orders/create captures the order; orders/cancelled cancels it as far as it can be, and captures
/// it first if it is not here. A cancellation that was kept aside is done with the message that
/// captures its order. An order that is here already stays as it is. Errors: those of
/// read_shopify_order() and capture_order(); kInvalid "not_cancelled" (orders/cancelled of an order
/// without cancelled_at: the signature does not cover the topic).
Result<OrderId> take_shopify_message(storage::UnitOfWork& work, const SiteAges& ages,
                                     const HoldRules& rules, const storage::ChannelMessage& message,
                                     bool allow_backorder, UserId actor);

/// The same; what is refused is kept aside. Nothing: it is. Errors: those for which the shop has to
/// send it again.
Result<std::optional<OrderId>> take_or_keep(storage::UnitOfWork& work, const SiteAges& ages,
                                            const HoldRules& rules,
                                            const storage::ChannelMessage& message);

/// Tries a message once more that was kept aside; one that was solved already stays so. Errors:
/// kNotFound "no_such_problem".
Result<storage::CaptureProblem> retry_problem(storage::UnitOfWork& work, const SiteAges& ages,
                                              const HoldRules& rules, const Uuid& id,
                                              bool allow_backorder, UserId actor);

}  // namespace cairn::central
