#include "core/storage/projections/reference_data.h"

#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

#include <algorithm>

namespace cairn::storage {

void ReferenceData::apply(const domain::Envelope& meta, const domain::ReferenceEvent& event) {
  std::visit([this, &meta](const auto& e) { apply_one(meta, e); }, event);
}

void ReferenceData::apply_one(const domain::Envelope&, const domain::ProductDefined& defined) {
  const domain::Product& product = defined.product;
  const auto price = product.price ? std::optional(product.price->minor) : std::nullopt;
  const auto currency =
      product.price ? std::optional(product.price->currency.text()) : std::nullopt;
  connection_
      ->prepare(
          "INSERT OR REPLACE INTO product (sku, name, uom, unit_weight_mg, price_minor, currency,"
          " active) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .bind(product.sku.text(), product.name, static_cast<int>(product.uom), product.unit_weight_mg,
            price, currency, product.active)
      .run();
  connection_->prepare("DELETE FROM product_gtin WHERE sku = ?1").bind(product.sku.text()).run();
  for (const Gtin& gtin : product.gtins) {
    connection_->prepare("INSERT OR IGNORE INTO product_gtin (gtin, sku) VALUES (?1, ?2)")
        .bind(gtin.number(), product.sku.text())
        .run();
  }
  save_trait(product);
  save_parts(product);
}

void ReferenceData::save_trait(const domain::Product& product) {
  connection_->prepare("DELETE FROM product_trait WHERE sku = ?1").bind(product.sku.text()).run();
  if (!product.hazmat && product.category.empty()) return;
  connection_->prepare("INSERT INTO product_trait (sku, hazmat, category) VALUES (?1, ?2, ?3)")
      .bind(product.sku.text(), product.hazmat, product.category)
      .run();
}

void ReferenceData::save_parts(const domain::Product& product) {
  connection_->prepare("DELETE FROM kit_part WHERE kit = ?1").bind(product.sku.text()).run();
  for (const domain::KitPart& part : product.parts) {
    connection_->prepare("INSERT INTO kit_part (kit, sku, units) VALUES (?1, ?2, ?3)")
        .bind(product.sku.text(), part.sku.text(), part.units)
        .run();
  }
}

void ReferenceData::apply_one(const domain::Envelope&, const domain::FacilityDefined& defined) {
  const domain::Facility& facility = defined.facility;
  connection_
      ->prepare(
          "INSERT OR REPLACE INTO facility (site, name, kind, latitude_udeg, longitude_udeg, "
          "active)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      .bind(facility.site.text(), facility.name, name_of(facility.kind),
            facility.position.latitude_udeg, facility.position.longitude_udeg, facility.active)
      .run();
}

void ReferenceData::apply_one(const domain::Envelope& meta,
                              const domain::LocationDefined& defined) {
  const domain::Location& location = defined.location;
  connection_
      ->prepare(
          "INSERT OR REPLACE INTO location (site, code, type, pick_sequence)"
          " VALUES (?1, ?2, ?3, ?4)")
      .bind(meta.site.text(), location.code.text(), name_of(location.type), location.pick_sequence)
      .run();
}

void ReferenceData::apply_one(const domain::Envelope& meta, const domain::StaffAssigned& assigned) {
  const domain::StaffMember& member = assigned.member;
  // A name that two active people bear (never decided by one hub) belongs to the later one.
  connection_
      ->prepare(
          "UPDATE staff SET active = 0 WHERE site = ?1 AND name = ?2 AND user <> ?3 AND ?4 = 1")
      .bind(meta.site.text(), member.name, member.user.value(), member.active)
      .run();
  connection_
      ->prepare(
          "INSERT OR REPLACE INTO staff (site, user, name, role, pin_hash, active)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      .bind(meta.site.text(), member.user.value(), member.name, name_of(member.role),
            member.pin_hash, member.active)
      .run();
}

void ReferenceData::apply_one(const domain::Envelope&, const domain::NodeRegistered& registered) {
  const domain::Node& node = registered.node;
  connection_
      ->prepare("INSERT OR REPLACE INTO node (id, site, name, active) VALUES (?1, ?2, ?3, ?4)")
      .bind(node.id.value(), node.site.text(), node.name, node.active)
      .run();
}

void ReferenceData::apply_one(const domain::Envelope&, const domain::LabelBlockGranted& granted) {
  connection_
      ->prepare(
          "INSERT OR REPLACE INTO label_block (node, inc, gs1_prefix, first, count)"
          " VALUES (?1, ?2, ?3, ?4, ?5)")
      .bind(granted.node.value(), granted.inc.value(), granted.prefix.text(), granted.block.first,
            granted.block.count)
      .run();
}

void ReferenceData::note_label(NodeId node, Incarnation inc) {
  connection_
      ->prepare(
          "INSERT INTO label_use (node, inc, used) VALUES (?1, ?2, 1)"
          " ON CONFLICT (node, inc) DO UPDATE SET used = used + 1")
      .bind(node.value(), inc.value())
      .run();
}

void ReferenceData::reset() {
  connection_->execute(
      "DELETE FROM product; DELETE FROM product_gtin; DELETE FROM product_trait; DELETE FROM "
      "kit_part;"
      "DELETE FROM facility; DELETE FROM location; DELETE FROM staff; DELETE FROM node; DELETE "
      "FROM label_block; DELETE FROM label_use;");
}

namespace {

constexpr std::string_view kProduct =
    "SELECT sku, name, uom, unit_weight_mg, price_minor, currency, active,"
    " coalesce((SELECT t.hazmat FROM product_trait t WHERE t.sku = p.sku), 0),"
    " coalesce((SELECT t.category FROM product_trait t WHERE t.sku = p.sku), '') FROM product p";

std::vector<Gtin> gtins_of(Connection& connection, const Sku& sku) {
  Statement& select =
      connection.prepare("SELECT gtin FROM product_gtin WHERE sku = ?1 ORDER BY gtin");
  select.bind(sku.text());
  std::vector<Gtin> gtins;
  while (select.step()) {
    const auto gtin = Gtin::from_number(select.unsigned_integer(0));
    CAIRN_ASSERT(gtin.has_value(), "stored GTINs are well-formed");
    gtins.push_back(*gtin);
  }
  return gtins;
}

std::vector<domain::KitPart> parts_of(Connection& connection, const Sku& kit) {
  Statement& select =
      connection.prepare("SELECT sku, units FROM kit_part WHERE kit = ?1 ORDER BY sku");
  select.bind(kit.text());
  std::vector<domain::KitPart> parts;
  while (select.step()) parts.push_back({stored_sku(select.text(0)), select.integer(1)});
  return parts;
}

/// What is in tables of their own.
void complete(Connection& connection, domain::Product& product) {
  product.gtins = gtins_of(connection, product.sku);
  product.parts = parts_of(connection, product.sku);
}

/// Without its GTINs and parts.
domain::Product read_product(const Statement& row) {
  domain::Product product;
  product.sku = stored_sku(row.text(0));
  product.name = row.text(1);
  product.uom = static_cast<Uom>(row.integer(2));
  product.unit_weight_mg = row.integer(3);
  if (!row.is_null(4)) {
    const auto currency = Currency::parse(row.text(5));
    CAIRN_ASSERT(currency.has_value(), "stored currencies are well-formed");
    product.price = Money{row.integer(4), *currency};
  }
  product.active = row.integer(6) != 0;
  product.hazmat = row.integer(7) != 0;
  product.category = row.text(8);
  return product;
}

domain::Facility read_facility(const Statement& row) {
  const auto kind = domain::parse_facility_kind(row.text(2));
  CAIRN_ASSERT(kind.has_value(), "stored kinds are known");
  return {stored_site(row.text(0)),
          row.text(1),
          *kind,
          {static_cast<std::int32_t>(row.integer(3)), static_cast<std::int32_t>(row.integer(4))},
          row.integer(5) != 0};
}

domain::Location read_location(const Statement& row) {
  const auto type = domain::parse_location_type(row.text(1));
  CAIRN_ASSERT(type.has_value(), "stored types are known");
  return {stored_location(row.text(0)), *type, static_cast<std::uint32_t>(row.integer(2))};
}

domain::StaffMember read_staff(const Statement& row) {
  const auto role = domain::parse_role(row.text(2));
  CAIRN_ASSERT(role.has_value(), "stored roles are known");
  return {UserId(row.uuid(0)), row.text(1), *role, row.text(3), row.integer(4) != 0};
}

domain::Node read_node(const Statement& row) {
  return {NodeId(row.uuid(0)), stored_site(row.text(1)), row.text(2), row.integer(3) != 0};
}

/// The first row of a bound statement.
template <class Read>
auto first(Statement& select, Read read) -> std::optional<decltype(read(select))> {
  if (!select.step()) return std::nullopt;
  auto value = read(select);
  select.reset();
  return value;
}

template <class Read>
auto all(Statement& select, Read read) {
  std::vector<decltype(read(select))> values;
  while (select.step()) values.push_back(read(select));
  return values;
}

}  // namespace

std::optional<domain::Product> find_product(Connection& connection, const Sku& sku) {
  static const std::string kSql = std::string(kProduct) + " WHERE sku = ?1";
  auto product = first(connection.prepare(kSql).bind(sku.text()), read_product);
  if (product) complete(connection, *product);
  return product;
}

std::optional<domain::Product> find_product(Connection& connection, const Gtin& gtin) {
  static const std::string kSql =
      std::string(kProduct) +
      " WHERE active = 1 AND sku IN (SELECT sku FROM product_gtin WHERE gtin = ?1)"
      " ORDER BY sku LIMIT 1";
  auto product = first(connection.prepare(kSql).bind(gtin.number()), read_product);
  if (product) complete(connection, *product);
  return product;
}

std::vector<domain::Product> products(Connection& connection, const std::string& after_sku,
                                      std::size_t limit) {
  static const std::string kSql = std::string(kProduct) + " WHERE sku > ?1 ORDER BY sku LIMIT ?2";
  auto page = all(connection.prepare(kSql).bind(after_sku, limit), read_product);
  for (domain::Product& product : page) complete(connection, product);
  return page;
}

std::vector<Sku> kits_with(Connection& connection, const Sku& part) {
  return all(connection
                 .prepare("SELECT k.kit FROM kit_part k JOIN product p ON p.sku = k.kit"
                          " WHERE k.sku = ?1 AND p.active = 1 ORDER BY k.kit")
                 .bind(part.text()),
             [](const Statement& row) { return stored_sku(row.text(0)); });
}

std::int64_t product_count(Connection& connection) {
  return first(connection.prepare("SELECT count(*) FROM product").bind(),
               [](const Statement& row) { return row.integer(0); })
      .value_or(0);
}

std::optional<domain::Facility> find_facility(Connection& connection, const SiteId& site) {
  return first(connection
                   .prepare("SELECT site, name, kind, latitude_udeg, longitude_udeg, active"
                            " FROM facility WHERE site = ?1")
                   .bind(site.text()),
               read_facility);
}

std::vector<domain::Facility> facilities(Connection& connection) {
  return all(connection
                 .prepare("SELECT site, name, kind, latitude_udeg, longitude_udeg, active"
                          " FROM facility ORDER BY site")
                 .bind(),
             read_facility);
}

std::vector<domain::Location> locations(Connection& connection, const SiteId& site) {
  return all(connection
                 .prepare("SELECT code, type, pick_sequence FROM location WHERE site = ?1"
                          " ORDER BY pick_sequence, code")
                 .bind(site.text()),
             read_location);
}

std::optional<domain::Location> find_location(Connection& connection, const SiteId& site,
                                              const LocationCode& code) {
  return first(connection
                   .prepare("SELECT code, type, pick_sequence FROM location"
                            " WHERE site = ?1 AND code = ?2")
                   .bind(site.text(), code.text()),
               read_location);
}

std::optional<domain::StaffMember> find_staff(Connection& connection, const SiteId& site,
                                              const std::string& name) {
  return first(connection
                   .prepare("SELECT user, name, role, pin_hash, active FROM staff"
                            " WHERE site = ?1 AND name = ?2 AND active = 1")
                   .bind(site.text(), name),
               read_staff);
}

std::optional<domain::StaffMember> find_staff(Connection& connection, const SiteId& site,
                                              UserId user) {
  return first(connection
                   .prepare("SELECT user, name, role, pin_hash, active FROM staff"
                            " WHERE site = ?1 AND user = ?2")
                   .bind(site.text(), user.value()),
               read_staff);
}

std::vector<SiteStaffMember> staff(Connection& connection) {
  return all(connection
                 .prepare("SELECT user, name, role, pin_hash, active, site FROM staff"
                          " ORDER BY site, name, user")
                 .bind(),
             [](const Statement& row) {
               return SiteStaffMember{stored_site(row.text(5)), read_staff(row)};
             });
}

std::optional<domain::Node> find_node(Connection& connection, NodeId node) {
  return first(connection.prepare("SELECT id, site, name, active FROM node WHERE id = ?1")
                   .bind(node.value()),
               read_node);
}

std::vector<domain::Node> nodes(Connection& connection) {
  return all(
      connection.prepare("SELECT id, site, name, active FROM node ORDER BY site, name, id").bind(),
      read_node);
}

std::uint64_t LabelSerials::left() const {
  std::uint64_t granted = 0;
  for (const domain::LabelBlockGranted& block : blocks) granted += block.block.count;
  return granted - std::min(granted, used);
}

LabelSerials label_serials(Connection& connection, NodeId node, Incarnation inc) {
  LabelSerials serials;
  Statement& select = connection.prepare(
      "SELECT gs1_prefix, first, count FROM label_block WHERE node = ?1 AND inc = ?2"
      " ORDER BY first");
  select.bind(node.value(), inc.value());
  while (select.step()) {
    const auto prefix = domain::Gs1Prefix::parse(select.text(0));
    CAIRN_ASSERT(prefix.has_value(), "stored prefixes are well-formed");
    serials.blocks.push_back(
        {node, inc, *prefix, {select.unsigned_integer(1), select.unsigned_integer(2)}});
  }
  Statement& used = connection.prepare("SELECT used FROM label_use WHERE node = ?1 AND inc = ?2");
  if (used.bind(node.value(), inc.value()).step()) serials.used = used.unsigned_integer(0);
  used.reset();
  return serials;
}

std::uint64_t next_label_serial(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT max(coalesce((SELECT max(first + count) FROM label_block), 0),"
      " coalesce((SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM meta"
      "  WHERE name = 'label_floor'), 0))");
  select.bind();
  const std::uint64_t next = select.step() ? select.unsigned_integer(0) : 0;
  select.reset();
  return next;
}

}  // namespace cairn::storage
