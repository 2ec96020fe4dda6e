#pragma once
// Facility: a place that holds stock; its site id names it everywhere. Location: a bin inside it.
// Merge rule: the hub is the only writer; the last definition in the feed holds.

#include "core/base/geo.h"
#include "core/base/ids.h"

#include <cstdint>
#include <string>

namespace cairn::domain {

enum class FacilityKind : std::uint8_t { kWarehouse = 1, kStore = 2 };

/// "WAREHOUSE", "STORE".
std::string_view name_of(FacilityKind kind);
/// Errors: kInvalid "bad_facility_kind".
Result<FacilityKind> parse_facility_kind(std::string_view text);

struct Facility {
  SiteId site;
  std::string name;  ///< 1-80 octets UTF-8
  FacilityKind kind = FacilityKind::kStore;
  GeoPoint position;
  bool active = true;

  friend bool operator==(const Facility&, const Facility&) = default;
};

struct FacilityDefined {
  static constexpr std::uint32_t kTypeId = 20;
  Facility facility;
  friend bool operator==(const FacilityDefined&, const FacilityDefined&) = default;
};

enum class LocationType : std::uint8_t {
  kPick = 1,
  kBulk = 2,
  kStaging = 3,
  kReturns = 4,
  kQc = 5
};

/// "PICK", "BULK", "STAGING", "RETURNS", "QC".
std::string_view name_of(LocationType type);
/// Errors: kInvalid "bad_location_type".
Result<LocationType> parse_location_type(std::string_view text);

struct Location {
  LocationCode code;
  LocationType type = LocationType::kPick;
  std::uint32_t pick_sequence = 0;  ///< the walk visits lower numbers first

  friend bool operator==(const Location&, const Location&) = default;
};

/// The site is the envelope's.
struct LocationDefined {
  static constexpr std::uint32_t kTypeId = 21;
  Location location;
  friend bool operator==(const LocationDefined&, const LocationDefined&) = default;
};

/// Errors: kInvalid "bad_facility" with a sentence.
Result<> validate(const Facility& facility);

}  // namespace cairn::domain
