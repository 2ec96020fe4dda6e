#pragma once
// What a sales channel sent that could not become an order: kept until it does. Nothing else has
// it, so it is no view of the log. Writing: inside a job. Errors as in sqlite/connection.h.

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

/// A message as a channel sent it.
struct ChannelMessage {
  std::string channel;
  std::string topic;        ///< the channel's word for what it is about, e.g. "orders/create"
  std::string external_id;  ///< the order's number; empty: it could not be read
  std::string payload;      ///< UTF-8, as it came
};

struct CaptureProblem {
  std::int64_t rank = 0;  ///< rises with each
  Uuid id;
  ChannelMessage message;
  std::string reason;  ///< as of the last try
  std::string detail;  ///< a sentence for people
  UtcTime first_at;
  UtcTime last_at;
  std::int64_t tries = 0;
  std::optional<OrderId> order;  ///< what became of it
};

/// The same message again is the same problem, tried once more.
void keep_problem(Connection& writer, const Uuid& id, const ChannelMessage& message,
                  const Error& error, UtcTime now);
/// It became this order, or was about it. The message, which may be personal, goes.
void solve_problem(Connection& writer, const Uuid& id, OrderId order, UtcTime now);

/// It will never be an order: nothing of it stays. False: there is none.
bool dismiss_problem(Connection& writer, const Uuid& id);

std::optional<CaptureProblem> find_problem(Connection& connection, const Uuid& id);
/// In the order in which they came first, without their messages; `all`: those that were solved,
/// too.
std::vector<CaptureProblem> capture_problems(Connection& connection, std::int64_t after_rank,
                                             std::size_t limit, bool all);

}  // namespace cairn::storage
