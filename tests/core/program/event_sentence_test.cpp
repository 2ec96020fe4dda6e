// An order's story in plain English.

#include "core/program/event_sentence.h"

#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::program::event_sentence_test {
namespace {

using namespace domain::test;
using domain::OrderEvent;
using domain::ReturnEvent;
using domain::ShipGroupEvent;

std::string said(const domain::Event& event) {
  const SentenceNames names{{{LineNo(1), "Pencil"}}, {{kLead, "Lea"}}};
  return event_sentence(event, site("york"), names);
}

TEST_CASE("sentences: what happens to an order", "[program][sentence]") {
  domain::OrderPlaced placed;
  placed.channel = "web";
  placed.lines = {{LineNo(1), sku("P"), "Pencil", Quantity::pieces(2), gbp(199), false},
                  {LineNo(2), sku("POST"), "Postage", Quantity::pieces(1), gbp(395), true}};
  CHECK(said(OrderEvent(placed)) == "Ordered in channel web: 2 units on 2 lines, to be shipped");
  placed.lines = {{LineNo(1), sku("P"), "Pencil", Quantity::pieces(1), gbp(199), false}};
  placed.method = domain::FulfilmentMethod::kPickup;
  placed.pickup_site = site("york");
  CHECK(said(OrderEvent(placed)) ==
        "Ordered in channel web: 1 unit on 1 line, to be picked up at york");
  CHECK(said(OrderEvent(
            domain::OrderUnitsCancelled{LineNo(1), 1000, domain::CancelReason::kCustomer, ""})) ==
        "1 of Pencil cancelled by the customer, before a site had it");
  CHECK(said(OrderEvent(domain::PickupConverted{LineNo(1), 2000})) ==
        "2 of Pencil will be shipped instead of picked up");
  CHECK(said(OrderEvent(domain::CancellationUnmatched{"c", sku("P"), 1000, ""})) ==
        "A cancellation of 1 came that no order matched");
  CHECK(said(OrderEvent(domain::OrderHeld{domain::HoldReason::kAddress, ""})) == "Held (ADDRESS)");
  CHECK(said(OrderEvent(domain::OrderHoldReleased{"called back"})) ==
        "Released from its hold: called back");
  CHECK(said(OrderEvent(domain::OrderRejected{"stolen card"})) ==
        "Rejected by head office: stolen card");
  CHECK(said(OrderEvent(
            domain::OrderUnitsCancelled{LineNo(1), 1000, domain::CancelReason::kAutoCancel, ""})) ==
        "1 of Pencil cancelled because it waited too long, before a site had it");
  CHECK(said(OrderEvent(domain::OrderParked{domain::ParkingQueue::kUnfillableHold, {}})) ==
        "It waits in UNFILLABLE_HOLD");
  CHECK(said(OrderEvent(domain::OrderParked{domain::ParkingQueue::kUnfillable,
                                            UtcTime{1'800'000'000'000'000}})) ==
        "It waits in UNFILLABLE_PARKING, until 2027-01-15T08:00:00.000Z");
  CHECK(said(OrderEvent(domain::OrderParked{})) == "Nothing of it waits any more");
}

TEST_CASE("sentences: what happens to a ship group", "[program][sentence]") {
  const EventRef ref{kNodeA, Incarnation(1), 1};
  const std::vector<domain::LineUnits> two{units(1, 2000)};
  using domain::PrintOutcome;
  const std::vector<std::pair<ShipGroupEvent, std::string>> all{
      {domain::ShipGroupAllocated{
           kGroup, kOrder, "", domain::FulfilmentMethod::kShip, {pieces(1, 2), pieces(2, 1)}},
       "Given to york: 3 units on 2 lines to ship"},
      {domain::TaskClaimed{"bench-1"}, "Picking began at station bench-1"},
      {domain::TaskReleased{ref}, "The pick task was given back"},
      {domain::LinePicked{LineNo(1), 2000, location("A-01")}, "2 of Pencil picked from A-01"},
      {domain::LinePicked{LineNo(9), 1000, {}}, "1 of line 9 picked"},
      {domain::PickUndone{ref, LineNo(1), 2000}, "2 of Pencil put back: the pick was a mistake"},
      {domain::LineShorted{LineNo(1), 1000, domain::ShortReason::kNotInStock, location("A-01")},
       "1 of Pencil could not be picked from A-01: not in stock"},
      {domain::PackageClosed{two, 1'050'000, 1'000'000, domain::WeightCheck::kMatched, {}, ""},
       "Packed 2 units, 1.05 kg"},
      {domain::PackageClosed{two, 900'000, 1'000'000, domain::WeightCheck::kOverridden, kLead,
                             "wet carton"},
       "Packed 2 units, 900 g; the weight differs, Lea let it pass: wet carton"},
      {domain::LabelAssigned{ref, sscc_of(1), "CN1"}, "The package has the label CN1"},
      {domain::LabelPrintStarted{ref, "zebra"}, "A label went to printer zebra"},
      {domain::LabelPrintEnded{ref, PrintOutcome::kDone, ""}, "The label was printed"},
      {domain::LabelPrintEnded{ref, PrintOutcome::kFailed, "no paper"},
       "The label was not printed: no paper"},
      {domain::LabelPrintEnded{ref, PrintOutcome::kUnknown, ""},
       "Nobody knows whether the label was printed"},
      {domain::LabelChecked{ref, true}, "Somebody looked: the label was printed"},
      {domain::LabelChecked{ref, false}, "Somebody looked: the label was not printed"},
      {domain::ShipGroupShipped{two}, "2 units shipped from york"},
      {domain::PickupCodeMinted{}, "The customer was sent a pickup code"},
      {domain::PickupCodeRefused{}, "Somebody gave a wrong pickup code"},
      {domain::HandedOver{two, domain::HandOverProof::kCode, {}, ""},
       "2 units handed over for the pickup code"},
      {domain::HandedOver{two, domain::HandOverProof::kApproved, kPicker, "knows her"},
       "2 units handed over without the code, somebody let it pass: knows her"},
      {domain::HandOverUndone{ref}, "The hand-over was a mistake and was taken back"},
      {domain::GroupUnitsCancelled{LineNo(1), 1000, domain::CancelReason::kHeadOffice, ""},
       "1 of Pencil cancelled by head office"},
      {domain::PutBackDone{ref, LineNo(1), 1000, location("A-01")},
       "1 of Pencil put back into A-01"},
      {domain::UnitsReturned{LineNo(1), 1000, ref}, "1 of Pencil counted as returned"},
  };
  for (const auto& [event, sentence] : all) CHECK(said(event) == sentence);
}

TEST_CASE("sentences: what comes back, and what belongs to no order", "[program][sentence]") {
  domain::ReturnTaken taken;
  taken.lines = {{LineNo(1), sku("P"), "Pencil", Quantity::pieces(2), 2000, gbp(199), gbp(398),
                  domain::ReturnCondition::kQcHold, location("HOLD-QC")}};
  taken.refund = gbp(398);
  const std::string plain = "Came back at york: 2 of Pencil (qc hold); refund " + gbp(398).text();
  CHECK(said(ReturnEvent(taken)) == plain);
  taken.approved_by = kLead;
  CHECK(said(ReturnEvent(taken)) == plain + ", Lea agreed");
  CHECK(said(ReturnEvent(domain::RefundContested{{}, LineNo(1), 1000})) ==
        "The refund for 1 of Pencil is contested: it was refunded or cancelled before");
  CHECK(said(domain::StockEvent(domain::StockMoved{})) == "StockMoved");
}

}  // namespace
}  // namespace cairn::program::event_sentence_test
