#include "core/storage/site_load.h"

#include "core/base/hlc.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace cairn::storage {
namespace {

/// A number may have been made before its group was written, by another clock.
constexpr Duration kNumberedBefore = std::chrono::hours(24);

std::int64_t stamp_of(UtcTime at) { return static_cast<std::int64_t>(Hlc::of(at).value); }

/// The least number (UUID version 7) that is made at `at`: 48 bits of milliseconds, then zeros.
Uuid first_number(UtcTime at) {
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(at.us / 1000, 0));
  std::array<std::uint8_t, Uuid::kSize> octets{};
  for (unsigned i = 0; i < 6; ++i) octets.at(i) = static_cast<std::uint8_t>(ms >> (40U - 8U * i));
  return Uuid(octets);
}

std::map<SiteId, std::int64_t> by_site(Statement& select) {
  std::map<SiteId, std::int64_t> found;
  while (select.step()) found.emplace(stored_site(select.text(0)), select.integer(1));
  return found;
}

}  // namespace

std::map<SiteId, std::int64_t> orders_given(Connection& connection, UtcTime since) {
  return by_site(connection.prepare(kOrdersGiven).bind(stamp_of(since)));
}

std::map<SiteId, std::int64_t> milli_given(Connection& connection, const Sku& sku, UtcTime since) {
  const UtcTime numbered{since.us - kNumberedBefore.count()};
  return by_site(
      connection.prepare(kMilliGiven).bind(sku.text(), first_number(numbered), stamp_of(since)));
}

Shorts shorts_of(Connection& connection, OrderId order) {
  Statement& select = connection.prepare(kShorts);
  select.bind(order.value());
  Shorts shorts;
  while (select.step()) shorts.emplace(stored_site(select.text(0)), stored_sku(select.text(1)));
  return shorts;
}

}  // namespace cairn::storage
