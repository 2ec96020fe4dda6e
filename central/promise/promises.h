#pragma once
// What the company decides about its promises, and what baskets keep. Each function runs inside a
// job of the writer. Loop only.

#include "core/domain/promise/expected_supply.h"
#include "core/domain/promise/safety_stock.h"
#include "core/domain/promise/selling_channel.h"
#include "core/domain/promise/soft_reservation.h"
#include "core/storage/projections/promises.h"
#include "core/storage/unit_of_work.h"

namespace cairn::central {

/// Defines it, or defines it anew; the same definition again writes nothing. Errors: kInvalid
/// "bad_channel", kNotFound "no_such_site".
Result<domain::SellingChannel> define_channel(storage::UnitOfWork& work,
                                              domain::SellingChannel channel, UserId actor);
/// Likewise. Errors: kInvalid "bad_safety_stock", kNotFound "no_such_site".
Result<domain::SafetyStockRule> define_safety_stock(storage::UnitOfWork& work,
                                                    domain::SafetyStockRule rule, UserId actor);

/// What is to come under a reference, or what is left of it. Errors: kInvalid "bad_supply",
/// kNotFound "no_such_product", "no_such_site".
Result<domain::ExpectedSupply> expect_supply(storage::UnitOfWork& work,
                                             domain::ExpectedSupply supply, UserId actor);

/// `can_be_sold_milli`: of it, by its channel, as of this job. Errors: those of domain::decide(),
/// kNotFound "no_such_product", "no_such_site", kInvalid "is_kit" (what is kept are its parts).
Result<domain::StockReserved> reserve_stock(storage::UnitOfWork& work,
                                            const domain::ReserveStock& command, UserId actor);
/// Ends it; one that has ended already stays as it is. Errors: kNotFound "no_such_reservation".
Result<storage::ReservationRow> end_reservation(storage::UnitOfWork& work, ReservationId id,
                                                domain::ReservationEnd end, UserId actor);

}  // namespace cairn::central
