// JSON bodies: what parses is printed and parsed to the same; whatever it is, a reader takes it
// apart without harm.

#include "core/json/reader.h"
#include "tests/fuzzing/target.h"

namespace cairn::fuzz {

void json(BytesView input) {
  const auto value = cairn::json::parse(input);
  if (!value) {
    hold(value.error().code == ErrorCode::kInvalid, "bad JSON is invalid and nothing else");
    return;
  }
  const std::string printed = value->dump();
  const auto again = cairn::json::parse(printed);
  hold(again && again->dump() == printed, "what is printed parses to the same");
  cairn::json::Reader in(*value);
  hold(in.text("name", {1, 80}).size() <= 80, "a text is as long as allowed");
  const auto count = in.integer("count", -5, 100);
  hold(count >= -5 && count <= 100, "a number is in its range");
  const auto degrees = in.decimal("latitude", 6, -90'000'000, 90'000'000);
  hold(degrees >= -90'000'000 && degrees <= 90'000'000, "a decimal is in its range");
  static_cast<void>(in.boolean("active"));
  static_cast<void>(in.boolean_or("flag", true));
  static_cast<void>(in.optional_integer("maybe", INT64_MIN, INT64_MAX));
  static_cast<void>(in.as_text("any"));
  for (cairn::json::Reader& item : in.objects("items", 8)) {
    static_cast<void>(item.optional_text("sku", {1, 32}));
    static_cast<void>(item.object("price").decimal("amount", 2, 0, INT64_MAX));
  }
  hold(in.values("list", 4).size() <= 4, "a list is as long as allowed");
  if (const auto ok = in.done(); !ok) {
    hold(ok.error().reason == "bad_request", "a body that does not fit is a bad request");
  }
}

}  // namespace cairn::fuzz
