#pragma once
// Values read back from our own columns: they were checked when they were written, so anything else
// is a bug or a damaged file. For core/storage.

#include "core/base/assert.h"
#include "core/base/ids.h"
#include "core/base/money.h"

#include <string>

namespace cairn::storage {

inline SiteId stored_site(const std::string& text) {
  if (text.empty()) return {};  // head office
  const auto site = SiteId::parse(text);
  CAIRN_ASSERT(site.has_value(), "stored sites are well-formed");
  return *site;
}

inline Sku stored_sku(const std::string& text) {
  const auto sku = Sku::parse(text);
  CAIRN_ASSERT(sku.has_value(), "stored SKUs are well-formed");
  return *sku;
}

inline LocationCode stored_location(const std::string& text) {
  if (text.empty()) return {};  // outside the site
  const auto location = LocationCode::parse(text);
  CAIRN_ASSERT(location.has_value(), "stored locations are well-formed");
  return *location;
}

inline Currency stored_currency(const std::string& text) {
  const auto currency = Currency::parse(text);
  CAIRN_ASSERT(currency.has_value(), "stored currencies are well-formed");
  return *currency;
}

inline LineNo stored_line(std::int64_t number) {
  return LineNo(static_cast<std::uint32_t>(number));
}

}  // namespace cairn::storage
