#pragma once
// Money of cards that was moved for certain, as rows of payments tell it: what a settlement file is
// compared with. Any connection; errors as in sqlite/connection.h.

#include "core/domain/payment/payment.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

/// A capture or a refund that was done.
struct CardMove {
  PaymentId payment;
  std::uint32_t no = 0;  ///< its question
  domain::PaymentAction action = domain::PaymentAction::kCapture;
  Money amount;
  std::string reference;  ///< the provider's
  UtcTime at;             ///< when the hub heard of it
};

std::optional<CardMove> find_card_move(Connection& connection, const std::string& reference);
/// Those the hub heard of in this time, both ends included, in that order; `limit` at most.
std::vector<CardMove> card_moves(Connection& connection, UtcTime from, UtcTime to,
                                 std::size_t limit);

}  // namespace cairn::storage
