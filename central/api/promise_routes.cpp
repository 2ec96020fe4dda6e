// What may be promised of the stock: channels, safety stock, what can be sold, soft reservations.

#include "central/api/hub_api.h"
#include "central/api/request_values.h"
#include "central/promise/channel_stock.h"
#include "central/promise/kit_stock.h"
#include "central/promise/promises.h"
#include "core/base/numbers.h"
#include "core/json/reader.h"
#include "core/program/page.h"
#include "core/program/routes/stock_routes.h"
#include "core/program/shapes.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

constexpr std::int64_t kMaxAgeSeconds = 366LL * 24 * 3600;
constexpr std::int64_t kDefaultReservationSeconds = 900;

// ---- shapes ----

json::Value reservation_json(const domain::StockReserved& reserved, const std::string& ended,
                             UtcTime now) {
  const bool over = ended.empty() && reserved.expires_at <= now;
  auto object = json::Value::object();
  object.set("reservation", reserved.reservation.value().text())
      .set("channel", reserved.channel)
      .set("sku", reserved.sku.text())
      .set("milli", reserved.milli);
  program::set_or_null(
      object, "pickup_site",
      reserved.pickup_site.empty() ? std::nullopt : std::optional(reserved.pickup_site.text()));
  object.set("expires_at", reserved.expires_at.text())
      .set("reference", reserved.reference)
      .set("status", over            ? std::string("EXPIRED")
                     : ended.empty() ? std::string("OPEN")
                                     : ended);
  return object;
}

json::Value device_json(const DeviceHeard& device) {
  auto object = json::Value::object();
  object.set("node", device.node.value().text()).set("online", device.online);
  program::set_or_null(object, "last_heard_at",
                       device.last_heard ? std::optional(device.last_heard->text()) : std::nullopt);
  return object.set("hwm", device.hwm).set("head", device.head);
}

json::Value offer_json(const ChannelStock::Site& row) {
  auto devices = json::Value::array();
  for (const DeviceHeard& device : row.age.devices) devices.add(device_json(device));
  const domain::SiteOffer& offer = row.offer;
  auto object = json::Value::object();
  object.set("site", row.site.text())
      .set("on_hand_milli", offer.stock.on_hand_milli)
      .set("unavailable_milli", offer.stock.unavailable_milli)
      .set("reserved_milli", offer.stock.reserved_milli)
      .set("leased_milli", offer.stock.leased_milli)
      .set("atp_milli", offer.stock.atp_milli())
      .set("safety_milli", offer.safety_milli)
      .set("safety_rule", row.safety_rule)
      .set("safety_kept_milli", offer.safety_kept_milli())
      .set("soft_milli", offer.soft_milli)
      .set("withheld", name_of(offer.withheld))
      .set("kept_percent", offer.kept_percent)
      .set("sellable_milli", offer.web_sellable_milli())
      .set("pickup_milli", offer.pickup_milli());
  if (row.age.age_s) {
    object.set("age_s", *row.age.age_s);
  } else {
    object.set_null("age_s");
  }
  return object.set("devices", std::move(devices));
}

json::Value channel_stock_json(const ChannelStock& stock, const Sku& sku) {
  auto sites = json::Value::array();
  std::int64_t sellable = 0;
  for (const ChannelStock::Site& row : stock.sites) {
    sellable += row.offer.web_sellable_milli();
    sites.add(offer_json(row));
  }
  auto expected = json::Value::array();
  for (const domain::ExpectedSupply& supply : stock.expected) {
    expected.add(program::expected_supply_json(supply));
  }
  auto object = json::Value::object();
  object.set("sku", sku.text())
      .set("channel", stock.channel.name)
      .set("channel_defined", stock.defined)
      .set("online_milli", stock.online_milli)
      .set("sellable_milli", sellable)
      .set("threshold_milli", stock.demand.threshold_milli)
      .set("unbrokered_milli", stock.demand.unbrokered_milli)
      .set("soft_milli", stock.demand.soft_milli)
      .set("future_milli", stock.demand.future_milli)
      .set("sold_ahead", name_of(stock.future.how))
      .set("expected", std::move(expected))
      .set("sites", std::move(sites));
  return object;
}

json::Value kit_json(const KitStock& kit) {
  auto parts = json::Value::array();
  for (const KitStock::Part& part : kit.parts) {
    parts.add(json::Value::object()
                  .set("sku", part.part.sku.text())
                  .set("units", part.part.units)
                  .set("online_milli", part.stock.online_milli));
  }
  auto sites = json::Value::array();
  for (const KitStock::Site& row : kit.sites()) {
    sites.add(
        json::Value::object().set("site", row.site.text()).set("pickup_milli", row.pickup_milli));
  }
  return json::Value::object().set("parts", std::move(parts)).set("sites", std::move(sites));
}

/// How so many units can be promised: what the channel may tell its customer.
json::Value promise_json(std::int64_t milli, std::int64_t in_stock_milli,
                         const std::function<std::optional<UtcTime>(std::int64_t)>& date_for) {
  const bool in_stock = milli <= in_stock_milli;
  const auto due = in_stock ? std::nullopt : date_for(milli);
  auto object = json::Value::object();
  object.set("milli", milli).set("from", in_stock ? "STOCK" : due ? "EXPECTED" : "NOTHING");
  program::set_or_null(object, "due", due ? std::optional(due->text()) : std::nullopt);
  return object;
}

Result<std::optional<std::int64_t>> read_milli(const HttpRequest& request) {
  const auto text = request.query_value("milli");
  if (!text) return std::nullopt;
  const auto milli = parse_signed(*text);
  if (!milli || *milli < 1 || *milli > kMaxMilli) {
    return fail(ErrorCode::kInvalid, "bad_quantity",
                "milli is how many thousandths of a unit: more than nothing, at most 10^12");
  }
  return *milli;
}

// ---- what can be sold ----

/// `stock_of`: what the channel has of an article. `parts`: of a kit; none: it is none.
json::Value atp_json(const Sku& sku, const std::function<ChannelStock(const Sku&)>& stock_of,
                     const std::vector<domain::KitPart>& parts,
                     const std::optional<std::int64_t>& milli) {
  const ChannelStock stock = stock_of(sku);
  auto object = channel_stock_json(stock, sku);
  object.set_null("kit").set_null("promise");
  if (parts.empty()) {
    const auto date_for = [&stock](std::int64_t units) { return stock.future.date_for(units); };
    if (milli) object.set("promise", promise_json(*milli, stock.in_stock_milli(), date_for));
    return object;
  }
  KitStock kit;
  for (const domain::KitPart& part : parts) kit.parts.push_back({part, stock_of(part.sku)});
  const auto date_for = [&kit](std::int64_t units) { return kit.date_for(units); };
  object.set("online_milli", kit.online_milli()).set("kit", kit_json(kit));
  if (milli) object.set("promise", promise_json(*milli, kit.in_stock_milli(), date_for));
  return object;
}

Result<HttpResponse> atp(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto sku = program::sku_of(request);
  if (!sku) return fail(sku.error());
  if (!*sku) return fail(ErrorCode::kInvalid, "bad_sku", "say which article: ?sku=…");
  const std::string channel = request.query_value("channel").value_or("");
  const bool named = request.query_value("channel").has_value();
  if (channel.size() > domain::SellingChannel::kMaxName || (named && channel.empty())) {
    return fail(ErrorCode::kInvalid, "bad_channel", "a channel has a name of 1 to 32 octets");
  }
  const auto milli = read_milli(request);
  if (!milli) return fail(milli.error());
  const auto body = api.readers.read([&](storage::Connection& connection) {
    const UtcTime now = api.env.clock.utc_now();
    const auto stock_of = [&](const Sku& article) {
      return channel_stock(connection, api.core.stock().by_site(article), api.core.site_ages(),
                           channel, article, now);
    };
    const auto product = storage::find_product(connection, **sku);
    return atp_json(**sku, stock_of, product ? product->parts : std::vector<domain::KitPart>(),
                    *milli);
  });
  if (!body) return fail(body.error());
  return runtime::json_response(*body);
}

// ---- channels ----

Result<HttpResponse> channels(const HubApi& api, const HttpRequest&, const Principal&) {
  const auto rows = api.readers.read(storage::selling_channels);
  if (!rows) return fail(rows.error());
  auto items = json::Value::array();
  for (const domain::SellingChannel& channel : *rows)
    items.add(program::selling_channel_json(channel));
  return runtime::json_response(program::write_list(std::move(items)));
}

domain::ChannelSiteMode read_mode(json::Reader& in, const char* name) {
  const auto mode = domain::parse_channel_site_mode(in.text(name, {1, 16}));
  if (!mode) in.problem(name, mode.error().message);
  return mode.value_or(domain::ChannelSiteMode::kOnline);
}

Result<domain::SellingChannel> read_channel(const HttpRequest& request) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  domain::SellingChannel channel;
  channel.name = request.parameter("channel");
  if (in.has("other_sites")) channel.other_sites = read_mode(in, "other_sites");
  if (in.has("sites")) {
    for (json::Reader& one : in.objects("sites", domain::SellingChannel::kMaxSites)) {
      const auto site = SiteId::parse(one.text("site", {1, 32}));
      if (!site) one.problem("site", site.error().message);
      channel.sites.push_back({site.value_or(SiteId{}), read_mode(one, "mode")});
    }
  }
  channel.threshold_milli = in.optional_integer("threshold_milli", 0, kMaxMilli).value_or(0);
  channel.freshness.stale_after_s =
      in.optional_integer("stale_after_s", 0, kMaxAgeSeconds).value_or(0);
  channel.freshness.kept_percent =
      static_cast<int>(in.optional_integer("kept_percent", 0, 100).value_or(0));
  channel.sells_ahead = in.boolean_or("sells_ahead", false);
  channel.active = in.boolean_or("active", true);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return channel;
}

Result<HttpResponse> put_channel(const HubApi& api, const HttpRequest& request,
                                 const Principal& principal) {
  auto channel = read_channel(request);
  if (!channel) return fail(channel.error());
  return api.commands.run(
      request, principal,
      [channel = *std::move(channel), actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto defined = define_channel(work, channel, actor);
        if (!defined) return fail(defined.error());
        return Answer{program::selling_channel_json(*defined), 200};
      });
}

// ---- safety stock ----

Result<HttpResponse> safety_stock(const HubApi& api, const HttpRequest&, const Principal&) {
  const auto rows = api.readers.read(storage::safety_stock_rules);
  if (!rows) return fail(rows.error());
  auto items = json::Value::array();
  for (const domain::SafetyStockRule& rule : *rows) items.add(program::safety_stock_json(rule));
  return runtime::json_response(program::write_list(std::move(items)));
}

Result<domain::SafetyStockRule> read_rule(const HttpRequest& request) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  domain::SafetyStockRule rule;
  rule.name = request.parameter("rule");
  if (const auto text = in.optional_text("site", {1, 32})) {
    rule.site = value_or_problem(in, "site", SiteId::parse(*text));
  }
  if (const auto text = in.optional_text("sku", {1, 64})) {
    rule.sku = value_or_problem(in, "sku", Sku::parse(*text));
  }
  if (const auto text = in.optional_text("site_kind", {1, 16})) {
    rule.site_kind = value_or_problem(in, "site_kind", domain::parse_facility_kind(*text));
  }
  rule.milli = in.integer("milli", 0, kMaxMilli);
  if (const auto text = in.optional_text("expires_at", {1, 40})) {
    rule.expires_at = value_or_problem(in, "expires_at", UtcTime::parse(*text));
  }
  rule.active = in.boolean_or("active", true);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return rule;
}

Result<HttpResponse> put_safety_stock(const HubApi& api, const HttpRequest& request,
                                      const Principal& principal) {
  auto rule = read_rule(request);
  if (!rule) return fail(rule.error());
  return api.commands.run(
      request, principal,
      [rule = *std::move(rule), actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto defined = define_safety_stock(work, rule, actor);
        if (!defined) return fail(defined.error());
        return Answer{program::safety_stock_json(*defined), 200};
      });
}

// ---- soft reservations ----

struct ReservationRequest {
  domain::StockReserved wanted;
  std::int64_t seconds = kDefaultReservationSeconds;
};

Result<ReservationRequest> read_reservation(const HttpRequest& request) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  ReservationRequest asked;
  asked.wanted.channel = in.text("channel", {1, domain::SellingChannel::kMaxName});
  asked.wanted.sku = value_or_problem(in, "sku", Sku::parse(in.text("sku", {1, 64})));
  asked.wanted.milli = in.integer("milli", 1, kMaxMilli);
  if (const auto text = in.optional_text("pickup_site", {1, 32})) {
    asked.wanted.pickup_site = value_or_problem(in, "pickup_site", SiteId::parse(*text));
  }
  asked.seconds = in.optional_integer("seconds", 1, domain::kMaxReservationSeconds)
                      .value_or(kDefaultReservationSeconds);
  asked.wanted.reference = in.optional_text("reference", {0, 64}).value_or("");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return asked;
}

Result<HttpResponse> reserve(const HubApi& api, const HttpRequest& request,
                             const Principal& principal) {
  auto asked = read_reservation(request);
  if (!asked) return fail(asked.error());
  return api.commands.run(
      request, principal,
      [asked = *std::move(asked), &core = api.core,
       actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const UtcTime now = work.now();
        domain::StockReserved wanted = asked.wanted;
        wanted.reservation = ReservationId(core.ids().next());
        wanted.expires_at = UtcTime{now.us + Duration(std::chrono::seconds(asked.seconds)).count()};
        // Asked of the database, not of the book: what other jobs of this commit took counts.
        const ChannelStock stock =
            channel_stock(work.connection(), storage::stock_by_site(work.connection(), wanted.sku),
                          core.site_ages(), wanted.channel, wanted.sku, now);
        const auto reserved =
            reserve_stock(work, {wanted, stock.sellable_milli(wanted.pickup_site)}, actor);
        if (!reserved) return fail(reserved.error());
        return Answer{reservation_json(*reserved, "", now), 201};
      });
}

Result<ReservationId> reservation_of(const HttpRequest& request) {
  const auto id = Uuid::parse(request.parameter("reservation"));
  if (!id) return fail(id.error());
  return ReservationId(*id);
}

Result<HttpResponse> reservation(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto id = reservation_of(request);
  if (!id) return fail(id.error());
  const auto row = api.readers.read([&id](storage::Connection& connection) {
    return storage::find_reservation(connection, *id);
  });
  if (!row) return fail(row.error());
  if (!*row)
    return fail(ErrorCode::kNotFound, "no_such_reservation", "there is no such reservation");
  return runtime::json_response(
      reservation_json((*row)->reserved, (*row)->ended, api.env.clock.utc_now()));
}

Result<HttpResponse> release(const HubApi& api, const HttpRequest& request,
                             const Principal& principal) {
  const auto id = reservation_of(request);
  if (!id) return fail(id.error());
  return api.commands.run(
      request, principal, [id = *id, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto row = end_reservation(work, id, domain::ReservationEnd::kReleased, actor);
        if (!row) return fail(row.error());
        return Answer{reservation_json(row->reserved, row->ended, work.now()), 200};
      });
}

}  // namespace

std::vector<runtime::Route> promise_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/atp", "stock.read", with(api, atp)},
      {"GET", "/api/v1/channels", "promises.read", with(api, channels)},
      {"PUT", "/api/v1/channels/{channel}", "promises.manage", with(api, put_channel)},
      {"GET", "/api/v1/safety-stock", "promises.read", with(api, safety_stock)},
      {"PUT", "/api/v1/safety-stock/{rule}", "promises.manage", with(api, put_safety_stock)},
      {"POST", "/api/v1/reservations", "stock.reserve", with(api, reserve)},
      {"GET", "/api/v1/reservations/{reservation}", "stock.read", with(api, reservation)},
      {"POST", "/api/v1/reservations/{reservation}/release", "stock.reserve", with(api, release)},
  };
}

}  // namespace cairn::central
