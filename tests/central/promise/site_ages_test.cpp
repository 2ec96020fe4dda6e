#include "central/promise/site_ages.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

namespace cairn::central::site_ages_test {
namespace {

using cairn::test::node;
using cairn::test::site;
using cairn::test::utc;

const UtcTime kNow = utc("2026-11-24T12:00:00Z");

DeviceHeard device(bool online, const char* heard, std::uint64_t hwm = 5, std::uint64_t head = 5) {
  return {node(1), online, heard == nullptr ? std::nullopt : std::optional(utc(heard)), hwm, head};
}

TEST_CASE("site age: connected, and everything told: what is known is of now",
          "[central][promise]") {
  CHECK(site_age({device(true, nullptr)}, kNow).age_s == 0);
  // However long it had nothing to say.
  CHECK(site_age({device(true, "2026-11-24T08:00:00Z")}, kNow).age_s == 0);
}

TEST_CASE("site age: it is that of the device heard longest ago", "[central][promise]") {
  const auto near = device(false, "2026-11-24T11:59:00Z");
  const auto far = device(false, "2026-11-24T11:00:00Z");
  CHECK(site_age({near}, kNow).age_s == 60);
  CHECK(site_age({near, far, device(true, nullptr)}, kNow).age_s == 3600);
  CHECK(site_age({near, far}, kNow).devices.size() == 2);
}

TEST_CASE("site age: one that still has something to tell is as old as its last word",
          "[central][promise]") {
  CHECK(site_age({device(true, "2026-11-24T11:59:30Z", 5, 9)}, kNow).age_s == 30);
}

TEST_CASE("site age: one not heard since the start is of unknown age", "[central][promise]") {
  CHECK(site_age({device(false, nullptr)}, kNow).age_s == std::nullopt);
  CHECK(site_age({device(false, nullptr), device(true, nullptr)}, kNow).age_s == std::nullopt);
}

TEST_CASE("site age: a clock that was put back makes nothing younger than now",
          "[central][promise]") {
  CHECK(site_age({device(false, "2026-11-24T12:05:00Z")}, kNow).age_s == 0);
}

TEST_CASE("site ages: a site without devices is the hub's own", "[central][promise]") {
  SiteAges ages;
  ages.set({{site("store"), {device(false, "2026-11-24T11:59:00Z")}}});
  CHECK(ages.of(site("store"), kNow).age_s == 60);
  CHECK(ages.of(site("depot"), kNow).age_s == 0);
  CHECK(ages.of(site("depot"), kNow).devices.empty());
}

}  // namespace
}  // namespace cairn::central::site_ages_test
