#include "core/json/reader.h"

#include "tests/support/catch.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::json::reader_test {
namespace {

Value json(const std::string& text) { return parse(text).value(); }

/// What done() says, "" if all is well.
std::string problems(const Reader& in) {
  const auto ok = in.done();
  if (ok) return "";
  CHECK(ok.error().code == ErrorCode::kInvalid);
  CHECK(ok.error().reason == "bad_request");
  return ok.error().message;
}

TEST_CASE("reader: well-formed members are handed out", "[json][reader]") {
  const Value value = json(R"({"name":"M\u00fcsli","count":7,"least":-9223372036854775808,
                              "most":9223372036854775807,"flag":true,"weight":1.25})");
  Reader in(value);
  CHECK(in.text("name", {1, 80}) == "M\xc3\xbcsli");
  CHECK(in.integer("count", 1, 100) == 7);
  CHECK(in.integer("least", INT64_MIN, INT64_MAX) == INT64_MIN);
  CHECK(in.integer("most", INT64_MIN, INT64_MAX) == INT64_MAX);
  CHECK(in.boolean("flag"));
  CHECK(in.decimal("weight", 3, 0, 10'000) == 1250);
  CHECK(problems(in).empty());
}

TEST_CASE("reader: a wrong type is a problem and never coerced", "[json][reader]") {
  struct Row {
    std::string value;
    std::function<void(Reader&)> read;
    std::string problem;
  };
  const auto text = [](Reader& in) { CHECK(in.text("m", {0, 9}).empty()); };
  const auto integer = [](Reader& in) { CHECK(in.integer("m", 2, 9) == 2); };
  const auto boolean = [](Reader& in) { CHECK_FALSE(in.boolean("m")); };
  const auto decimal = [](Reader& in) { CHECK(in.decimal("m", 2, 5, 9) == 5); };
  const auto array = [](Reader& in) { CHECK(in.objects("m", 9).empty()); };
  const std::vector<Row> rows{
      {"7", text, "/m: must be a string"},
      {"true", text, "/m: must be a string"},
      {"[]", text, "/m: must be a string"},
      {"{}", text, "/m: must be a string"},
      {"null", text, "/m: is missing"},
      {"\"7\"", integer, "/m: must be a whole number from 2 to 9"},
      {"7.0", integer, "/m: must be a whole number from 2 to 9"},
      {"7e0", integer, "/m: must be a whole number from 2 to 9"},
      {"true", integer, "/m: must be a whole number from 2 to 9"},
      {"[7]", integer, "/m: must be a whole number from 2 to 9"},
      {"null", integer, "/m: is missing"},
      {"1", boolean, "/m: must be true or false"},
      {"\"true\"", boolean, "/m: must be true or false"},
      {"null", boolean, "/m: is missing"},
      {"\"7\"", decimal, "/m: must be a number"},
      {"false", decimal, "/m: must be a number"},
      {"null", decimal, "/m: is missing"},
      {"{}", array, "/m: must be an array"},
      {"\"x\"", array, "/m: must be an array"},
      {"null", array, "/m: is missing"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.value, row.problem);
    const Value value = json("{\"m\":" + row.value + "}");
    Reader in(value);
    row.read(in);
    CHECK(problems(in) == row.problem);
  }
}

TEST_CASE("reader: integers within their bounds, both included", "[json][reader]") {
  const auto read = [](const std::string& number, std::int64_t least, std::int64_t most) {
    const Value value = json("{\"m\":" + number + "}");
    Reader in(value);
    const auto got = in.optional_integer("m", least, most);
    CHECK(got.has_value() == problems(in).empty());
    return got;
  };
  CHECK(read("1", 1, 9) == 1);
  CHECK(read("9", 1, 9) == 9);
  CHECK_FALSE(read("0", 1, 9));
  CHECK_FALSE(read("10", 1, 9));
  CHECK_FALSE(read("-1", 1, 9));
  CHECK(read("-9223372036854775808", INT64_MIN, 0) == INT64_MIN);
  CHECK_FALSE(read("9223372036854775808", INT64_MIN, INT64_MAX));
  CHECK_FALSE(read("18446744073709551615", INT64_MIN, INT64_MAX));
  CHECK_FALSE(read("18446744073709551616", INT64_MIN, INT64_MAX));
  CHECK_FALSE(read("-9223372036854775809", INT64_MIN, INT64_MAX));
  CHECK_FALSE(read("1e3", 0, 9999));
}

TEST_CASE("reader: the length of a text counts octets, and it is UTF-8 without NUL",
          "[json][reader]") {
  const auto read = [](const std::string& text, Reader::Length octets) {
    const Value value = json("{\"m\":\"" + text + "\"}");
    Reader in(value);
    const std::string got = in.text("m", octets);
    return problems(in).empty() ? got : "-";
  };
  CHECK(read("ab", {2, 2}) == "ab");
  CHECK(read("", {0, 2}).empty());
  CHECK(read("a", {2, 3}) == "-");
  CHECK(read("abcd", {2, 3}) == "-");
  CHECK(read("\xc3\xa4\xc3\xa4", {1, 3}) == "-");
  CHECK(read("\xc3\xa4\xc3\xa4", {1, 4}) == "\xc3\xa4\xc3\xa4");
  CHECK(read("a\\u0000", {1, 9}) == "-");
}

TEST_CASE("reader: decimals are scaled and stay within their bounds", "[json][reader]") {
  const auto read = [](const std::string& number, int places, std::int64_t least,
                       std::int64_t most) -> std::optional<std::int64_t> {
    const Value value = json("{\"m\":" + number + "}");
    Reader in(value);
    const auto got = in.decimal("m", places, least, most);
    if (problems(in).empty()) return got;
    return std::nullopt;
  };
  CHECK(read("51.507222", 6, -90'000'000, 90'000'000) == 51'507'222);
  CHECK(read("-0.1275", 6, -180'000'000, 180'000'000) == -127'500);
  CHECK(read("90", 6, -90'000'000, 90'000'000) == 90'000'000);
  CHECK(read("-90.0", 6, -90'000'000, 90'000'000) == -90'000'000);
  CHECK(read("1e2", 0, 0, 100) == 100);
  CHECK_FALSE(read("90.000001", 6, -90'000'000, 90'000'000));
  CHECK_FALSE(read("-90.000001", 6, -90'000'000, 90'000'000));
  CHECK_FALSE(read("1e300", 6, 0, 90'000'000));
}

TEST_CASE("reader: a number with more decimals than asked for is a problem", "[json][reader]") {
  const auto refused = [](const std::string& number, int places) {
    const Value value = json("{\"m\":" + number + "}");
    Reader in(value);
    (void)in.decimal("m", places, 0, INT64_MAX / 2);
    return !in.done();
  };
  CHECK(refused("2.5555", 2));
  CHECK(refused("0.0004", 3));
  const Value value = json(R"({"m":9007199254740993})");
  Reader in(value);
  CHECK(in.decimal("m", 0, 0, INT64_MAX / 2) == 9'007'199'254'740'993);
}

TEST_CASE("reader: what is optional may be absent or null, but not wrong", "[json][reader]") {
  const Value value = json(R"({"null":null,"text":"x","number":5,"flag":false,"bad":{}})");
  Reader in(value);
  CHECK_FALSE(in.optional_text("absent", {1, 9}));
  CHECK_FALSE(in.optional_text("null", {1, 9}));
  CHECK(in.optional_text("text", {1, 9}) == "x");
  CHECK_FALSE(in.optional_integer("absent", 1, 9));
  CHECK_FALSE(in.optional_integer("null", 1, 9));
  CHECK(in.optional_integer("number", 1, 9) == 5);
  CHECK(in.boolean_or("absent", true));
  CHECK_FALSE(in.boolean_or("absent", false));
  CHECK(in.boolean_or("null", true));
  CHECK_FALSE(in.boolean_or("flag", true));
  CHECK(in.has("text"));
  CHECK_FALSE(in.has("null"));
  CHECK_FALSE(in.has("absent"));
  CHECK_FALSE(in.optional_text("bad", {1, 9}));
  CHECK_FALSE(in.optional_integer("bad", 1, 9));
  CHECK_FALSE(in.boolean_or("bad", true));
  CHECK(problems(in) ==
        "/bad: must be a string; /bad: must be a whole number from 1 to 9; "
        "/bad: must be true or false");
}

TEST_CASE("reader: the sender hears every problem at once, each with its path", "[json][reader]") {
  const Value value = json(R"({"lines":[{"sku":"A","qty":1},{"qty":0},7,
                              {"sku":5,"qty":2,"parts":[{"n":"x"}]}]})");
  Reader in(value);
  (void)in.text("order", {1, 9});
  for (Reader& line : in.objects("lines", 10)) {
    (void)line.optional_text("sku", {1, 9});
    if (line.has("qty")) (void)line.integer("qty", 1, 9);
    if (!line.has("parts")) continue;
    for (Reader& part : line.objects("parts", 10)) (void)part.integer("n", 1, 9);
  }
  in.problem("order", "is not known here");
  CHECK(problems(in) ==
        "/order: is missing; /lines/2: must be an object; "
        "/lines/1/qty: must be a whole number from 1 to 9; /lines/3/sku: must be a string; "
        "/lines/3/parts/0/n: must be a whole number from 1 to 9; /order: is not known here");
}

TEST_CASE("reader: an array has at most so many objects", "[json][reader]") {
  const Value value = json(R"({"m":[{},{},{}],"none":[]})");
  Reader in(value);
  CHECK(in.objects("m", 3).size() == 3);
  CHECK(in.objects("none", 0).empty());
  CHECK(problems(in).empty());
  CHECK(in.objects("m", 2).empty());
  CHECK(problems(in) == "/m: has more than 2 entries");
}

TEST_CASE("reader: a member that nobody asked for is a problem, of a request", "[json][reader]") {
  const Value value =
      json(R"({"zeal":1,"lines":[{"sku":"A","quantity":1}],"station":"d","at":{}})");
  const auto read = [&value](Reader in) {
    (void)in.optional_text("staton", {1, 9});
    (void)in.has("at");
    for (Reader& line : in.objects("lines", 10)) (void)line.text("sku", {1, 9});
    return problems(in);
  };
  CHECK(read(Reader(value)) ==
        "/lines/0/quantity: is not known here; /station: is not known here; "
        "/zeal: is not known here");
  CHECK(read(Reader(value, Reader::Unknown::kIgnored)).empty());
}

TEST_CASE("reader: a member that is an object is read like the whole", "[json][reader]") {
  const Value value = json(R"({"site":{"id":"a","at":{"x":1}},"list":[],"null":null})");
  Reader in(value);
  Reader inner = in.object("site");
  CHECK(inner.text("id", {1, 9}) == "a");
  CHECK(inner.object("at").integer("x", 0, 9) == 1);
  (void)inner.object("at").integer("x", 5, 9);
  (void)in.object("list");
  (void)in.object("null");
  (void)in.object("absent");
  CHECK(problems(in) ==
        "/site/at/x: must be a whole number from 5 to 9; /list: must be an object; "
        "/null: must be an object; /absent: must be an object");
}

TEST_CASE("reader: an array may hold values of any kind", "[json][reader]") {
  const Value value = json(R"({"m":[1,"x",null,{"a":[]}],"none":[],"text":"x"})");
  Reader in(value);
  const auto values = in.values("m", 4);
  REQUIRE(values.size() == 4);
  CHECK(values[0].dump() == "1");
  CHECK(values[1].dump() == "\"x\"");
  CHECK(values[2].dump() == "null");
  CHECK(values[3].dump() == R"({"a":[]})");
  CHECK(in.values("none", 0).empty());
  CHECK(in.values("m", 3).empty());
  CHECK(in.values("text", 3).empty());
  CHECK(in.values("absent", 3).empty());
  CHECK(problems(in) ==
        "/m: has more than 3 entries; /text: must be an array; /absent: is missing");
}

TEST_CASE("reader: a member is copied out, whatever it is", "[json][reader]") {
  const Value value = json(R"({"a":{"b":[1,2]},"n":null})");
  const Reader in(value);
  CHECK(in.value("a").dump() == R"({"b":[1,2]})");
  CHECK(in.value("n").dump() == "null");
  CHECK(in.value("absent").dump() == "null");
  CHECK(problems(in).empty());
}

TEST_CASE("reader: a scalar as text for people", "[json][reader]") {
  const Value value = json(R"({"t":"M\u00fcsli","i":-7,"d":0.5,"b":true,"n":null,"e":""})");
  const Reader in(value);
  CHECK(in.as_text("t") == "M\xc3\xbcsli");
  CHECK(in.as_text("i") == "-7");
  CHECK(in.as_text("d") == "0.5");
  CHECK(in.as_text("b") == "true");
  CHECK(in.as_text("n").empty());
  CHECK(in.as_text("e").empty());
  CHECK(in.as_text("absent").empty());
  CHECK(problems(in).empty());
}

TEST_CASE("reader: what is no object has one problem and no members", "[json][reader]") {
  for (const std::string text : {"[]", "7", "\"x\"", "null", "true"}) {
    CAPTURE(text);
    const Value value = json(text);
    Reader in(value);
    CHECK_FALSE(in.has("a"));
    CHECK_FALSE(in.optional_text("a", {0, 9}));
    CHECK(problems(in) == "/: must be an object");
  }
}

TEST_CASE("reader: problems found by the caller and in copies count", "[json][reader]") {
  const Value value = json(R"({"lines":[{}]})");
  const Reader in(value);
  Reader copy = in;
  copy.objects("lines", 1).front().problem("sku", "is not in the catalogue");
  CHECK(problems(in) == "/lines/0/sku: is not in the catalogue");
}

}  // namespace
}  // namespace cairn::json::reader_test
