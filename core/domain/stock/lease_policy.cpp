#include "core/domain/stock/lease_policy.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace cairn::domain {
namespace {

constexpr std::array<std::pair<BeyondLease, std::string_view>, 3> kBeyond = {{
    {BeyondLease::kWarn, "WARN"},
    {BeyondLease::kApprove, "APPROVE"},
    {BeyondLease::kRefuse, "REFUSE"},
}};

}  // namespace

std::string_view name_of(BeyondLease beyond) {
  for (const auto& [value, name] : kBeyond) {
    if (value == beyond) return name;
  }
  return "";
}

Result<BeyondLease> parse_beyond_lease(std::string_view text) {
  for (const auto& [value, name] : kBeyond) {
    if (name == text) return value;
  }
  return fail(ErrorCode::kInvalid, "bad_beyond_lease",
              "what a till does beyond its leases is WARN, APPROVE or REFUSE");
}

Result<> validate(const LeasePolicy& policy) {
  const auto bad = [](const char* why) {
    return fail(ErrorCode::kInvalid, "bad_lease_policy", why);
  };
  if (policy.name.empty() || policy.name.size() > LeasePolicy::kMaxName) {
    return bad("a policy has a name of 1 to 64 octets");
  }
  if (policy.skus.empty() || policy.skus.size() > LeasePolicy::kMaxSkus) {
    return bad("a policy names 1 to 1,000 articles");
  }
  if (std::ranges::adjacent_find(policy.skus, std::greater_equal<>{}) != policy.skus.end()) {
    return bad("the articles of a policy are sorted, none is named twice");
  }
  return {};
}

}  // namespace cairn::domain
