#include "core/base/ids.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <string>
#include <unordered_set>
#include <vector>

namespace cairn::ids_test {
namespace {

using std::string_literals::operator""s;

TEST_CASE("site id: 1 to 32 lower-case letters, digits and dashes", "[base][ids]") {
  for (const std::string text :
       {"a", "7", "london-1", "a-", "a--b", "0123456789abcdefghijklmnopqrstuv"}) {
    CAPTURE(text);
    const auto site = SiteId::parse(text);
    REQUIRE(site);
    CHECK(site->text() == text);
    CHECK_FALSE(site->empty());
  }
  for (const std::string& text :
       {""s, "-a"s, "-"s, "A"s, "london_1"s, "london 1"s, " a"s, "a "s, "a/b"s, "a+"s, "a#"s,
        "a.b"s, "z\xc3\xbcrich"s, "a\0b"s, std::string(33, 'a')}) {
    CAPTURE(text);
    const auto site = SiteId::parse(text);
    REQUIRE_FALSE(site);
    CHECK(site.error().code == ErrorCode::kInvalid);
    CHECK(site.error().reason == "bad_site_id");
  }
  CHECK(SiteId{}.empty());
}

TEST_CASE("SKU and location: 1 to 64 printable ASCII characters, no blank at the ends",
          "[base][ids]") {
  const std::vector<std::string> good{
      "A", "~", "!", "A-01-03", "two words", "a/b\\c'd\"e", std::string(64, 'x')};
  for (const std::string& text : good) {
    CAPTURE(text);
    const auto sku = Sku::parse(text);
    const auto location = LocationCode::parse(text);
    REQUIRE(sku);
    REQUIRE(location);
    CHECK(sku->text() == text);
    CHECK(location->text() == text);
    CHECK_FALSE(location->empty());
  }
  const std::vector<std::string> bad{"",     " ",        " A",   "A ",
                                     "A\tB", "A\n",      "\x7f", "A\0B"s,
                                     "\x1f", "\xc3\xa4", "\xff", std::string(65, 'x')};
  for (const std::string& text : bad) {
    CAPTURE(text);
    const auto sku = Sku::parse(text);
    const auto location = LocationCode::parse(text);
    REQUIRE_FALSE(sku);
    REQUIRE_FALSE(location);
    CHECK(sku.error().code == ErrorCode::kInvalid);
    CHECK(sku.error().reason == "bad_sku");
    CHECK(location.error().code == ErrorCode::kInvalid);
    CHECK(location.error().reason == "bad_location");
  }
  CHECK(LocationCode{}.empty());
}

TEST_CASE("event ref: its text names node, incarnation and sequence", "[base][ids]") {
  const EventRef ref{test::node(7), Incarnation(0x0123'4567'89ab'cdef), 42};
  CHECK(ref.text() == "01920000-0000-7000-8000-000000000007/0123456789abcdef/42");
  CHECK(hex64(0) == "0000000000000000");
  CHECK(hex64(UINT64_MAX) == "ffffffffffffffff");
}

TEST_CASE("event reference: it is read as it is written", "[base][ids]") {
  for (const EventRef& ref : {EventRef{test::node(7), Incarnation(0x0123'4567'89ab'cdef), 42},
                              EventRef{test::node(1), Incarnation(0), 1},
                              EventRef{test::node(255), Incarnation(UINT64_MAX), UINT64_MAX}}) {
    CHECK(EventRef::parse(ref.text()) == ref);
  }
  const std::string node = test::node(7).value().text();
  for (const std::string& text :
       {""s, "/"s, "//"s, node, node + "/0123456789abcdef", node + "/0123456789abcdef/",
        node + "/0123456789abcdef/-1", node + "/0123456789abcdef/1/2", node + "/123/1",
        node + "/0123456789abcdeg/1", node + "/0123456789abcdef00/1", "x/0123456789abcdef/1"s,
        node + "/0123456789abcdef/18446744073709551616", " " + node + "/0123456789abcdef/1"}) {
    CAPTURE(text);
    const auto refused = EventRef::parse(text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kInvalid);
    CHECK(refused.error().reason == "bad_event");
  }
}

TEST_CASE("event ref: node, then incarnation, then sequence decide the order", "[base][ids]") {
  const std::vector<EventRef> ascending{
      {test::node(1), Incarnation(1), 9},
      {test::node(1), Incarnation(2), 1},
      {test::node(1), Incarnation(2), 2},
      {test::node(2), Incarnation(1), 1},
  };
  for (std::size_t i = 0; i + 1 < ascending.size(); ++i) {
    CAPTURE(i);
    CHECK(ascending[i] < ascending[i + 1]);
  }
}

TEST_CASE("ids: equal ones hash alike", "[base][ids]") {
  const std::unordered_set<Sku> skus{test::sku("A"), test::sku("B"), test::sku("A")};
  CHECK(skus.size() == 2);
  const std::unordered_set<SiteId> sites{test::site("a"), SiteId{}, test::site("a")};
  CHECK(sites.size() == 2);
  const std::unordered_set<NodeId> nodes{test::node(1), test::node(2), test::node(1), NodeId{}};
  CHECK(nodes.size() == 3);
}

}  // namespace
}  // namespace cairn::ids_test
