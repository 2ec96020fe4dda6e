#include "core/storage/projections/promises.h"

#include "core/base/assert.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

namespace cairn::storage {
namespace {

template <class Name>
std::optional<std::string> text_of(const std::optional<Name>& name) {
  return name ? std::optional(name->text()) : std::nullopt;
}

domain::SafetyStockRule read_rule(const Statement& row) {
  domain::SafetyStockRule rule;
  rule.name = row.text(0);
  if (!row.is_null(1)) rule.site = stored_site(row.text(1));
  if (!row.is_null(2)) rule.sku = stored_sku(row.text(2));
  if (!row.is_null(3)) {
    const auto kind = domain::parse_facility_kind(row.text(3));
    CAIRN_ASSERT(kind.has_value(), "stored kinds are known");
    rule.site_kind = *kind;
  }
  rule.milli = row.integer(4);
  if (!row.is_null(5)) rule.expires_at = UtcTime{row.integer(5)};
  rule.active = row.integer(6) != 0;
  return rule;
}

domain::ChannelSiteMode stored_mode(const std::string& text) {
  const auto mode = domain::parse_channel_site_mode(text);
  CAIRN_ASSERT(mode.has_value(), "stored modes are known");
  return *mode;
}

domain::SellingChannel read_channel(const Statement& row) {
  domain::SellingChannel channel;
  channel.name = row.text(0);
  channel.other_sites = stored_mode(row.text(1));
  channel.threshold_milli = row.integer(2);
  channel.freshness = {row.integer(3), static_cast<int>(row.integer(4))};
  channel.active = row.integer(5) != 0;
  channel.sells_ahead = row.integer(6) != 0;
  return channel;
}

constexpr std::string_view kChannel =
    "SELECT name, other_sites, threshold_milli, stale_after_s, kept_percent, active,"
    " sells_ahead FROM selling_channel";

void read_sites(Connection& connection, domain::SellingChannel& channel) {
  Statement& select = connection.prepare(
      "SELECT site, mode FROM selling_channel_site WHERE channel = ?1 ORDER BY site");
  select.bind(channel.name);
  while (select.step()) {
    channel.sites.push_back({stored_site(select.text(0)), stored_mode(select.text(1))});
  }
}

}  // namespace

void Promises::apply(BytesView key, const domain::PromiseEvent& event) {
  std::visit([this, key](const auto& e) { apply_one(key, e); }, event);
}

void Promises::apply_one(BytesView, const domain::SafetyStockRuleDefined& defined) {
  const domain::SafetyStockRule& rule = defined.rule;
  const auto kind =
      rule.site_kind ? std::optional(std::string(name_of(*rule.site_kind))) : std::nullopt;
  const auto expires = rule.expires_at ? std::optional(rule.expires_at->us) : std::nullopt;
  connection_
      ->prepare(
          "INSERT OR REPLACE INTO safety_stock_rule (name, site, sku, site_kind, milli,"
          " expires_utc_us, active) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .bind(rule.name, text_of(rule.site), text_of(rule.sku), kind, rule.milli, expires,
            rule.active)
      .run();
}

void Promises::apply_one(BytesView, const domain::SellingChannelDefined& defined) {
  const domain::SellingChannel& channel = defined.channel;
  connection_
      ->prepare(
          "INSERT OR REPLACE INTO selling_channel (name, other_sites, threshold_milli,"
          " stale_after_s, kept_percent, active, sells_ahead)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .bind(channel.name, name_of(channel.other_sites), channel.threshold_milli,
            channel.freshness.stale_after_s, channel.freshness.kept_percent, channel.active,
            channel.sells_ahead)
      .run();
  connection_->prepare("DELETE FROM selling_channel_site WHERE channel = ?1")
      .bind(channel.name)
      .run();
  for (const domain::SellingChannel::Site& site : channel.sites) {
    connection_
        ->prepare("INSERT INTO selling_channel_site (channel, site, mode) VALUES (?1, ?2, ?3)")
        .bind(channel.name, site.site.text(), name_of(site.mode))
        .run();
  }
}

void Promises::apply_one(BytesView, const domain::StockReserved& reserved) {
  connection_
      ->prepare(
          "INSERT OR IGNORE INTO stock_reservation (id, channel, sku, milli, pickup_site,"
          " expires_utc_us, reference) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .bind(reserved.reservation.value(), reserved.channel, reserved.sku.text(), reserved.milli,
            reserved.pickup_site.text(), reserved.expires_at.us, reserved.reference)
      .run();
}

void Promises::apply_one(BytesView key, const domain::ReservationEnded& ended) {
  connection_->prepare("UPDATE stock_reservation SET ended = ?2 WHERE id = ?1 AND ended IS NULL")
      .bind(Blob{key.substr(1)}, name_of(ended.end))
      .run();
}

void Promises::apply_one(BytesView, const domain::SupplyExpected& expected) {
  const domain::ExpectedSupply& supply = expected.supply;
  connection_
      ->prepare(
          "INSERT OR REPLACE INTO expected_supply (reference, source, sku, site, due_utc_us, milli)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      .bind(supply.reference, name_of(supply.source), supply.sku.text(), supply.site.text(),
            supply.due.us, supply.milli)
      .run();
}

void Promises::reset() {
  connection_->execute(
      "DELETE FROM safety_stock_rule; DELETE FROM selling_channel;"
      "DELETE FROM selling_channel_site; DELETE FROM stock_reservation;"
      "DELETE FROM expected_supply;");
}

namespace {

constexpr std::string_view kRule =
    "SELECT name, site, sku, site_kind, milli, expires_utc_us, active FROM safety_stock_rule";

std::vector<domain::SafetyStockRule> read_rules(Statement& select) {
  std::vector<domain::SafetyStockRule> rules;
  while (select.step()) rules.push_back(read_rule(select));
  return rules;
}

}  // namespace

std::vector<domain::SafetyStockRule> safety_stock_rules(Connection& connection) {
  static const std::string kSql = std::string(kRule) + " ORDER BY name";
  return read_rules(connection.prepare(kSql).bind());
}

std::vector<domain::SafetyStockRule> safety_stock_rules_for(Connection& connection,
                                                            const Sku& sku) {
  static const std::string kSql =
      std::string(kRule) + " WHERE active = 1 AND (sku = ?1 OR sku IS NULL) ORDER BY name";
  return read_rules(connection.prepare(kSql).bind(sku.text()));
}

std::optional<domain::SafetyStockRule> find_safety_stock_rule(Connection& connection,
                                                              const std::string& name) {
  static const std::string kSql = std::string(kRule) + " WHERE name = ?1";
  auto rules = read_rules(connection.prepare(kSql).bind(name));
  return rules.empty() ? std::nullopt : std::optional(std::move(rules.front()));
}

std::vector<domain::SellingChannel> selling_channels(Connection& connection) {
  static const std::string kSql = std::string(kChannel) + " ORDER BY name";
  Statement& select = connection.prepare(kSql);
  select.bind();
  std::vector<domain::SellingChannel> channels;
  while (select.step()) channels.push_back(read_channel(select));
  for (domain::SellingChannel& channel : channels) read_sites(connection, channel);
  return channels;
}

std::optional<domain::SellingChannel> find_selling_channel(Connection& connection,
                                                           const std::string& name) {
  static const std::string kSql = std::string(kChannel) + " WHERE name = ?1 AND active = 1";
  Statement& select = connection.prepare(kSql);
  if (!select.bind(name).step()) return std::nullopt;
  domain::SellingChannel channel = read_channel(select);
  select.reset();
  read_sites(connection, channel);
  return channel;
}

std::optional<ReservationRow> find_reservation(Connection& connection, ReservationId id) {
  Statement& select = connection.prepare(
      "SELECT channel, sku, milli, pickup_site, expires_utc_us, reference, coalesce(ended, '')"
      " FROM stock_reservation WHERE id = ?1");
  if (!select.bind(id.value()).step()) return std::nullopt;
  ReservationRow row;
  row.reserved = {id,
                  select.text(0),
                  stored_sku(select.text(1)),
                  select.integer(2),
                  select.text(3).empty() ? SiteId{} : stored_site(select.text(3)),
                  UtcTime{select.integer(4)},
                  select.text(5)};
  row.ended = select.text(6);
  select.reset();
  return row;
}

std::vector<SoftReserved> soft_reserved(Connection& connection, const Sku& sku, UtcTime now) {
  Statement& select = connection.prepare(
      "SELECT pickup_site, sum(milli) FROM stock_reservation"
      " WHERE sku = ?1 AND expires_utc_us > ?2 AND ended IS NULL"
      " GROUP BY pickup_site ORDER BY pickup_site");
  select.bind(sku.text(), now.us);
  std::vector<SoftReserved> all;
  while (select.step()) {
    const std::string site = select.text(0);
    all.push_back({site.empty() ? SiteId{} : stored_site(site), select.integer(1)});
  }
  return all;
}

namespace {

constexpr std::string_view kSupply =
    "SELECT reference, source, sku, site, due_utc_us, milli FROM expected_supply";

std::vector<domain::ExpectedSupply> read_supplies(Statement& select) {
  std::vector<domain::ExpectedSupply> all;
  while (select.step()) {
    const auto source = domain::parse_supply_source(select.text(1));
    CAIRN_ASSERT(source.has_value(), "stored sources are known");
    const std::string site = select.text(3);
    all.push_back({select.text(0), *source, stored_sku(select.text(2)),
                   site.empty() ? SiteId{} : stored_site(site), UtcTime{select.integer(4)},
                   select.integer(5)});
  }
  return all;
}

}  // namespace

std::vector<domain::ExpectedSupply> expected_supply(Connection& connection, const Sku& sku) {
  static const std::string kSql =
      std::string(kSupply) + " WHERE sku = ?1 AND milli > 0 ORDER BY due_utc_us, reference";
  return read_supplies(connection.prepare(kSql).bind(sku.text()));
}

std::vector<domain::ExpectedSupply> expected_supply_page(Connection& connection,
                                                         const std::string& after,
                                                         std::size_t limit) {
  static const std::string kSql =
      std::string(kSupply) + " WHERE reference > ?1 AND milli > 0 ORDER BY reference LIMIT ?2";
  return read_supplies(connection.prepare(kSql).bind(after, static_cast<std::int64_t>(limit)));
}

std::optional<domain::ExpectedSupply> find_expected_supply(Connection& connection,
                                                           const std::string& reference) {
  static const std::string kSql = std::string(kSupply) + " WHERE reference = ?1";
  auto found = read_supplies(connection.prepare(kSql).bind(reference));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Unbrokered unbrokered(Connection& connection, const Sku& sku) {
  Statement& select = connection.prepare(
      "SELECT pickup_site, milli, pickup_milli FROM article_queue WHERE sku = ?1");
  select.bind(sku.text());
  Unbrokered all;
  while (select.step()) {
    all.milli += select.integer(1);
    const std::string site = select.text(0);
    if (!site.empty()) all.pickup_milli[stored_site(site)] = select.integer(2);
  }
  return all;
}

}  // namespace cairn::storage
