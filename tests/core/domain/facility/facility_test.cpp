#include "core/domain/facility/facility.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::domain::facility_test {
namespace {

using namespace test;

TEST_CASE("facility: its kinds have names that are read back", "[domain][facility]") {
  CHECK(name_of(FacilityKind::kWarehouse) == "WAREHOUSE");
  CHECK(name_of(FacilityKind::kStore) == "STORE");
  CHECK(parse_facility_kind("WAREHOUSE") == FacilityKind::kWarehouse);
  CHECK(parse_facility_kind("STORE") == FacilityKind::kStore);
  CHECK(name_of(static_cast<FacilityKind>(0)).empty());
  CHECK(name_of(static_cast<FacilityKind>(3)).empty());
  for (const std::string text : {"", "store", "STORE ", "SUPPLIER"}) {
    CAPTURE(text);
    const auto kind = parse_facility_kind(text);
    REQUIRE_FALSE(kind);
    CHECK(kind.error().code == ErrorCode::kInvalid);
    CHECK(kind.error().reason == "bad_facility_kind");
  }
}

TEST_CASE("location: its types have names that are read back", "[domain][facility]") {
  const std::vector<std::pair<LocationType, std::string_view>> names{
      {LocationType::kPick, "PICK"},       {LocationType::kBulk, "BULK"},
      {LocationType::kStaging, "STAGING"}, {LocationType::kReturns, "RETURNS"},
      {LocationType::kQc, "QC"},
  };
  for (const auto& [type, name] : names) {
    CHECK(name_of(type) == name);
    CHECK(parse_location_type(name) == type);
  }
  CHECK(name_of(static_cast<LocationType>(0)).empty());
  CHECK(name_of(static_cast<LocationType>(6)).empty());
  for (const std::string text : {"", "pick", "Q C", "TOTE"}) {
    CAPTURE(text);
    const auto type = parse_location_type(text);
    REQUIRE_FALSE(type);
    CHECK(type.error().code == ErrorCode::kInvalid);
    CHECK(type.error().reason == "bad_location_type");
  }
}

TEST_CASE("facility: a definition needs a site, a name and a place on the map",
          "[domain][facility]") {
  const Facility good{site("store-1"), "Store 1", FacilityKind::kStore, {1, 2}, true};
  CHECK(validate(good));
  const std::vector<std::pair<std::function<void(Facility&)>, bool>> rows{
      {[](Facility& f) { f.site = SiteId{}; }, false},
      {[](Facility& f) { f.name.clear(); }, false},
      {[](Facility& f) { f.name.assign(80, 'n'); }, true},
      {[](Facility& f) { f.name.assign(81, 'n'); }, false},
      {[](Facility& f) { f.name.assign(1, '\xff'); }, false},
      {[](Facility& f) { f.position = {90'000'000, -180'000'000}; }, true},
      {[](Facility& f) { f.position = {90'000'001, 0}; }, false},
      {[](Facility& f) { f.position = {0, -180'000'001}; }, false},
      {[](Facility& f) { f.active = false; }, true},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(i);
    Facility facility = good;
    rows[i].first(facility);
    const auto ok = validate(facility);
    CHECK(ok.has_value() == rows[i].second);
    if (!ok) CHECK(ok.error().code == ErrorCode::kInvalid);
    if (!ok) CHECK(ok.error().reason == "bad_facility");
  }
}

}  // namespace
}  // namespace cairn::domain::facility_test
