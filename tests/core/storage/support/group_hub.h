#pragma once
// A hub that hears of ship groups and returns from the devices of its sites.

#include "core/domain/label/label_numbers.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::storage::test {

/// The numbers of a label that are made from a serial.
inline std::string sscc_of(std::uint64_t serial) {
  return domain::sscc(domain::Gs1Prefix::parse("9521234").value(), serial);
}

struct GroupHub : Store {
  GroupHub() : Store(hub_identity(node(77))) {}

  /// Opens a group of the order of the same number.
  void allocate(std::uint64_t group, std::string_view at = "store",
                const std::vector<Wanted>& lines = {{1, "A1", 2}},
                domain::FulfilmentMethod method = domain::FulfilmentMethod::kShip) {
    auto event = allocated(group_id(group), order_id(group), lines);
    event.method = method;
    allocate(group, event, at);
  }
  void allocate(std::uint64_t group, const domain::ShipGroupAllocated& event,
                std::string_view at = "store") {
    clock.advance(std::chrono::seconds(1));
    append(domain::ShipGroupEvent(event), domain::ship_group_key(group_id(group)), site(at));
  }
  /// By the hub itself.
  EventRef decides(std::uint64_t group, const domain::ShipGroupEvent& event,
                   std::string_view at = "store") {
    return append(event, domain::ship_group_key(group_id(group)), site(at));
  }
  /// By a device of the group's site.
  EventRef happens(std::uint64_t group, const domain::ShipGroupEvent& event,
                   std::uint64_t author = 1, std::string_view at = "store") {
    return take(event, domain::ship_group_key(group_id(group)), author, at);
  }
  EventRef claim(std::uint64_t group, const std::string& station, std::uint64_t author = 1) {
    return happens(group, domain::TaskClaimed{station}, author);
  }
  EventRef pick(std::uint64_t group, std::int64_t units, std::uint32_t line = 1,
                std::uint64_t author = 1, std::string_view at = "store") {
    return happens(group, domain::LinePicked{LineNo(line), pieces(units), bin("B-1")}, author, at);
  }
  EventRef shorted(std::uint64_t group, std::int64_t units, std::uint32_t line = 1,
                   std::uint64_t author = 1, std::string_view at = "store") {
    return happens(group,
                   domain::LineShorted{LineNo(line), pieces(units),
                                       domain::ShortReason::kShortPartial, bin("B-1")},
                   author, at);
  }
  EventRef pack(std::uint64_t group, std::int64_t units, std::uint32_t line = 1) {
    return happens(group, domain::PackageClosed{{{LineNo(line), pieces(units)}},
                                                510'000,
                                                500'000,
                                                domain::WeightCheck::kMatched,
                                                {},
                                                ""});
  }
  EventRef label(std::uint64_t group, const EventRef& package, std::uint64_t serial,
                 std::uint64_t author = 1) {
    return happens(group,
                   domain::LabelAssigned{package, sscc_of(serial), domain::tracking_number(serial)},
                   author);
  }
  EventRef ship(std::uint64_t group, std::int64_t units, std::uint32_t line = 1,
                std::uint64_t author = 1, std::string_view at = "store") {
    return happens(group, domain::ShipGroupShipped{{{LineNo(line), pieces(units)}}}, author, at);
  }
  EventRef hand_over(std::uint64_t group, std::int64_t units, std::uint32_t line = 1) {
    return happens(
        group,
        domain::HandedOver{{{LineNo(line), pieces(units)}}, domain::HandOverProof::kCode, {}, ""});
  }
  EventRef cancel(std::uint64_t group, std::int64_t units, std::uint32_t line = 1,
                  std::string_view at = "store") {
    return decides(group,
                   domain::GroupUnitsCancelled{LineNo(line), pieces(units),
                                               domain::CancelReason::kCustomer, "c"},
                   at);
  }
  /// Taken back at a site, whichever filled the group.
  EventRef comes_back(const domain::ReturnTaken& taken, std::uint64_t author = 1,
                      std::string_view at = "store") {
    return take(domain::ReturnEvent(taken), domain::return_ledger_key(taken.group, site(at)),
                author, at);
  }

 private:
  EventRef take(const domain::Event& event, const domain::Key& key, std::uint64_t author,
                std::string_view at) {
    take_uplink(node(author), Incarnation(1), site(at),
                {octets(event, key, site(at), at_ms(++ms_))});
    return {node(author), Incarnation(1),
            replica().log().author(node(author), Incarnation(1)).head};
  }

  std::uint64_t ms_ = 0;
};

/// So many pieces of one line of group `group` came back, at 1.99 a piece.
inline domain::ReturnTaken came_back(
    std::uint64_t id, std::uint64_t group, std::int64_t units, std::int64_t sold,
    domain::ReturnCondition condition = domain::ReturnCondition::kRestock, std::uint32_t line = 1) {
  domain::ReturnTaken taken;
  taken.id = ReturnId(uuid(id));
  taken.group = group_id(group);
  taken.order = order_id(group);
  taken.order_reference = "web-1";
  taken.lines = {{LineNo(line), sku("A1"), "Article A1", Quantity::pieces(units), pieces(sold),
                  pounds(199), pounds(199 * units), condition, bin("B-1")}};
  taken.refund = pounds(199 * units);
  return taken;
}

}  // namespace cairn::storage::test
