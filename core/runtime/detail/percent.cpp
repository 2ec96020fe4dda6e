#include "core/runtime/detail/percent.h"

#include "core/base/utf8.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>

namespace cairn::runtime {
namespace {

constexpr std::size_t kMaxSegments = 64;

Result<std::string> form_decode(std::string_view text) {
  std::string blanks(text);
  std::ranges::replace(blanks, '+', ' ');
  return percent_decode(blanks);
}

}  // namespace

Result<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  try {
    Poco::URI::decode(std::string(text), decoded);
  } catch (const Poco::SyntaxException&) {
    return fail(ErrorCode::kInvalid, "bad_escape",
                "'%' must be followed by two hexadecimal digits");
  }
  if (!is_utf8(decoded)) {
    return fail(ErrorCode::kInvalid, "bad_escape", "the address must be UTF-8 without NUL");
  }
  return decoded;
}

Result<std::vector<std::string>> split_path(std::string_view path) {
  if (!path.starts_with('/'))
    return fail(ErrorCode::kInvalid, "bad_path", "a path starts with '/'");
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view raw = path.substr(0, path.find('/'));
    auto segment = percent_decode(raw);
    if (!segment) return fail(segment.error());
    if (*segment == "." || *segment == ".." || segments.size() == kMaxSegments) {
      return fail(ErrorCode::kInvalid, "bad_path",
                  "a path has at most 64 segments, none '.' or '..'");
    }
    segments.push_back(std::move(*segment));
    path.remove_prefix(raw.size());
  }
  return segments;
}

Result<std::vector<std::pair<std::string, std::string>>> split_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> fields;
  while (!query.empty()) {
    const std::string_view field = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), field.size() + 1));
    if (field.empty()) continue;
    const auto equals = field.find('=');
    auto name = form_decode(field.substr(0, equals));
    if (!name) return fail(name.error());
    auto value = form_decode(equals == std::string_view::npos ? std::string_view{}
                                                              : field.substr(equals + 1));
    if (!value) return fail(value.error());
    fields.emplace_back(std::move(*name), std::move(*value));
  }
  return fields;
}

}  // namespace cairn::runtime
