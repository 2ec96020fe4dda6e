#include "core/program/page.h"

#include "core/base/bytes.h"
#include "core/base/numbers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cairn::program {
namespace {

constexpr std::uint64_t kLimitMost = 1000;
constexpr std::string_view kCursor = "cursor is the next_cursor of the page before, unchanged";
constexpr char kBetween = '\x1F';  // ASCII unit separator: in no id, code or number

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == kBetween) {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

}  // namespace

Result<PageRequest> read_page(const runtime::HttpRequest& request, std::size_t parts) {
  PageRequest page;
  if (const auto limit = request.query_value("limit")) {
    const auto number = parse_unsigned(*limit);
    if (!number || *number == 0 || *number > kLimitMost) {
      return fail(ErrorCode::kInvalid, "bad_limit", "limit is a whole number from 1 to 1000");
    }
    page.limit = *number;
  }
  if (const auto cursor = request.query_value("cursor")) {
    const auto text = from_hex(*cursor);
    if (text) page.after = split(*text);
    if (!text || page.after.size() != parts) {
      return fail(ErrorCode::kInvalid, "bad_cursor", std::string(kCursor));
    }
  }
  return page;
}

Result<std::optional<std::int64_t>> rank_behind(const PageRequest& page) {
  if (page.after.empty()) return std::nullopt;
  const auto rank = parse_signed(page.after.front());
  if (!rank) return fail(ErrorCode::kInvalid, "bad_cursor", std::string(kCursor));
  return *rank;
}

Result<bool> read_flag(const runtime::HttpRequest& request, std::string_view name) {
  const auto text = request.query_value(name);
  if (!text || *text == "false") return false;
  if (*text == "true") return true;
  return fail(ErrorCode::kInvalid, "bad_flag", fmt::format("{} is true or false", name));
}

json::Value write_page(json::Value items, const std::vector<std::string>& next) {
  auto page = json::Value::object();
  page.set("items", std::move(items));
  if (next.empty()) {
    page.set_null("next_cursor");
  } else {
    page.set("next_cursor", to_hex(fmt::format("{}", fmt::join(next, std::string(1, kBetween)))));
  }
  return page;
}

json::Value write_list(json::Value items) {
  auto list = json::Value::object();
  list.set("items", std::move(items));
  return list;
}

}  // namespace cairn::program
