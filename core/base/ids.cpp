#include "core/base/ids.h"

#include "core/base/bytes.h"
#include "core/base/numbers.h"

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

Result<EventRef> EventRef::parse(std::string_view text) {
  const auto bad = [] {
    return fail(ErrorCode::kInvalid, "bad_event", "an event is named like node/inc/seq");
  };
  const auto first = text.find('/');
  const auto last = text.rfind('/');
  if (first == std::string_view::npos || first == last) return bad();
  const auto node = Uuid::parse(text.substr(0, first));
  const auto inc = from_hex(text.substr(first + 1, last - first - 1));
  const auto seq = parse_unsigned(text.substr(last + 1));
  if (!node || !inc || inc->size() != sizeof(std::uint64_t) || !seq) return bad();
  std::uint64_t number = 0;
  for (const char octet : *inc) number = (number << 8U) | static_cast<unsigned char>(octet);
  return EventRef{NodeId(*node), Incarnation(number), *seq};
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
