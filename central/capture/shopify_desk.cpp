#include "central/capture/shopify_desk.h"

#include "central/capture/shopify_order.h"
#include "central/orders/order_book.h"
#include "central/orders/order_holds.h"
#include "core/crypto/hash.h"

#include <optional>
#include <utility>

namespace cairn::central {
namespace {

constexpr std::string_view kCreated = "orders/create";
constexpr std::string_view kCancelled = "orders/cancelled";

/// The signature covers the body alone: what the topic says has to be in the body, too.
bool says_what_it_is(const storage::ChannelMessage& message) {
  return message.topic != kCancelled || is_cancelled_shopify_order(message.payload);
}

/// However often a message is sent, it is one problem.
Uuid problem_id(const storage::ChannelMessage& message) {
  const bool by_number = !message.external_id.empty() && says_what_it_is(message);
  const std::string& about = by_number ? message.external_id : message.payload;
  return crypto::derived_uuid("capture-problem", {message.channel, message.topic, about});
}

/// The same order's cancellation, if it came before the order could be captured.
std::optional<storage::CaptureProblem> kept_cancellation(storage::UnitOfWork& work,
                                                         const storage::ChannelMessage& message) {
  if (message.external_id.empty()) return std::nullopt;
  const Uuid id = crypto::derived_uuid(
      "capture-problem", {message.channel, std::string(kCancelled), message.external_id});
  auto kept = storage::find_problem(work.connection(), id);
  if (kept && kept->order) return std::nullopt;
  return kept;
}

/// What sending it again does not change.
bool is_lasting(const Error& error) {
  return error.code == ErrorCode::kInvalid || error.code == ErrorCode::kNotFound ||
         error.code == ErrorCode::kConflict || error.code == ErrorCode::kRejected;
}

/// An order with this number is here.
std::optional<OrderId> order_here(storage::UnitOfWork& work,
                                  const storage::ChannelMessage& message) {
  const auto row = storage::find_order(work.connection(), message.channel, message.external_id);
  return row ? std::optional(row->id) : std::nullopt;
}

}  // namespace

bool is_shopify_topic(std::string_view topic) { return topic == kCreated || topic == kCancelled; }

Result<OrderId> take_shopify_message(storage::UnitOfWork& work, const SiteAges& ages,
                                     const HoldRules& rules, const storage::ChannelMessage& message,
                                     bool allow_backorder, UserId actor) {
  if (!says_what_it_is(message)) {
    return fail(ErrorCode::kInvalid, "not_cancelled",
                "/cancelled_at: the topic says that the order was cancelled, the order itself does "
                "not; nothing was changed");
  }
  const auto before = kept_cancellation(work, message);
  const bool cancelled = message.topic == kCancelled || before;
  auto order = order_here(work, message);
  if (!order) {
    auto wanted = read_shopify_order(message.channel, message.payload);
    if (!wanted) return fail(wanted.error());
    wanted->allow_backorder = allow_backorder || cancelled;
    const auto captured =
        capture_order(work, ages, cancelled ? HoldRules{} : rules, *std::move(wanted), actor);
    if (!captured) return fail(captured.error());
    order = captured->order;
  }
  if (cancelled) {
    const auto done = cancel_order(work, *order, domain::CancelReason::kCustomer, "shopify", actor);
    if (!done) return fail(done.error());
  }
  if (before) storage::solve_problem(work.connection(), before->id, *order, work.now());
  return *order;
}

Result<std::optional<OrderId>> take_or_keep(storage::UnitOfWork& work, const SiteAges& ages,
                                            const HoldRules& rules,
                                            const storage::ChannelMessage& message) {
  const Uuid id = problem_id(message);
  const auto taken = take_shopify_message(work, ages, rules, message, false, UserId{});
  if (taken) {
    storage::solve_problem(work.connection(), id, *taken, work.now());
    return std::optional(*taken);
  }
  if (!is_lasting(taken.error())) return fail(taken.error());
  storage::keep_problem(work.connection(), id, message, taken.error(), work.now());
  return std::optional<OrderId>();
}

Result<storage::CaptureProblem> retry_problem(storage::UnitOfWork& work, const SiteAges& ages,
                                              const HoldRules& rules, const Uuid& id,
                                              bool allow_backorder, UserId actor) {
  const auto problem = storage::find_problem(work.connection(), id);
  if (!problem) {
    return fail(ErrorCode::kNotFound, "no_such_problem",
                "nothing of that name is kept aside; nothing was changed");
  }
  if (problem->order) return *problem;
  const auto taken =
      take_shopify_message(work, ages, rules, problem->message, allow_backorder, actor);
  if (!taken && !is_lasting(taken.error())) return fail(taken.error());
  if (taken) storage::solve_problem(work.connection(), id, *taken, work.now());
  if (!taken) {
    storage::keep_problem(work.connection(), id, problem->message, taken.error(), work.now());
  }
  return *storage::find_problem(work.connection(), id);
}

}  // namespace cairn::central
