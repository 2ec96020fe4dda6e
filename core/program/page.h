#pragma once
// Pages of a list over HTTP: `limit` and an opaque `cursor` in, `items` and `next_cursor` out. Any
// thread.

#include "core/json/value.h"
#include "core/runtime/http_message.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::program {

struct PageRequest {
  std::size_t limit = 100;
  std::vector<std::string> after;  ///< the parts of the cursor; empty: the first page
};

/// `parts`: how many parts this list's cursors have. Errors: kInvalid "bad_limit", "bad_cursor".
Result<PageRequest> read_page(const runtime::HttpRequest& request, std::size_t parts);

/// The number in a cursor of one part, as lists by rank give them; nothing: the first page. Errors:
/// kInvalid "bad_cursor".
Result<std::optional<std::int64_t>> rank_behind(const PageRequest& page);

/// `?name=true` or `=false`; absent: false. Errors: kInvalid "bad_flag".
Result<bool> read_flag(const runtime::HttpRequest& request, std::string_view name);

/// Lists ask for one row more than the page shall have; this drops it. True: there is a next page.
template <class Row>
bool cut_page(std::vector<Row>& rows, std::size_t limit) {
  if (rows.size() <= limit) return false;
  rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
  return true;
}

/// `{items, next_cursor}`; `next`: the cursor's parts, empty if this was the last page.
json::Value write_page(json::Value items, const std::vector<std::string>& next);

/// `{items}`, for lists that are short by nature.
json::Value write_list(json::Value items);

}  // namespace cairn::program
