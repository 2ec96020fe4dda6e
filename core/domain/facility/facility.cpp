#include "core/domain/facility/facility.h"

#include "core/base/utf8.h"

#include <array>
#include <utility>

namespace cairn::domain {
namespace {

constexpr std::array<std::pair<FacilityKind, std::string_view>, 2> kKinds = {{
    {FacilityKind::kWarehouse, "WAREHOUSE"},
    {FacilityKind::kStore, "STORE"},
}};

constexpr std::array<std::pair<LocationType, std::string_view>, 5> kTypes = {{
    {LocationType::kPick, "PICK"},
    {LocationType::kBulk, "BULK"},
    {LocationType::kStaging, "STAGING"},
    {LocationType::kReturns, "RETURNS"},
    {LocationType::kQc, "QC"},
}};

}  // namespace

std::string_view name_of(FacilityKind kind) {
  for (const auto& [value, name] : kKinds) {
    if (value == kind) return name;
  }
  return "";
}

Result<FacilityKind> parse_facility_kind(std::string_view text) {
  for (const auto& [value, name] : kKinds) {
    if (name == text) return value;
  }
  return fail(ErrorCode::kInvalid, "bad_facility_kind", "a facility is a WAREHOUSE or a STORE");
}

std::string_view name_of(LocationType type) {
  for (const auto& [value, name] : kTypes) {
    if (value == type) return name;
  }
  return "";
}

Result<LocationType> parse_location_type(std::string_view text) {
  for (const auto& [value, name] : kTypes) {
    if (name == text) return value;
  }
  return fail(ErrorCode::kInvalid, "bad_location_type",
              "a location is of type PICK, BULK, STAGING, RETURNS or QC");
}

Result<> validate(const Facility& facility) {
  const auto bad = [](const char* why) { return fail(ErrorCode::kInvalid, "bad_facility", why); };
  if (facility.site.empty()) return bad("a facility needs a site id");
  if (facility.name.empty() || facility.name.size() > 80 || !is_utf8(facility.name)) {
    return bad("a facility's name has 1 to 80 octets of UTF-8");
  }
  if (!facility.position.valid()) return bad("latitude or longitude is out of range");
  return {};
}

}  // namespace cairn::domain
