#include "core/runtime/detail/route_table.h"

#include "core/runtime/detail/percent.h"
#include "tests/support/catch.h"

namespace cairn::runtime::route_table_test {
namespace {

Result<HttpResponse> nothing(const HttpRequest&, const Principal&) { return HttpResponse{}; }

Route route(std::string method, std::string pattern) {
  return {std::move(method), std::move(pattern), "", nothing};
}

/// "METHOD pattern {name=value}" of the route found, or what is allowed, or "unknown".
std::string found(const RouteTable& table, std::string_view method, std::string_view path) {
  const auto segments = split_path(path);
  REQUIRE(segments);
  const auto match = table.find(method, *segments);
  if (match.entry == nullptr) return match.allow.empty() ? "unknown" : "allow " + match.allow;
  std::string text = match.entry->route.method + " " + match.entry->route.pattern;
  for (const auto& [name, value] : match.parameters) text += " " + name + "=" + value;
  return text;
}

TEST_CASE("route table: literal before {name} before {name...}", "[runtime][route]") {
  const RouteTable table(
      {route("GET", "/{path...}"), route("GET", "/orders/{id}"), route("GET", "/orders/open"),
       route("GET", "/orders/{id}/lines/{no}"), route("GET", "/ui/{path...}")},
      {});
  CHECK(found(table, "GET", "/orders/open") == "GET /orders/open");
  CHECK(found(table, "GET", "/orders/7") == "GET /orders/{id} id=7");
  CHECK(found(table, "GET", "/orders/a%2Fb") == "GET /orders/{id} id=a/b");
  CHECK(found(table, "GET", "/orders/7/lines/2") == "GET /orders/{id}/lines/{no} id=7 no=2");
  CHECK(found(table, "GET", "/orders/") == "GET /{path...} path=orders/");
  CHECK(found(table, "GET", "/ui") == "GET /ui/{path...} path=");
  CHECK(found(table, "GET", "/ui/") == "GET /ui/{path...} path=");
  CHECK(found(table, "GET", "/ui/assets/a.js") == "GET /ui/{path...} path=assets/a.js");
  CHECK(found(table, "GET", "/") == "GET /{path...} path=");
}

TEST_CASE("route table: an escaped slash does not slip into {name...}", "[runtime][route]") {
  const RouteTable table({route("GET", "/ui/{path...}")}, {});
  CHECK(found(table, "GET", "/ui/a%2F..%2F..%2Fetc") == "unknown");
}

TEST_CASE("route table: another method of a known path names those that there are",
          "[runtime][route]") {
  const RouteTable table({route("GET", "/orders"), route("POST", "/orders"),
                          route("DELETE", "/orders/{id}"), route("POST", "/orders/search")},
                         {});
  CHECK(found(table, "PUT", "/orders") == "allow GET, HEAD, POST");
  CHECK(found(table, "HEAD", "/orders") == "GET /orders");
  CHECK(found(table, "HEAD", "/orders/7") == "allow DELETE");
  CHECK(found(table, "DELETE", "/orders/search") == "DELETE /orders/{id} id=search");
  CHECK(found(table, "get", "/orders") == "allow GET, HEAD, POST");
  CHECK(found(table, "GET", "/order") == "unknown");
}

}  // namespace
}  // namespace cairn::runtime::route_table_test
