#include "central/promise/site_ages.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

namespace cairn::central::site_ages_test {
namespace {

using cairn::test::node;
using cairn::test::site;
using cairn::test::utc;

const UtcTime kNow = utc("2026-11-24T12:00:00Z");

DeviceHeard device(bool online, std::optional<UtcTime> caught_up, std::uint64_t hwm = 5,
                   std::uint64_t head = 5) {
  return {node(1), online, std::nullopt, hwm, head, caught_up};
}

TEST_CASE("site age: connected, and everything told: what is known is of now",
          "[central][promise]") {
  CHECK(site_age({device(true, std::nullopt)}, kNow).age_s == 0);
  // However long it had nothing to say.
  CHECK(site_age({device(true, utc("2026-11-24T08:00:00Z"))}, kNow).age_s == 0);
}

TEST_CASE("site age: it is that of the device caught up with longest ago", "[central][promise]") {
  const auto near = device(false, utc("2026-11-24T11:59:00Z"));
  const auto far = device(false, utc("2026-11-24T11:00:00Z"));
  CHECK(site_age({near}, kNow).age_s == 60);
  CHECK(site_age({near, far, device(true, std::nullopt)}, kNow).age_s == 3600);
  CHECK(site_age({near, far}, kNow).devices.size() == 2);
}

TEST_CASE("site age: one never caught up with since the start is of unknown age",
          "[central][promise]") {
  CHECK(site_age({device(false, std::nullopt)}, kNow).age_s == std::nullopt);
  CHECK(site_age({device(true, std::nullopt, 5, 9)}, kNow).age_s == std::nullopt);
  CHECK(site_age({device(false, std::nullopt), device(true, std::nullopt)}, kNow).age_s ==
        std::nullopt);
}

TEST_CASE("site age: a clock that was put back makes nothing younger than now",
          "[central][promise]") {
  CHECK(site_age({device(false, utc("2026-11-24T12:05:00Z"))}, kNow).age_s == 0);
}

TEST_CASE("site ages: one that comes back with much to tell is as old as before until it is told",
          "[central][promise]") {
  SiteAges ages;
  const auto note = [&ages](const DeviceHeard& heard, const char* at) {
    ages.note({{site("store"), {heard}}}, utc(at));
  };
  note(device(true, std::nullopt, 5, 5), "2026-11-24T04:00:00Z");
  note(device(false, std::nullopt, 5, 5), "2026-11-24T04:00:05Z");
  CHECK(ages.of(site("store"), kNow).age_s == 8 * 3600);
  note(device(true, std::nullopt, 6, 9000), "2026-11-24T11:59:55Z");
  CHECK(ages.of(site("store"), kNow).age_s == 8 * 3600);
  note(device(true, std::nullopt, 9000, 9000), "2026-11-24T12:00:00Z");
  CHECK(ages.of(site("store"), kNow).age_s == 0);
}

TEST_CASE("site ages: a site without devices is the hub's own", "[central][promise]") {
  const SiteAges ages;
  CHECK(ages.of(site("depot"), kNow).age_s == 0);
  CHECK(ages.of(site("depot"), kNow).devices.empty());
}

}  // namespace
}  // namespace cairn::central::site_ages_test
