#pragma once
// Products, facilities, locations, staff, nodes: what the hub defines. Class: the last definition
// in feed order holds. Writing: loop only. Errors as in sqlite/connection.h.

#include "core/domain/envelope.h"
#include "core/domain/event.h"
#include "core/storage/sqlite/connection.h"

#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

class ReferenceData {
 public:
  explicit ReferenceData(Connection& connection) : connection_(&connection) {}

  void apply(const domain::Envelope& meta, const domain::ReferenceEvent& event);
  /// One more serial of its blocks is on a label.
  void note_label(NodeId node, Incarnation inc);
  void reset();

 private:
  void apply_one(const domain::Envelope& meta, const domain::ProductDefined& defined);
  void save_trait(const domain::Product& product);
  void save_parts(const domain::Product& product);
  void apply_one(const domain::Envelope& meta, const domain::FacilityDefined& defined);
  void apply_one(const domain::Envelope& meta, const domain::LocationDefined& defined);
  void apply_one(const domain::Envelope& meta, const domain::StaffAssigned& assigned);
  void apply_one(const domain::Envelope& meta, const domain::NodeRegistered& registered);
  void apply_one(const domain::Envelope& meta, const domain::LabelBlockGranted& granted);

  Connection* connection_;
};

// ---- queries: any connection ----

std::optional<domain::Product> find_product(Connection& connection, const Sku& sku);
/// The active product with this GTIN; the first by SKU if several claim it.
std::optional<domain::Product> find_product(Connection& connection, const Gtin& gtin);
/// By SKU, after `after_sku`.
std::vector<domain::Product> products(Connection& connection, const std::string& after_sku,
                                      std::size_t limit);
/// The kits that are sold and have this article among their parts, by SKU.
std::vector<Sku> kits_with(Connection& connection, const Sku& part);
std::int64_t product_count(Connection& connection);

std::optional<domain::Facility> find_facility(Connection& connection, const SiteId& site);
std::vector<domain::Facility> facilities(Connection& connection);

std::vector<domain::Location> locations(Connection& connection, const SiteId& site);
std::optional<domain::Location> find_location(Connection& connection, const SiteId& site,
                                              const LocationCode& code);

struct SiteStaffMember {
  SiteId site;
  domain::StaffMember member;
};
/// An active member by the name used to sign in.
std::optional<domain::StaffMember> find_staff(Connection& connection, const SiteId& site,
                                              const std::string& name);
std::optional<domain::StaffMember> find_staff(Connection& connection, const SiteId& site,
                                              UserId user);
std::vector<SiteStaffMember> staff(Connection& connection);

std::optional<domain::Node> find_node(Connection& connection, NodeId node);
std::vector<domain::Node> nodes(Connection& connection);

/// Serials for labels of one incarnation of a node.
struct LabelSerials {
  std::vector<domain::LabelBlockGranted> blocks;  ///< in the order they are used
  std::uint64_t used = 0;

  [[nodiscard]] std::uint64_t left() const;
};
LabelSerials label_serials(Connection& connection, NodeId node, Incarnation inc);
/// The first serial that is in no block, whatever its prefix: tracking numbers have no prefix.
std::uint64_t next_label_serial(Connection& connection);

}  // namespace cairn::storage
