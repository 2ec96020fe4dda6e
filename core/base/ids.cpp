#include "core/base/ids.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn {
namespace {

bool is_code(std::string_view text) {
  if (text.empty() || text.size() > 64 || text.front() == ' ' || text.back() == ' ') return false;
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::string EventRef::text() const {
  return fmt::format("{}/{}/{}", node.value().text(), hex64(inc.value()), seq);
}

std::string hex64(std::uint64_t value) { return fmt::format("{:016x}", value); }

Result<SiteId> SiteId::parse(std::string_view text) {
  const bool ok =
      !text.empty() && text.size() <= 32 && is_lower_or_digit(text.front()) &&
      std::ranges::all_of(text, [](char c) { return is_lower_or_digit(c) || c == '-'; });
  if (!ok) {
    return fail(ErrorCode::kInvalid, "bad_site_id",
                "a site is named by 1-32 lower-case letters, digits and dashes, "
                "with a letter or digit first");
  }
  SiteId id;
  id.text_ = text;
  return id;
}

Result<Sku> Sku::parse(std::string_view text) {
  if (!is_code(text)) {
    return fail(ErrorCode::kInvalid, "bad_sku",
                "a SKU has 1-64 printable ASCII characters and no blank at either end");
  }
  Sku sku;
  sku.text_ = text;
  return sku;
}

Result<LocationCode> LocationCode::parse(std::string_view text) {
  if (!is_code(text)) {
    return fail(ErrorCode::kInvalid, "bad_location",
                "a location has 1-64 printable ASCII characters and no blank at either end");
  }
  LocationCode code;
  code.text_ = text;
  return code;
}

}  // namespace cairn
