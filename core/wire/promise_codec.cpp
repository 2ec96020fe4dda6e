#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include "promise_events.pb.h"

namespace cairn::wire {
namespace {

Bytes encode(const domain::SafetyStockRuleDefined& event) {
  const domain::SafetyStockRule& rule = event.rule;
  v1::SafetyStockRuleDefined proto;
  proto.set_name(rule.name);
  if (rule.site) proto.set_site(rule.site->text());
  if (rule.sku) proto.set_sku(rule.sku->text());
  if (rule.site_kind) proto.set_site_kind(static_cast<std::uint32_t>(*rule.site_kind));
  proto.set_milli(static_cast<std::uint64_t>(rule.milli));
  if (rule.expires_at) proto.set_expires_at_us(rule.expires_at->us);
  proto.set_inactive(!rule.active);
  return proto.SerializeAsString();
}

Bytes encode(const domain::SellingChannelDefined& event) {
  const domain::SellingChannel& channel = event.channel;
  v1::SellingChannelDefined proto;
  proto.set_name(channel.name);
  proto.set_other_sites(static_cast<std::uint32_t>(channel.other_sites));
  for (const domain::SellingChannel::Site& site : channel.sites) {
    v1::ChannelSite* const to = proto.add_sites();
    to->set_site(site.site.text());
    to->set_mode(static_cast<std::uint32_t>(site.mode));
  }
  proto.set_threshold_milli(static_cast<std::uint64_t>(channel.threshold_milli));
  proto.set_stale_after_s(static_cast<std::uint32_t>(channel.freshness.stale_after_s));
  proto.set_kept_percent(static_cast<std::uint32_t>(channel.freshness.kept_percent));
  proto.set_inactive(!channel.active);
  proto.set_sells_ahead(channel.sells_ahead);
  return proto.SerializeAsString();
}

Bytes encode(const domain::StockReserved& event) {
  v1::StockReserved proto;
  proto.set_reservation(event.reservation.value().bytes());
  proto.set_channel(event.channel);
  proto.set_sku(event.sku.text());
  proto.set_milli(static_cast<std::uint64_t>(event.milli));
  proto.set_pickup_site(event.pickup_site.text());
  proto.set_expires_at_us(event.expires_at.us);
  proto.set_reference(event.reference);
  return proto.SerializeAsString();
}

Bytes encode(const domain::ReservationEnded& event) {
  v1::ReservationEnded proto;
  proto.set_end(static_cast<std::uint32_t>(event.end));
  return proto.SerializeAsString();
}

Bytes encode(const domain::SupplyExpected& event) {
  const domain::ExpectedSupply& supply = event.supply;
  v1::SupplyExpected proto;
  proto.set_reference(supply.reference);
  proto.set_source(static_cast<std::uint32_t>(supply.source));
  proto.set_sku(supply.sku.text());
  proto.set_site(supply.site.text());
  proto.set_due_us(supply.due.us);
  proto.set_milli(static_cast<std::uint64_t>(supply.milli));
  return proto.SerializeAsString();
}

domain::SafetyStockRuleDefined decode_rule(BytesView payload) {
  const auto proto = parse<v1::SafetyStockRuleDefined>(payload);
  domain::SafetyStockRule rule;
  rule.name = proto.name();
  if (!proto.site().empty()) rule.site = require(SiteId::parse(proto.site()));
  if (!proto.sku().empty()) rule.sku = require(Sku::parse(proto.sku()));
  if (proto.site_kind() != 0) {
    rule.site_kind = enum_from<domain::FacilityKind>(proto.site_kind(), "unknown kind of site");
  }
  rule.milli = milli_from(proto.milli());
  if (proto.expires_at_us() != 0) rule.expires_at = time_from(proto.expires_at_us());
  rule.active = !proto.inactive();
  require(validate(rule));
  return {rule};
}

domain::SellingChannelDefined decode_channel(BytesView payload) {
  const auto proto = parse<v1::SellingChannelDefined>(payload);
  const auto mode = [](std::uint32_t number) {
    return enum_from<domain::ChannelSiteMode>(number, "unknown mode of a site");
  };
  domain::SellingChannel channel;
  channel.name = proto.name();
  channel.other_sites = mode(proto.other_sites());
  for (const v1::ChannelSite& site : proto.sites()) {
    channel.sites.push_back({require(SiteId::parse(site.site())), mode(site.mode())});
  }
  channel.threshold_milli = milli_from(proto.threshold_milli());
  require_that(proto.kept_percent() <= 100, "more than all of it");
  channel.freshness = {proto.stale_after_s(), static_cast<int>(proto.kept_percent())};
  channel.active = !proto.inactive();
  channel.sells_ahead = proto.sells_ahead();
  require(validate(channel));
  return {channel};
}

domain::StockReserved decode_reserved(BytesView payload) {
  const auto proto = parse<v1::StockReserved>(payload);
  domain::StockReserved reserved;
  reserved.reservation = id_from<ReservationId>(proto.reservation());
  reserved.channel = proto.channel();
  reserved.sku = require(Sku::parse(proto.sku()));
  reserved.milli = some_milli_from(proto.milli());
  if (!proto.pickup_site().empty())
    reserved.pickup_site = require(SiteId::parse(proto.pickup_site()));
  reserved.expires_at = time_from(proto.expires_at_us());
  reserved.reference = proto.reference();
  require(validate(reserved));
  return reserved;
}

domain::ReservationEnded decode_reservation_ended(BytesView payload) {
  const auto proto = parse<v1::ReservationEnded>(payload);
  return {enum_from<domain::ReservationEnd>(proto.end(), "unknown end of a reservation")};
}

domain::SupplyExpected decode_supply(BytesView payload) {
  const auto proto = parse<v1::SupplyExpected>(payload);
  domain::ExpectedSupply supply;
  supply.reference = proto.reference();
  supply.source = enum_from<domain::SupplySource>(proto.source(), "unknown source of a supply");
  supply.sku = require(Sku::parse(proto.sku()));
  if (!proto.site().empty()) supply.site = require(SiteId::parse(proto.site()));
  supply.due = time_from(proto.due_us());
  supply.milli = milli_from(proto.milli());
  require(validate(supply));
  return {supply};
}

}  // namespace

Bytes encode_promise(const domain::PromiseEvent& event) {
  return std::visit([](const auto& e) { return encode(e); }, event);
}

domain::PromiseEvent decode_promise(std::uint32_t type, BytesView payload) {
  switch (type) {
    case domain::SafetyStockRuleDefined::kTypeId:
      return decode_rule(payload);
    case domain::SellingChannelDefined::kTypeId:
      return decode_channel(payload);
    case domain::StockReserved::kTypeId:
      return decode_reserved(payload);
    case domain::SupplyExpected::kTypeId:
      return decode_supply(payload);
    default:
      return decode_reservation_ended(payload);
  }
}

}  // namespace cairn::wire
