// Lists over HTTP, page by page: every row once, and no empty page at the end.

#include "core/program/routes/ship_group_routes.h"
#include "core/program/routes/stock_routes.h"
#include "tests/core/program/support/desk.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace cairn::program::lists_test {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using storage::test::group_id;
using storage::test::order_id;
using storage::test::pieces;
using storage::test::site;

using List = std::function<Result<HttpResponse>(const HttpRequest&)>;

/// Six ship groups, returns and stock cells of site "store".
struct Lists : test::Desk {
  Lists() {
    for (std::uint64_t i = 1; i <= 6; ++i) {
      store.append(domain::ShipGroupEvent(
                       storage::test::allocated(group_id(i), order_id(i), {{1, "A1", 1}})),
                   domain::ship_group_key(group_id(i)), site("store"));
      store.append(domain::ReturnEvent(storage::test::came_back(i, i, 1, 1)),
                   domain::return_ledger_key(group_id(i), site("store")), site("store"));
      const std::string bin = "B-" + std::to_string(i);
      store.append(domain::StockEvent(storage::test::counted("A1", bin, pieces(1))), {},
                   site("store"));
    }
  }
  List ship_groups() {
    return [this](const HttpRequest& request) { return ship_group_page(readers, request, {}); };
  }
  List stock() {
    return
        [this](const HttpRequest& request) { return stock_page(readers, request, site("store")); };
  }
  List returns() {
    return [this](const HttpRequest& request) -> Result<HttpResponse> {
      for (const runtime::Route& route : ship_group_routes(readers)) {
        if (route.pattern == "/api/v1/returns") return route.handler(request, {});
      }
      return fail(ErrorCode::kNotFound, "no_route", "there is no such route");
    };
  }
};

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

/// How many rows each page has; `row`: what every row has once.
std::vector<std::size_t> sizes(const List& list, std::size_t limit, const std::string& row) {
  std::vector<std::size_t> pages;
  std::string cursor;
  do {
    HttpRequest request;
    request.query = {{"limit", std::to_string(limit)}};
    if (!cursor.empty()) request.query.emplace_back("cursor", cursor);
    const auto answer = list(request);
    REQUIRE(answer);
    pages.push_back(count(answer->body, row));
    const auto at = answer->body.find("\"next_cursor\":\"");
    cursor.clear();
    if (at == std::string::npos) break;
    cursor = answer->body.substr(at + 15, answer->body.find('"', at + 15) - at - 15);
  } while (pages.size() < 10);
  return pages;
}

using Sizes = std::vector<std::size_t>;

TEST_CASE("lists: a last page that is just full is the last one", "[program][lists]") {
  Lists lists;
  const std::vector<std::pair<List, std::string>> all{{lists.ship_groups(), "\"method\":"},
                                                      {lists.returns(), "\"refund\":"},
                                                      {lists.stock(), "\"location\":"}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    const auto& [list, row] = all[i];
    CHECK(sizes(list, 100, row) == Sizes{6});
    CHECK(sizes(list, 6, row) == Sizes{6});
    CHECK(sizes(list, 3, row) == Sizes{3, 3});
    CHECK(sizes(list, 4, row) == Sizes{4, 2});
    CHECK(sizes(list, 1, row) == Sizes{1, 1, 1, 1, 1, 1});
  }
}

TEST_CASE("lists: a cursor of another list is refused", "[program][lists]") {
  Lists lists;
  HttpRequest request;
  request.query = {{"cursor", "411F42"}};
  for (const List& list : {lists.ship_groups(), lists.returns()}) {
    const auto refused = list(request);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kInvalid);
    CHECK(refused.error().reason == "bad_cursor");
  }
}

}  // namespace
}  // namespace cairn::program::lists_test
