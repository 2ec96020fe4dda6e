#pragma once
// Payments and stored value as rows, at the hub. The rows hold the whole state: a new event is
// folded into what they say. Class: single writer. Writing: loop only. Errors as in
// sqlite/connection.h.

#include "core/domain/payment/payment.h"
#include "core/domain/payment/stored_value.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

class Payments {
 public:
  explicit Payments(Connection& connection) : connection_(&connection) {}

  void apply(PaymentId id, const domain::Recorded<domain::PaymentEvent>& recorded);
  void apply(StoredValueId id, const domain::StoredValueEvent& event);
  void reset();

 private:
  Connection* connection_;
};

// ---- queries: any connection ----

std::optional<domain::Payment> find_payment(Connection& connection, PaymentId id);
/// In the order in which they were opened.
std::vector<domain::Payment> payments_of(Connection& connection, OrderId order);

struct PaymentPage {
  std::int64_t after_rank = 0;
  std::size_t limit = 100;
  std::optional<domain::PaymentStatus> status = {};
  bool only_open = false;  ///< with a question that has no certain answer
};
struct PaymentRow {
  std::int64_t rank = 0;
  domain::Payment payment;
};
/// In the order in which they were opened.
std::vector<PaymentRow> payments(Connection& connection, const PaymentPage& page);

/// Payments with a question that has no certain answer, the oldest question first.
std::vector<PaymentId> payments_in_question(Connection& connection);
/// Payments whose authorisation is over at `now`, `limit` at most.
std::vector<PaymentId> expired_payments(Connection& connection, UtcTime now, std::size_t limit);
/// The payment whose question the provider knows as `reference`, and the question's number.
struct AnsweredQuestion {
  PaymentId payment;
  std::uint32_t no = 0;
};
std::optional<AnsweredQuestion> find_question(Connection& connection, const std::string& reference);

std::optional<domain::StoredValue> find_stored_value(Connection& connection, StoredValueId id);

}  // namespace cairn::storage
