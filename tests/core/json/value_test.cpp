#include "core/json/value.h"

#include "tests/support/catch.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace cairn::json::value_test {
namespace {

using std::string_literals::operator""s;

std::string nested(std::size_t levels, const std::string& inner) {
  return std::string(levels, '[') + inner + std::string(levels, ']');
}

TEST_CASE("json: members keep the order in which they were first set", "[json][value]") {
  Value value = Value::object();
  value.set("b", 1).set("a", "x").set("c", true);
  value.set("b", 2);
  value.set_null("n");
  CHECK(value.dump() == R"({"b":2,"a":"x","c":true,"n":null})");
}

TEST_CASE("json: every kind of member is written as what it is", "[json][value]") {
  Value value = Value::object();
  value.set("least", std::numeric_limits<std::int64_t>::min());
  value.set("most", std::numeric_limits<std::uint64_t>::max());
  value.set("small", static_cast<std::uint8_t>(255));
  value.set("negative", static_cast<std::int16_t>(-3));
  value.set("half", 0.5);
  value.set("flag", false);
  value.set("literal", "text");
  value.set("string", std::string("text"));
  value.set("empty", Value::object());
  value.set("nothing", Value());
  CHECK(value.dump() ==
        R"({"least":-9223372036854775808,"most":18446744073709551615,"small":255,"negative":-3,)"
        R"("half":0.5,"flag":false,"literal":"text","string":"text","empty":{},"nothing":null})");
}

TEST_CASE("json: arrays hold values and texts", "[json][value]") {
  Value array = Value::array();
  array.add("a").add(Value::object().set("b", 1)).add(Value::text("c")).add(Value::array());
  CHECK(array.dump() == R"(["a",{"b":1},"c",[]])");
}

TEST_CASE("json: a copy is its own, a moved value is the value", "[json][value]") {
  Value original = Value::object();
  original.set("a", 1);
  Value copy = original;
  copy.set("a", 2);
  Value assigned;
  assigned = original;
  assigned.set("a", 3);
  const Value moved = std::move(copy);
  CHECK(original.dump() == R"({"a":1})");
  CHECK(assigned.dump() == R"({"a":3})");
  CHECK(moved.dump() == R"({"a":2})");
  assigned = parse(R"({"a":4})").value();
  CHECK(assigned.dump() == R"({"a":4})");
  Value& self = assigned;
  assigned = self;
  CHECK(assigned.dump() == R"({"a":4})");
}

TEST_CASE("json: text is escaped so that it stays one line", "[json][value]") {
  CHECK(Value::text("a\"b\\c\n\r\t\x01\x1f/").dump() == R"("a\"b\\c\n\r\t\u0001\u001f/")");
  CHECK(Value::text("a\0b"s).dump() == R"("a\u0000b")");
  CHECK(Value::text("\xc3\xa4 \xf0\x9f\x93\xa6").dump() == "\"\xc3\xa4 \xf0\x9f\x93\xa6\"");
}

TEST_CASE("json: octets that are not UTF-8 are replaced, in names too", "[json][value]") {
  CHECK(Value::text("a\xff"
                    "b")
            .dump() ==
        "\"a\xef\xbf\xbd"
        "b\"");
  CHECK(Value::text("\xc3").dump() == "\"\xef\xbf\xbd\"");
  CHECK(Value::text("\xed\xa0\x80 ok").dump().find("\xef\xbf\xbd") != std::string::npos);
  Value value = Value::object();
  value.set("k\xfe", "v");
  CHECK(value.dump() == "{\"k\xef\xbf\xbd\":\"v\"}");
}

TEST_CASE("json: numbers that JSON cannot write become null", "[json][value]") {
  Value value = Value::object();
  value.set("inf", std::numeric_limits<double>::infinity());
  value.set("nan", std::numeric_limits<double>::quiet_NaN());
  CHECK(value.dump() == R"({"inf":null,"nan":null})");
}

TEST_CASE("json: what is parsed prints the same", "[json][value]") {
  for (const std::string text : {
           R"({"b":1,"a":[true,false,null,"x",-0.5,{}]})",
           R"([])",
           R"({})",
           R"("text")",
           R"(-9223372036854775808)",
           R"(18446744073709551615)",
           R"({"":{"":""}})",
           R"([{"a":1},{"a":2}])",
       }) {
    CAPTURE(text);
    const auto value = parse(text);
    REQUIRE(value);
    CHECK(value->dump() == text);
  }
  CHECK(parse(" \t\r\n{ \"a\" : 1 } \n")->dump() == R"({"a":1})");
  CHECK(parse(R"("\u00e4\ud83d\udce6\/")")->dump() == "\"\xc3\xa4\xf0\x9f\x93\xa6/\"");
}

TEST_CASE("json: what is not exactly one JSON text is refused", "[json][value]") {
  for (const std::string& text : {
           ""s,
           " "s,
           "{"s,
           "}"s,
           "[1"s,
           "[1,]"s,
           "{\"a\":1,}"s,
           "{\"a\"}"s,
           "{a:1}"s,
           "{'a':1}"s,
           "{\"a\":1}{}"s,
           "{\"a\":1} x"s,
           "1 2"s,
           "// c\n1"s,
           "/* c */1"s,
           "[1] // c"s,
           "# c\n1"s,
           "tru"s,
           "True"s,
           "NaN"s,
           "Infinity"s,
           "-Infinity"s,
           "01"s,
           "-01"s,
           "+1"s,
           "1."s,
           ".5"s,
           "-"s,
           "1e"s,
           "0x1"s,
           "1e999"s,
           "\"a"s,
           "\"\n\""s,
           "\"\x01\""s,
           "\"\\x41\""s,
           "\"\\u12\""s,
           "\"\\ud800\""s,
           "\"\\udc00\""s,
           "\"\\ud800\\u0041\""s,
           "\"\xff\""s,
           "\"\xc0\x80\""s,
           "\"\xed\xa0\x80\""s,
           "\xff\xfe{\x00}\x00"s,
           "undefined"s,
           "{\"a\":1 \"b\":2}"s,
           "[1 2]"s,
           "{,}"s,
           "[,]"s,
       }) {
    CAPTURE(text);
    const auto value = parse(text);
    REQUIRE_FALSE(value);
    CHECK(value.error().code == ErrorCode::kInvalid);
    CHECK(value.error().reason == "bad_json");
    CHECK_FALSE(value.error().message.empty());
  }
}

TEST_CASE("json: nothing may follow a NUL either", "[json][value]") {
  CHECK_FALSE(parse("{}\0"s));
  CHECK_FALSE(parse("{}\0 trailing"s));
}

TEST_CASE("json: a malformed text is refused with its position", "[json][value]") {
  CHECK_THAT(parse("{\n \"a\": x}").error().message, Catch::Contains("line 2, column 7"));
}

TEST_CASE("json: a name may appear once in an object", "[json][value]") {
  for (const std::string text : {
           R"({"a":1,"a":1})",
           R"({"a":1,"b":2,"a":3})",
           R"({"a":{"x":1},"a":{}})",
           R"({"a":{"b":1,"b":2}})",
           R"([{"a":1},{"b":1,"b":1}])",
           R"({"a":1,"\u0061":2})",
           R"({"":1,"":2})",
           R"({"a":{"a":{"a":1}},"a":1})",
       }) {
    CAPTURE(text);
    const auto value = parse(text);
    REQUIRE_FALSE(value);
    CHECK(value.error().reason == "bad_json");
    CHECK_THAT(value.error().message, Catch::Contains("twice"));
  }
  for (const std::string text : {
           R"({"a":{"a":{"a":1}}})",
           R"([{"a":1},{"a":1}])",
           R"({"x":{"a":1},"y":{"a":1}})",
           R"({"a":1,"A":2,"b":{"c":1},"c":2})",
           R"({"x":[{"a":1},{"a":1}],"a":{"x":1}})",
       }) {
    CAPTURE(text);
    CHECK(parse(text).has_value());
  }
}

TEST_CASE("json: 32 levels pass, deeper nesting is refused", "[json][value]") {
  CHECK(parse(nested(31, "{}")).has_value());
  CHECK(parse(nested(32, "")).has_value());
  CHECK(parse(nested(32, "1")).has_value());
  for (const std::string& text :
       {nested(33, "1"), nested(33, "{\"a\":1}"), nested(34, ""), nested(1000, ""),
        std::string(100'000, '['), std::string(100'000, '[') + std::string(100'000, ']')}) {
    const auto value = parse(text);
    REQUIRE_FALSE(value);
    CHECK(value.error().reason == "bad_json");
  }
  std::string objects;
  for (int i = 0; i < 40; ++i) objects += "{\"a\":";
  CHECK_FALSE(parse(objects + "1" + std::string(40, '}')));
}

TEST_CASE("json: an empty array or object at level 33 is refused too", "[json][value]") {
  CHECK_FALSE(parse(nested(33, "")));
  CHECK_FALSE(parse(nested(32, "{}")));
}

}  // namespace
}  // namespace cairn::json::value_test
