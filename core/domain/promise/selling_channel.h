#pragma once
// Selling channel: who sells, and which sites' stock. A channel nobody has defined sells what every
// active site has, whatever its age. Merge rule: the hub is the only writer; the last definition of
// a channel's name holds.

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::domain {

enum class ChannelSiteMode : std::uint8_t {
  kOnline = 1,      ///< sold to be shipped and to be collected
  kPickupOnly = 2,  ///< sold to be collected
  kExcluded = 3,
};
/// "ONLINE", "PICKUP_ONLY", "EXCLUDED"; empty for a number that is none of them.
std::string_view name_of(ChannelSiteMode mode);
/// Errors: kInvalid "bad_site_mode".
Result<ChannelSiteMode> parse_channel_site_mode(std::string_view text);

/// What a channel does with a site that was not heard for long.
struct Freshness {
  std::int64_t stale_after_s = 0;  ///< 0: its age does not matter
  int kept_percent = 0;            ///< of such a site's stock that is still sold: 0 leaves it out
  friend bool operator==(const Freshness&, const Freshness&) = default;
};

struct SellingChannel {
  struct Site {
    SiteId site;
    ChannelSiteMode mode = ChannelSiteMode::kOnline;
    friend bool operator==(const Site&, const Site&) = default;
  };

  std::string name;  ///< as orders name it: 1-32 octets
  ChannelSiteMode other_sites = ChannelSiteMode::kOnline;
  std::vector<Site> sites;           ///< those that differ; by site, each once
  std::int64_t threshold_milli = 0;  ///< of each article, kept back over all sites
  Freshness freshness;
  bool sells_ahead = false;  ///< also of what is still to come, of articles that are sold out
  bool active = true;        ///< false: withdrawn, as if it had never been defined

  static constexpr std::size_t kMaxName = 32;  ///< octets
  static constexpr std::size_t kMaxSites = 10'000;

  [[nodiscard]] ChannelSiteMode mode_of(const SiteId& site) const;
  friend bool operator==(const SellingChannel&, const SellingChannel&) = default;
};

/// Hub only.
struct SellingChannelDefined {
  static constexpr std::uint32_t kTypeId = 61;
  SellingChannel channel;
  friend bool operator==(const SellingChannelDefined&, const SellingChannelDefined&) = default;
};

/// Errors: kInvalid "bad_channel" with a sentence.
Result<> validate(const SellingChannel& channel);

/// How much of a site's stock is sold, by its age; nothing is known of a site never heard: it is
/// as old as can be. `age_s`: nothing if it was never heard.
int kept_percent(const Freshness& freshness, std::optional<std::int64_t> age_s);

}  // namespace cairn::domain
