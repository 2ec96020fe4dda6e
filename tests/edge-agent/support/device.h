#pragma once
// A device of a site on a database file of its own, and the hub it hears from: enough to try the
// workflows out without a network, a screen or a wall clock.

#include "core/base/barcode.h"
#include "core/crypto/pickup_code.h"
#include "core/domain/label/label_numbers.h"
#include "core/wire/feed_name.h"
#include "edge-agent/workflows/operator.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::agent::test {

using storage::UnitOfWork;
using storage::test::bin;
using storage::test::group_id;
using storage::test::gtin;
using storage::test::node;
using storage::test::order_id;
using storage::test::pieces;
using storage::test::pounds;
using storage::test::site;
using storage::test::sku;
using storage::test::user;
using storage::test::Wanted;

inline const Operator kBench1{user(1), "bench-1"};
inline const Operator kBench2{user(2), "bench-2"};
inline const UserId kLead = user(3);

/// Where the database lives; made before it and removed after it.
struct Folder {
  storage::test::TempFolder folder;
};

/// Device 1 of site "store". The catalogue has A1 to A4 with GTINs 1 to 4; a piece of any costs
/// 1.99 and weighs 250 g, but nobody knows the weight of an A4. Ten A1 are in bin B-1.
struct Device : private Folder, storage::test::Store {
  Device()
      : Store(storage::test::site_identity(node(1), site("store")), folder.file("agent.sqlite")) {
    for (std::uint64_t i = 1; i <= 4; ++i) {
      define(storage::test::product("A" + std::to_string(i), i));
    }
    hub.append(domain::StockEvent(storage::test::counted("A1", "B-1", pieces(10))), {},
               site("store"));
    hear();
  }

  Store hub{storage::test::hub_identity(node(77))};
  /// Of the database, for a connection that sees only what is committed.
  [[nodiscard]] std::string path() const { return folder.file("agent.sqlite"); }

  // ---- what head office does ----

  void define(const domain::Product& product) {
    hub.append(domain::ReferenceEvent(domain::ProductDefined{product}),
               domain::product_key(product.sku), {});
  }
  /// Gives the site a group of the order of the same number.
  void allocate(std::uint64_t group, const std::vector<Wanted>& lines,
                domain::FulfilmentMethod method = domain::FulfilmentMethod::kShip,
                std::string_view at = "store") {
    auto event = storage::test::allocated(group_id(group), order_id(group), lines);
    event.order_reference = "order-" + std::to_string(group);
    event.method = method;
    for (auto& line : event.lines) {
      line.gtins = {gtin(static_cast<std::uint64_t>(line.sku.text().back() - '0'))};
      line.unit_weight_mg = line.sku == sku("A4") ? 0 : 250'000;
    }
    clock.advance(std::chrono::milliseconds(1));
    hub.clock.advance(std::chrono::milliseconds(1));
    decide(group, event, at);
    hear();
  }
  void decide(std::uint64_t group, const domain::ShipGroupEvent& event,
              std::string_view at = "store") {
    hub.append(event, domain::ship_group_key(group_id(group)), site(at));
  }
  void cancel(std::uint64_t group, std::uint32_t line, std::int64_t units) {
    decide(group, domain::GroupUnitsCancelled{LineNo(line), pieces(units),
                                              domain::CancelReason::kCustomer, "c"});
    hear();
  }
  /// The customer of the order is sent this code.
  void mint(std::uint64_t group, std::string_view code) {
    sim::SimRandom random(group);
    const auto [salt, hash] = crypto::hash_pickup_code(code, random);
    decide(group, domain::PickupCodeMinted{salt, hash});
    hear();
  }
  /// `count` serials for labels, from `first` on.
  void grant(std::uint64_t first, std::uint64_t count, std::uint64_t inc = 1) {
    const domain::LabelBlockGranted block{
        node(1), Incarnation(inc), *domain::Gs1Prefix::parse("9521234"), {first, count}};
    hub.append(domain::ReferenceEvent(block), domain::node_key(node(1)), site("store"));
    hear();
  }
  /// Sends the hub what is new here, and hears that it came.
  void tell() {
    std::vector<Bytes> records;
    const std::uint64_t held = hub.replica().log().author(node(1), Incarnation(1)).head;
    for (std::uint64_t seq = held + 1; seq <= written(); ++seq) {
      records.push_back(replica().log().read({node(1), Incarnation(1), seq})->record);
    }
    hub.take_uplink(node(1), Incarnation(1), site("store"), records);
    hear();
  }
  /// Something that another device of the site did.
  void elsewhere(std::uint64_t group, const domain::ShipGroupEvent& event) {
    hub.take_uplink(node(2), Incarnation(1), site("store"),
                    {storage::test::octets(event, domain::ship_group_key(group_id(group)),
                                           site("store"), storage::test::at_ms(++others_ms_))});
    hear();
  }
  /// Takes what the hub has written.
  void hear() {
    for (const std::string& feed :
         {std::string("cat"), wire::site_feed(site("store")), wire::node_feed(node(1))}) {
      const auto frame = hub.frame_of(feed, replica().log().feed(feed).head);
      if (frame.items.empty()) continue;
      const auto applied = take_feed(frame);
      REQUIRE(applied);
      REQUIRE(applied->end == storage::Replica::Applied::End::kAll);
    }
  }

  // ---- what the people at the site have done already ----

  std::vector<EventRef> perform(std::uint64_t group, const domain::ShipGroupCommand& command,
                                const Operator& by = kBench1) {
    const auto done =
        job([&](UnitOfWork& work) { return work.perform(group_id(group), command, by.user); });
    REQUIRE(done);
    return *done;
  }
  /// Units of a line are in the tote; whoever had to claim the task has done so.
  void picked(std::uint64_t group, std::uint32_t line, std::int64_t units,
              const Operator& by = kBench1) {
    perform(group, domain::ClaimTask{by.station}, by);
    perform(group, domain::ConfirmPick{by.station, LineNo(line), pieces(units), bin("B-1")}, by);
  }
  /// A package of one line, as heavy as it should be.
  EventRef packed(std::uint64_t group, std::uint32_t line, std::int64_t units) {
    return perform(group,
                   domain::ClosePackage{{{LineNo(line), pieces(units)}}, units * 250'000, {}})
        .front();
  }
  /// The package has its label.
  void labelled(std::uint64_t group, const EventRef& package, std::uint64_t serial) {
    perform(group, domain::AssignLabel{package, sscc(serial), domain::tracking_number(serial)});
    const EventRef start = perform(group, domain::StartLabelPrint{package, "zebra"}).front();
    perform(group, domain::EndLabelPrint{start, domain::PrintOutcome::kDone, ""});
  }
  /// Group of one line is picked, packed, labelled and out of the door.
  void sold(std::uint64_t group, std::int64_t units, std::uint64_t serial) {
    picked(group, 1, units);
    labelled(group, packed(group, 1, units), serial);
    perform(group, domain::ShipGroupOut{});
  }

  static std::string sscc(std::uint64_t serial) {
    return domain::sscc(*domain::Gs1Prefix::parse("9521234"), serial);
  }

  // ---- what there is ----

  const domain::ShipGroup& group(std::uint64_t number) {
    return replica().ship_group(group_id(number));
  }
  std::string status(std::uint64_t number) { return std::string(name_of(group(number).status())); }
  std::uint64_t written() { return replica().log().author(node(1), Incarnation(1)).head; }
  std::int64_t on_hand(std::string_view article, std::string_view location) {
    for (const auto& cell : storage::stock_cells(connection(), site("store"), {})) {
      if (cell.sku == sku(article) && cell.location == bin(location)) return cell.on_hand.milli;
    }
    return 0;
  }
  std::int64_t in_tote(std::string_view article, std::uint64_t group) {
    return on_hand(article, domain::tote_of(group_id(group)).text());
  }
  /// Everything that a job may change.
  std::string state() {
    return std::to_string(written()) + "\n" + storage::test::dump_projections(connection()) +
           rows("SELECT station, mode FROM station_mode ORDER BY station", 2) +
           rows("SELECT inc, seq FROM waiting_label ORDER BY inc, seq", 2) +
           rows("SELECT station, hex(group_id), condition FROM return_draft ORDER BY station", 3) +
           rows(
               "SELECT station, line, condition, milli FROM return_draft_unit"
               " ORDER BY station, line, condition",
               4) +
           rows(
               "SELECT station, position, line, condition FROM return_draft_scan"
               " ORDER BY station, position",
               4);
  }

  /// Runs the work as a job, which must be good, and returns what it says.
  template <class Work>
  auto done(Work work) {
    auto outcome = job(work);
    REQUIRE(outcome);
    return *std::move(outcome);
  }
  /// Runs the work as a job, which must be refused and change nothing.
  template <class Work>
  std::string refused(ErrorCode code, std::string_view reason, Work work) {
    const std::string before = state();
    const auto outcome = job(work);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == code);
    CHECK(outcome.error().reason == reason);
    CHECK_FALSE(outcome.error().message.empty());
    CHECK(state() == before);
    return outcome.error().message;
  }

 private:
  std::uint64_t others_ms_ = 0;
};

/// The label of article A<number>, as a scanner reads it.
inline Barcode label_of(std::uint64_t number) { return {"E0", gtin(number).text().substr(1)}; }

}  // namespace cairn::agent::test
