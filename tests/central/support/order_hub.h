#pragma once
// A hub with orders: placed as channels do, routed by hand into groups of sites.

#include "central/orders/order_book.h"
#include "core/storage/projections/orders.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::central::test {

using storage::UnitOfWork;
using storage::test::bin;
using storage::test::group_id;
using storage::test::node;
using storage::test::pieces;
using storage::test::site;
using storage::test::sku;
using storage::test::user;
using Wanted = storage::test::Wanted;

struct OrderHub : storage::test::GroupHub {
  OrderId place(const std::string& number, const std::vector<Wanted>& lines,
                std::string_view pickup_at = "") {
    auto order = storage::test::placed(number, lines);
    if (!pickup_at.empty()) {
      order.method = domain::FulfilmentMethod::kPickup;
      order.pickup_site = site(pickup_at);
    }
    const auto id = job([&order](UnitOfWork& work) { return place_order(work, order, user(3)); });
    REQUIRE(id);
    return *id;
  }
  /// Gives lines of an order to a site.
  void route(OrderId order, std::uint64_t group, const std::vector<Wanted>& lines,
             std::string_view at = "store",
             domain::FulfilmentMethod method = domain::FulfilmentMethod::kShip) {
    auto event = storage::test::allocated(group_id(group), order, lines);
    event.method = method;
    allocate(group, event, at);
  }
  Result<> cancel_line(OrderId order, std::uint32_t line, std::int64_t units,
                       const Bytes& biz_key = {}) {
    const UnitCancellation wanted{
        order, LineNo(line), pieces(units), domain::CancelReason::kCustomer, "rma-1", biz_key};
    return job([&wanted](UnitOfWork& work) { return cancel_units(work, wanted, user(3)); });
  }
  Result<> convert(OrderId order, std::uint32_t line, std::int64_t units) {
    return job([&](UnitOfWork& work) {
      return convert_pickup(work, order, LineNo(line), pieces(units), user(3));
    });
  }
  domain::LineProgress line(OrderId order, std::uint32_t number) {
    for (const auto& row : storage::order_lines(connection(), order)) {
      if (row.progress.line == LineNo(number)) return row.progress;
    }
    FAIL("no such line");
    return {};
  }
  domain::LineBuckets in(std::uint64_t group, std::uint32_t number = 1) {
    return replica().ship_group(group_id(group)).find(LineNo(number))->in;
  }
  /// Own records so far.
  std::uint64_t written() { return replica().log().author(node(77), Incarnation(77)).head; }
};

inline void check_refused(const Result<>& done, ErrorCode code, std::string_view reason) {
  REQUIRE_FALSE(done);
  CHECK(done.error().code == code);
  CHECK(done.error().reason == reason);
  CHECK_FALSE(done.error().message.empty());
}

}  // namespace cairn::central::test
