#include "core/program/page.h"

#include "tests/support/catch.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::program::page_test {
namespace {

using Query = std::vector<std::pair<std::string, std::string>>;

runtime::HttpRequest asking(Query query) {
  runtime::HttpRequest request;
  request.query = std::move(query);
  return request;
}

void check_refused(const Result<PageRequest>& page, const std::string& reason) {
  REQUIRE_FALSE(page);
  CHECK(page.error().code == ErrorCode::kInvalid);
  CHECK(page.error().reason == reason);
  CHECK_FALSE(page.error().message.empty());
}

TEST_CASE("page: without a word it is the first hundred", "[program][page]") {
  const auto page = read_page(asking({}), 2);
  REQUIRE(page);
  CHECK(page->limit == 100);
  CHECK(page->after.empty());
}

TEST_CASE("page: from 1 to 1000 rows", "[program][page]") {
  CHECK(read_page(asking({{"limit", "1"}}), 1)->limit == 1);
  CHECK(read_page(asking({{"limit", "1000"}}), 1)->limit == 1000);
  for (const char* const limit : {"0", "1001", "-1", "", "ten", "1.5", "99999999999999999999"}) {
    CAPTURE(limit);
    check_refused(read_page(asking({{"limit", limit}}), 1), "bad_limit");
  }
}

TEST_CASE("page: a list by rank goes on behind a number", "[program][page]") {
  const auto behind = [](std::vector<std::string> after) {
    return rank_behind({10, std::move(after)});
  };
  CHECK(*behind({}) == std::nullopt);
  CHECK(**behind({"17"}) == 17);
  CHECK(**behind({"-1"}) == -1);
  for (const char* const changed : {"", "x", "1.5", "99999999999999999999"}) {
    CAPTURE(changed);
    REQUIRE_FALSE(behind({changed}));
    CHECK(behind({changed}).error().reason == "bad_cursor");
  }
}

TEST_CASE("page: a cursor leads on to where it came from", "[program][page]") {
  for (const std::vector<std::string>& parts :
       {std::vector<std::string>{"17"}, std::vector<std::string>{"A-1", "B 2"},
        std::vector<std::string>{"", "", "\xC3\xA4"}}) {
    const json::Value page = write_page(json::Value::array(), parts);
    const std::string text = page.dump();
    const auto begin = text.find("\"next_cursor\":\"") + 15;
    const std::string cursor = text.substr(begin, text.find('"', begin) - begin);
    const auto next = read_page(asking({{"cursor", cursor}}), parts.size());
    REQUIRE(next);
    CHECK(next->after == parts);
    check_refused(read_page(asking({{"cursor", cursor}}), parts.size() + 1), "bad_cursor");
  }
  for (const char* const cursor : {"xyz", "414"}) {
    CAPTURE(cursor);
    check_refused(read_page(asking({{"cursor", cursor}}), 1), "bad_cursor");
  }
}

TEST_CASE("page: the last one has no cursor", "[program][page]") {
  CHECK(write_page(json::Value::array(), {}).dump() == R"({"items":[],"next_cursor":null})");
}

TEST_CASE("page: there is a next one if there is a row more", "[program][page]") {
  std::vector<int> rows{1, 2, 3};
  CHECK_FALSE(cut_page(rows, 3));
  CHECK(rows.size() == 3);
  CHECK(cut_page(rows, 2));
  CHECK(rows == std::vector<int>{1, 2});
  rows.clear();
  CHECK_FALSE(cut_page(rows, 1));
}

TEST_CASE("page: a flag is true or false", "[program][page]") {
  CHECK_FALSE(read_flag(asking({}), "open").value());
  CHECK(read_flag(asking({{"open", "true"}}), "open").value());
  CHECK_FALSE(read_flag(asking({{"open", "false"}}), "open").value());
  for (const char* const flag : {"", "1", "TRUE"}) {
    const auto refused = read_flag(asking({{"open", flag}}), "open");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "bad_flag");
  }
}

}  // namespace
}  // namespace cairn::program::page_test
