#pragma once
// Reads promotions and what orders ask of them. Any thread.

#include "central/promotions/promotion_book.h"
#include "core/json/reader.h"

#include <string>
#include <string_view>

namespace cairn::central {

/// The promotion `name` as PUT /api/v1/promotions/{promotion} takes it. Errors: kInvalid
/// "bad_json", "bad_request" with every problem and its path.
Result<domain::Promotion> read_promotion_request(std::string name, std::string_view text);

/// The members `apply_promotions` and `coupons` of an order or a basket. A problem is the reader's.
WantedPromotions read_wanted_promotions(json::Reader& in);

}  // namespace cairn::central
