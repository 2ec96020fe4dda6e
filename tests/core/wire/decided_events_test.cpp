// What a command may write, every decoder must be able to read (decision 0006): else the author's
// own event parks its aggregate at everybody else, and at home after the next start.

#include "core/domain/fulfilment/ship_group_decide.h"
#include "core/domain/returns/return_ledger.h"
#include "core/wire/event_codec.h"
#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::wire::decided_events_test {
namespace {

using namespace domain::test;
using domain::DecideContext;

/// True if the command is refused, or writes what can be read.
bool sound(const Story& story, const domain::ShipGroupCommand& command) {
  const auto events =
      domain::decide(story.group(), command, DecideContext{kNodeA, kPicker, story.now()});
  if (!events) return true;
  for (const domain::ShipGroupEvent& event : *events) {
    const domain::Event written{event};
    if (decode_event(type_of(written), 1, encode_payload(written)) != written) return false;
  }
  return true;
}

Story packed() {
  return Story().allocated({pieces(1, 2)}).picked(kNodeA, 1, 2000).packed(kNodeA, {units(1, 2000)});
}

TEST_CASE("decided events: the commands of a day can be read", "[wire][codec]") {
  const Story fresh = Story().allocated({weighing(pieces(1, 2), 400'000)});
  CHECK(sound(fresh, domain::ClaimTask{std::string(40, 's')}));
  const Story claimed = Story(fresh).claimed(kNodeA, "S1");
  CHECK(sound(claimed, domain::ConfirmPick{"S1", LineNo(1), 1000, {}}));
  CHECK(sound(claimed,
              domain::ReportShort{"S1", LineNo(1), 1000, domain::ShortReason::kStoreBusy, {}}));
  CHECK(sound(claimed, domain::CancelGroupUnits{LineNo(1), 1000, domain::CancelReason::kCustomer,
                                                std::string(64, 'c')}));
  const Story picked = Story(claimed).picked(kNodeA, 1, 2000);
  CHECK(sound(picked, domain::UndoPick{"S1", picked.last()}));
  const domain::Approval approval{kLead, std::string(200, 'r')};
  CHECK(sound(picked, domain::ClosePackage{{units(1, 2000)}, 1, approval}));
  const Story closed = packed();
  CHECK(sound(closed, domain::AssignLabel{closed.last(), sscc_of(1), "1Z"}));
  const Story ready =
      Story().allocated({pieces(1, 1)}, domain::FulfilmentMethod::kPickup).picked(kNodeA, 1, 1000);
  CHECK(sound(ready, domain::MintPickupCode{Bytes(16, 's'), Bytes(16, 'h')}));
  CHECK(sound(ready, domain::GiveToCustomer{approval}));
}

TEST_CASE("decided events: numbers that are none are not assigned", "[wire][codec]") {
  const Story closed = packed();
  CHECK(sound(closed, domain::AssignLabel{closed.last(), "123", "CN1"}));
  CHECK(sound(closed, domain::AssignLabel{closed.last(), sscc_of(1), ""}));
}

TEST_CASE("decided events: a code without salt or hash is not minted", "[wire][codec]") {
  const Story pickup = Story().allocated({pieces(1, 1)}, domain::FulfilmentMethod::kPickup);
  CHECK(sound(pickup, domain::MintPickupCode{Bytes(16, 's'), Bytes(15, 'h')}));
}

TEST_CASE("decided events: goods are not taken back into nowhere", "[wire][codec]") {
  domain::TakeReturn command;
  command.sold = {{LineNo(1), sku("SKU-1"), "Article 1", Quantity::pieces(1), gbp(199)}};
  command.units = {{LineNo(1), 1000, domain::ReturnCondition::kRestock, LocationCode{}}};
  command.limit = gbp(1000);
  CHECK_FALSE(domain::decide(domain::ReturnLedger{}, command, kPicker));
}

}  // namespace
}  // namespace cairn::wire::decided_events_test
