#include "tests/core/wire/support/samples.h"

#include "core/crypto/hash.h"
#include "core/wire/event_codec.h"
#include "tests/core/base/support/names.h"

#include <algorithm>
#include <stdexcept>

namespace cairn::wire::test {
namespace {

using cairn::test::gbp;
using cairn::test::gtin;
using cairn::test::location;
using cairn::test::node;
using cairn::test::order_id;
using cairn::test::ship_group_id;
using cairn::test::site;
using cairn::test::sku;
using cairn::test::user;
using cairn::test::utc;
using cairn::test::uuid;

const Incarnation kInc(0x0123'4567'89ab'cdef);

domain::LabelBlockGranted label_block() {
  return {node(0xA), kInc, domain::Gs1Prefix::parse("9521234").value(), {20'000, 10'000}};
}

std::vector<Sample> reference_samples() {
  domain::Product product{sku("PENCIL-HB"),
                          "Pencil \xc2\xb7 HB",
                          {gtin("4006381333931"), gtin("96385074")},
                          Uom::kMetre,
                          7'500,
                          gbp(199),
                          false};
  domain::Facility facility{site("warehouse-2"),
                            "Warehouse 2",
                            domain::FacilityKind::kWarehouse,
                            {51'507'222, -127'500},
                            false};
  domain::Location bin{location("A-01-03"), domain::LocationType::kQc, 4'000'000'000};
  domain::StaffMember member{user(0x51), "ana", domain::Role::kAdmin,
                             "$argon2id$v=19$m=8192,t=3,p=1$c2FsdA$aGFzaA", false};
  domain::Node agent{node(0xA), site("store-1"), "Till 3", false};
  return {
      {"ProductDefined", domain::ReferenceEvent(domain::ProductDefined{product}),
       domain::product_key(product.sku)},
      {"FacilityDefined", domain::ReferenceEvent(domain::FacilityDefined{facility}),
       domain::facility_key(facility.site)},
      {"LocationDefined", domain::ReferenceEvent(domain::LocationDefined{bin}),
       domain::location_key(site("store-1"), bin.code)},
      {"StaffAssigned", domain::ReferenceEvent(domain::StaffAssigned{member}),
       domain::staff_key(site("store-1"), member.user)},
      {"NodeRegistered", domain::ReferenceEvent(domain::NodeRegistered{agent}),
       domain::node_key(agent.id)},
      {"LabelBlockGranted", domain::ReferenceEvent(label_block()), domain::node_key(agent.id)},
  };
}

std::vector<Sample> stock_samples() {
  domain::StockMoved moved{sku("PENCIL-HB"),
                           location("A-01-03"),
                           location("TOTE-000000000060"),
                           {2'500, Uom::kKilogram},
                           domain::MovementReason::kReceipt,
                           ship_group_id(0x60)};
  domain::StockCounted counted{
      sku("PENCIL-HB"), location("A-01-03"), {1'500, Uom::kLitre}, domain::CountSource::kRecount};
  return {
      {"StockMoved", domain::StockEvent(moved), {}},
      {"StockCounted", domain::StockEvent(counted), {}},
  };
}

std::vector<Sample> order_samples() {
  domain::OrderPlaced placed{order_id(0x70),
                             "web",
                             "WEB-1001",
                             utc("2026-11-24T08:00:00.5Z"),
                             "customer-17",
                             {-33'865'000, 151'209'444},
                             {},
                             domain::FulfilmentMethod::kShip,
                             {}};
  placed.lines.push_back(
      {LineNo(1), sku("PENCIL-HB"), "Pencil", {2'000, Uom::kPiece}, gbp(199), false});
  placed.lines.push_back({LineNo(4'000'000'000),
                          sku("POST"),
                          "Postage",
                          {250, Uom::kLitre},
                          gbp(3'000'000'000),
                          true});
  domain::OrderUnitsCancelled cancelled{LineNo(1), 1'000, domain::CancelReason::kHeadOffice,
                                        "web/c-9"};
  return {
      {"OrderPlaced", domain::OrderEvent(placed), domain::order_key(placed.order)},
      {"OrderUnitsCancelled", domain::OrderEvent(cancelled), domain::order_key(order_id(0x70))},
      {"PickupConverted", domain::OrderEvent(domain::PickupConverted{LineNo(1), 1'000}),
       domain::order_key(order_id(0x70))},
      {"CancellationUnmatched",
       domain::OrderEvent(
           domain::CancellationUnmatched{"customer-7", sku("PENCIL-HB"), 1'000, "web/c-10"}),
       domain::order_key(order_id(0x71))},
      {"OrderParked",
       domain::OrderEvent(
           domain::OrderParked{domain::ParkingQueue::kUnfillable, utc("2026-12-01T08:00:00.5Z")}),
       domain::order_key(order_id(0x70))},
      {"OrderHeld", domain::OrderEvent(domain::OrderHeld{domain::HoldReason::kFraud, "card"}),
       domain::order_key(order_id(0x70))},
      {"OrderHoldReleased", domain::OrderEvent(domain::OrderHoldReleased{"called back"}),
       domain::order_key(order_id(0x70))},
      {"OrderRejected", domain::OrderEvent(domain::OrderRejected{"stolen card"}),
       domain::order_key(order_id(0x70))},
      {"CouponsGivenBack", domain::OrderEvent(domain::CouponsGivenBack{}),
       domain::order_key(order_id(0x70))},
      {"OrderLineAdded",
       domain::OrderEvent(domain::OrderLineAdded{
           {LineNo(7), sku("PENCIL-HB"), "Pencil", {3'000, Uom::kPiece}, gbp(199), false, 5, 0, 40},
           LineNo(1),
           "called"}),
       domain::order_key(order_id(0x70))},
      {"OrderDeliveryChanged",
       domain::OrderEvent(domain::OrderDeliveryChanged{
           {domain::FulfilmentMethod::kShip, {}, {-33'865'000, 151'209'444}},
           {domain::FulfilmentMethod::kPickup, site("york"), {-33'865'000, 151'209'444}},
           "called"}),
       domain::order_key(order_id(0x70))},
  };
}

std::vector<Sample> promotion_samples() {
  domain::Promotion promotion;
  promotion.name = "Cups and saucers";
  promotion.title = "Two cups, a saucer at half price";
  promotion.kind = domain::PromotionKind::kBuyXGetY;
  promotion.basis_points = 5'000;
  promotion.buy_units = 2;
  promotion.get_units = 1;
  promotion.skus = {sku("CUP"), sku("MUG")};
  promotion.get_skus = {sku("SAUCER")};
  promotion.channels = {"phone", "web"};
  promotion.from = utc("2026-11-27T00:00:00Z");
  promotion.until = utc("2026-11-30T00:00:00Z");
  promotion.minimum = gbp(1'999);
  promotion.priority = 7;
  promotion.exclusive = true;
  promotion.active = false;
  promotion.coupons = {{"FRIDAY", 1'000, 1}, {"MONDAY", 0, 0}};
  return {{"PromotionDefined", domain::PromotionEvent(domain::PromotionDefined{promotion}),
           domain::promotion_key(promotion.name)}};
}

std::vector<Sample> routing_samples() {
  const domain::RoutingRulesDefined defined{"every morning", 3, false, R"({"routings":[]})"};
  return {
      {"RoutingRulesDefined", domain::RoutingEvent(defined), domain::rule_set_key(defined.name)}};
}

std::vector<Sample> promise_samples() {
  domain::SafetyStockRule rule;
  rule.name = "Pencils in York";
  rule.site = site("york");
  rule.sku = sku("PENCIL-HB");
  rule.site_kind = domain::FacilityKind::kStore;
  rule.milli = 4'000;
  rule.expires_at = utc("2026-12-24T00:00:00Z");
  rule.active = false;
  domain::SellingChannel channel;
  channel.name = "web";
  channel.other_sites = domain::ChannelSiteMode::kPickupOnly;
  channel.sites = {{site("leeds"), domain::ChannelSiteMode::kExcluded},
                   {site("york"), domain::ChannelSiteMode::kOnline}};
  channel.threshold_milli = 10'000;
  channel.freshness = {900, 40};
  channel.sells_ahead = true;
  channel.active = false;
  const domain::ExpectedSupply supply{
      "PO-17/3",    domain::SupplySource::kDispatchNotice, sku("PENCIL-HB"),
      site("york"), utc("2026-12-01T06:00:00Z"),           144'000};
  const ReservationId basket(uuid(0x80));
  const domain::StockReserved reserved{
      basket, "web", sku("PENCIL-HB"), 2'000, site("york"), utc("2026-11-24T08:15:00Z"), "cart-9"};
  return {
      {"SafetyStockRuleDefined", domain::PromiseEvent(domain::SafetyStockRuleDefined{rule}),
       domain::safety_stock_key(rule.name)},
      {"SellingChannelDefined", domain::PromiseEvent(domain::SellingChannelDefined{channel}),
       domain::channel_key(channel.name)},
      {"StockReserved", domain::PromiseEvent(reserved), domain::reservation_key(basket)},
      {"ReservationEnded",
       domain::PromiseEvent(domain::ReservationEnded{domain::ReservationEnd::kOrdered}),
       domain::reservation_key(basket)},
      {"SupplyExpected", domain::PromiseEvent(domain::SupplyExpected{supply}),
       domain::supply_key(supply.reference)},
  };
}

std::vector<Sample> lease_samples() {
  const StockLeaseId lease(uuid(0x90));
  const domain::StockLeased leased{
      lease, node(0xA), kInc, sku("PENCIL-HB"), 5'000, utc("2026-11-25T20:00:00Z"), 3'600};
  const domain::LeasePolicy policy{
      "pencils", {sku("PENCIL-2B"), sku("PENCIL-HB")}, domain::BeyondLease::kRefuse, false};
  const domain::Key key = domain::stock_lease_key(lease);
  return {
      {"StockLeased", domain::LeaseEvent(leased), key},
      {"LeaseRecalled", domain::LeaseEvent(domain::LeaseRecalled{}), key},
      {"LeaseReturned", domain::LeaseEvent(domain::LeaseReturned{2'000}), key},
      {"LeaseClosed", domain::LeaseEvent(domain::LeaseClosed{domain::LeaseClose::kWrittenOff}),
       key},
      {"LeasePolicyDefined", domain::LeaseEvent(domain::LeasePolicyDefined{policy}),
       domain::lease_policy_key(policy.name)},
  };
}

std::vector<Sample> ship_group_samples() {
  domain::ShipGroupLine line{
      LineNo(1), sku("PENCIL-HB"),    "Pencil", {gtin("4006381333931"), gtin("96385074")}, 7'500,
      gbp(199),  {2'000, Uom::kPiece}};
  domain::ShipGroupLine weighed{LineNo(3), sku("TEA"), "Tea", {}, 1, gbp(5), {250, Uom::kKilogram}};
  const domain::ShipGroupAllocated allocated{ship_group_id(0x60),
                                             order_id(0x70),
                                             "WEB-1001",
                                             domain::FulfilmentMethod::kPickup,
                                             {line, weighed}};
  const domain::Key key = domain::ship_group_key(ship_group_id(0x60));
  return {
      {"ShipGroupAllocated", domain::ShipGroupEvent(allocated), key},
      {"TaskClaimed", domain::ShipGroupEvent(domain::TaskClaimed{"Packing \xe2\x82\xac"}), key},
      {"TaskReleased", domain::ShipGroupEvent(domain::TaskReleased{{node(0xA), kInc, 41}}), key},
      {"LinePicked",
       domain::ShipGroupEvent(domain::LinePicked{LineNo(1), 2'000, location("A-01-03")}), key},
      {"ShipGroupShipped",
       domain::ShipGroupEvent(domain::ShipGroupShipped{{{LineNo(1), 2'000}, {LineNo(3), 250}}}),
       key},
      {"LineShorted",
       domain::ShipGroupEvent(
           domain::LineShorted{LineNo(3), 250, domain::ShortReason::kDamaged, location("A-01-03")}),
       key},
      {"GroupUnitsCancelled",
       domain::ShipGroupEvent(domain::GroupUnitsCancelled{
           LineNo(1), 1'000, domain::CancelReason::kHeadOffice, "web/c-9"}),
       key},
      {"PutBackDone",
       domain::ShipGroupEvent(
           domain::PutBackDone{{node(0xB), kInc, 7}, LineNo(1), 1'000, location("A-01-03")}),
       key},
      {"UnitsReturned",
       domain::ShipGroupEvent(domain::UnitsReturned{LineNo(1), 1'000, {node(0xB), kInc, 90}}), key},
      {"PickUndone",
       domain::ShipGroupEvent(domain::PickUndone{{node(0xA), kInc, 43}, LineNo(1), 2'000}), key},
  };
}

std::vector<Sample> packing_samples() {
  const domain::Key key = domain::ship_group_key(ship_group_id(0x60));
  const EventRef package{node(0xA), kInc, 50};
  const EventRef start{node(0xA), kInc, 52};
  domain::PackageClosed closed{{{LineNo(1), 2'000}, {LineNo(3), 250}}, 1'050'000,  1'000'000,
                               domain::WeightCheck::kOverridden,       user(0x52), "wet carton"};
  return {
      {"PackageClosed", domain::ShipGroupEvent(closed), key},
      {"LabelAssigned",
       domain::ShipGroupEvent(
           domain::LabelAssigned{package, "095212340000200000", "CN000200007GB"}),
       key},
      {"LabelPrintStarted",
       domain::ShipGroupEvent(domain::LabelPrintStarted{package, "label-printer", start}), key},
      {"LabelPrintEnded",
       domain::ShipGroupEvent(
           domain::LabelPrintEnded{start, domain::PrintOutcome::kFailed, "no paper"}),
       key},
      {"LabelChecked", domain::ShipGroupEvent(domain::LabelChecked{package, true, start}), key},
  };
}

std::vector<Sample> pickup_samples() {
  const domain::Key key = domain::ship_group_key(ship_group_id(0x60));
  const domain::PickupCodeMinted minted{Bytes("\0salt of 16 octs", 16),
                                        Bytes("hash of 16 octs\xff", 16)};
  const domain::HandedOver handed{{{LineNo(1), 2'000}, {LineNo(3), 250}},
                                  domain::HandOverProof::kApproved,
                                  user(0x52),
                                  "passport shown"};
  return {
      {"PickupCodeMinted", domain::ShipGroupEvent(minted), key},
      {"PickupCodeRefused", domain::ShipGroupEvent(domain::PickupCodeRefused{}), key},
      {"HandedOver", domain::ShipGroupEvent(handed), key},
      {"HandOverUndone", domain::ShipGroupEvent(domain::HandOverUndone{{node(0xA), kInc, 60}}),
       key},
  };
}

std::vector<Sample> return_samples() {
  const domain::Key key = domain::return_ledger_key(ship_group_id(0x60), site("store-1"));
  domain::ReturnTaken taken{
      ReturnId(uuid(0x80)), ship_group_id(0x60), order_id(0x70), "WEB-1001", {}, gbp(451),
      user(0x52),           "too small"};
  taken.lines.push_back({LineNo(1),
                         sku("PENCIL-HB"),
                         "Pencil",
                         {2'000, Uom::kPiece},
                         3'000,
                         gbp(199),
                         gbp(398),
                         domain::ReturnCondition::kRestock,
                         location("A-01-03")});
  taken.lines.push_back({LineNo(3),
                         sku("TEA"),
                         "Tea",
                         {250, Uom::kKilogram},
                         500,
                         gbp(212),
                         gbp(53),
                         domain::ReturnCondition::kQcHold,
                         domain::hold_qc()});
  const domain::RefundContested contested{{node(0xB), kInc, 90}, LineNo(1), 1'000};
  return {
      {"ReturnTaken", domain::ReturnEvent(taken), key},
      {"RefundContested", domain::ReturnEvent(contested), key},
  };
}

std::vector<Sample> device_samples() {
  const domain::Key key = domain::node_key(node(0xA));
  const domain::CommandId id(uuid(0x90));
  domain::NodeCommand command{id,
                              domain::CommandVerb::kPrintTestLabel,
                              "printer-1",
                              utc("2026-11-24T08:00:00.5Z"),
                              utc("2026-11-25T08:00:00.5Z"),
                              7,
                              true};
  return {
      {"NodeCommandIssued", domain::DeviceEvent(domain::NodeCommandIssued{command}), key},
      {"NodeCommandEnded",
       domain::DeviceEvent(domain::NodeCommandEnded{id, domain::CommandOutcome::kSuperseded,
                                                    "another version \xe2\x82\xac"}),
       key},
      {"NodeConfigDesired",
       domain::DeviceEvent(domain::NodeConfigDesired{8, R"({"log_level":"debug"})"}), key},
      {"NodeConfigReported",
       domain::DeviceEvent(domain::NodeConfigReported{8, domain::ConfigOutcome::kReverted,
                                                      "no such driver", 7,
                                                      Bytes("hash of 16 octs\xff", 16)}),
       key},
  };
}

std::vector<Sample> payment_samples() {
  const PaymentId id(uuid(0x95));
  const domain::Key key = domain::payment_key(id);
  const domain::PaymentOpened opened{id,         order_id(0x70),    domain::Tender::kGiftCard,
                                     gbp(4'998), uuid(0x96).text(), false};
  const domain::PaymentAsked asked{
      2,    domain::PaymentAction::kCapture, gbp(1'999), ship_group_id(0x60),
      true, "came back \xe2\x82\xac",        "auth-1",   "capture-1",
      5};
  const domain::PaymentAnswered answered{2, domain::PaymentOutcome::kDone, "ch_77", "insufficient",
                                         utc("2026-12-01T08:00:00.5Z")};
  return {
      {"PaymentOpened", domain::PaymentEvent(opened), key},
      {"PaymentAsked", domain::PaymentEvent(asked), key},
      {"PaymentAnswered", domain::PaymentEvent(answered), key},
      {"AuthorizationExpired", domain::PaymentEvent(domain::AuthorizationExpired{}), key},
  };
}

std::vector<Sample> stored_value_samples() {
  const StoredValueId id(uuid(0x96));
  const PaymentId payment(uuid(0x95));
  const domain::Key key = domain::stored_value_key(id);
  const domain::StoredValueOpened opened{id, domain::StoredValueKind::kStoreCredit, gbp(0).currency,
                                         "customer-17", "4f2a"};
  const domain::StoredValueCredited credited{gbp(5'000), domain::CreditReason::kRelease, payment,
                                             3};
  return {
      {"StoredValueOpened", domain::StoredValueEvent(opened), key},
      {"StoredValueCredited", domain::StoredValueEvent(credited), key},
      {"StoredValueDebited",
       domain::StoredValueEvent(domain::StoredValueDebited{gbp(1), payment, 1}), key},
      {"EscrowGranted",
       domain::StoredValueEvent(domain::EscrowGranted{1, site("store-1"), gbp(2'000)}), key},
      {"EscrowClosed", domain::StoredValueEvent(domain::EscrowClosed{1, gbp(1'500)}), key},
  };
}

}  // namespace

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = [] {
    std::vector<Sample> every;
    for (auto family : {reference_samples(), stock_samples(), order_samples(), ship_group_samples(),
                        packing_samples(), pickup_samples(), return_samples(), payment_samples(),
                        stored_value_samples(), device_samples(), promise_samples(),
                        routing_samples(), lease_samples(), promotion_samples()}) {
      std::ranges::move(family, std::back_inserter(every));
    }
    return every;
  }();
  return all;
}

const Sample& sample(const std::string& name) {
  const auto found = std::ranges::find(samples(), name, &Sample::name);
  if (found == samples().end()) throw std::out_of_range(name);
  return *found;
}

Record record_of(const Sample& sample) {
  Record record;
  record.hlc = Hlc{(std::uint64_t{1'795'507'200'123} << 16U) | 7U};
  record.type = type_of(sample.event);
  record.sv = 1;
  record.actor = user(0x51);
  record.site = site("store-1");
  record.key = sample.key.bytes();
  record.causes = {{node(0xF0), Incarnation(0xfedc'ba98'7654'3210), 300}, {node(0xB), kInc, 1}};
  record.own_causes = {1, 300};
  record.biz_key = Bytes("\x00\xff key", 6);
  record.payload = encode_payload(sample.event);
  return record;
}

Frame sample_frame() {
  Frame frame;
  frame.header.node = node(0xA);
  frame.header.inc = kInc;
  frame.header.base_seq = 1;
  frame.header.count = 3;
  frame.header.chain_before = crypto::chain_start(node(0xA), kInc);
  frame.header.chain_after = frame.header.chain_before;
  for (const auto* const name : {"TaskClaimed", "LinePicked", "StockMoved"}) {
    frame.records.push_back(encode_record(record_of(sample(name))).value());
    frame.header.chain_after = crypto::chain_next(frame.header.chain_after, frame.records.back());
  }
  return frame;
}

FeedFrame sample_feed_frame() {
  FeedFrame frame;
  frame.feed = "site:store-1";
  frame.hub_node = node(0xF0);
  frame.hub_gen = HubGeneration(0xfedc'ba98'7654'3210);
  frame.base_fseq = 1'000;
  frame.items = {
      HubItem{300, encode_record(record_of(sample("ShipGroupAllocated"))).value()},
      AuthorItem{{node(0xA), kInc, 1}, encode_record(record_of(sample("TaskClaimed"))).value()},
      AuthorRun{{node(0xA), kInc, 2}, 3},
  };
  return frame;
}

}  // namespace cairn::wire::test
