#include "core/domain/promise/selling_channel.h"

#include "core/base/quantity.h"
#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::domain::selling_channel_test {
namespace {

using cairn::test::site;
using Mode = ChannelSiteMode;

SellingChannel web() {
  SellingChannel channel;
  channel.name = "web";
  channel.sites = {{site("leeds"), Mode::kPickupOnly}, {site("york"), Mode::kExcluded}};
  return channel;
}

TEST_CASE("channel: a site that is not named is as the others are", "[domain][promise]") {
  SellingChannel channel = web();
  CHECK(channel.mode_of(site("leeds")) == Mode::kPickupOnly);
  CHECK(channel.mode_of(site("york")) == Mode::kExcluded);
  CHECK(channel.mode_of(site("london")) == Mode::kOnline);
  channel.other_sites = Mode::kExcluded;
  CHECK(channel.mode_of(site("london")) == Mode::kExcluded);
}

TEST_CASE("channel: the names of the modes", "[domain][promise]") {
  for (const auto mode : {Mode::kOnline, Mode::kPickupOnly, Mode::kExcluded}) {
    CHECK(parse_channel_site_mode(name_of(mode)).value() == mode);
  }
  CHECK_FALSE(parse_channel_site_mode("online"));
  CHECK(name_of(static_cast<Mode>(9)).empty());
}

TEST_CASE("channel: how much of a site is sold, by its age", "[domain][promise]") {
  const Freshness never{};
  CHECK(kept_percent(never, 0) == 100);
  CHECK(kept_percent(never, std::nullopt) == 100);
  const Freshness leaves_out{300, 0};
  CHECK(kept_percent(leaves_out, 300) == 100);
  CHECK(kept_percent(leaves_out, 301) == 0);
  CHECK(kept_percent(leaves_out, std::nullopt) == 0);
  CHECK(kept_percent({300, 40}, 301) == 40);
}

TEST_CASE("channel: what is no channel is refused", "[domain][promise]") {
  CHECK(validate(web()));
  std::vector<SellingChannel> bad(8, web());
  bad[0].name.clear();
  bad[1].name = std::string(33, 'n');
  bad[2].threshold_milli = -1;
  bad[3].threshold_milli = kMaxMilli + 1;
  bad[4].freshness.stale_after_s = -1;
  bad[5].freshness.kept_percent = 101;
  bad[6].sites.push_back({site("leeds"), Mode::kOnline});  // twice, and out of order
  bad[7].freshness.kept_percent = -1;
  for (const SellingChannel& channel : bad) {
    const auto checked = validate(channel);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().reason == "bad_channel");
  }
}

}  // namespace
}  // namespace cairn::domain::selling_channel_test
