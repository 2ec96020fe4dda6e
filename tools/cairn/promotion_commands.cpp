// cairn promotions: what is taken off orders, and by which coupons.

#include "tools/cairn/commands.h"
#include "tools/cairn/data_file.h"
#include "tools/cairn/printing.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace cairn::tool {
namespace {

constexpr const char* kPromotions = "/api/v1/promotions";
constexpr std::size_t kMostPromotions = 100'000;

std::string address_of(const std::string& name) {
  return fmt::format("{}/{}", kPromotions, escaped(name));
}

/// "spring: PERCENTAGE, active".
Result<int> tell(ApiSession& api, const json::Value& body) {
  json::Reader in = read_answer(body);
  const std::string name = in.text("promotion", {1, 64});
  const std::string kind = in.text("kind", {1, 16});
  const bool active = in.boolean("active");
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}: {}, {}\n", visible(name), kind, active ? "active" : "ended");
  return kDone;
}

}  // namespace

Result<int> promotion_list_command(ApiSession& api) {
  TextTable table({"promotion", "kind", ">priority", "from", "until", ">coupons", "active"});
  std::string address = fmt::format("{}?limit=500", kPromotions);
  while (!address.empty()) {
    const auto body = api.get(address);
    if (!body) return fail(body.error());
    json::Reader in = read_answer(*body);
    for (json::Reader& row : in.objects("items", kMostPromotions)) {
      table.add({row.text("promotion", {1, 64}), row.text("kind", {1, 16}),
                 fmt::format("{}", row.integer("priority", 0, kAnyCount)),
                 row.optional_text("from", {1, 40}).value_or(""),
                 row.optional_text("until", {1, 40}).value_or(""),
                 fmt::format("{}", row.values("coupons", kMostPromotions).size()),
                 row.boolean("active") ? "yes" : ""});
    }
    const auto next = in.optional_text("next_cursor", {0, kAnyLength});
    if (auto ok = api.understood(in); !ok) return fail(ok.error());
    address = next ? fmt::format("{}?limit=500&cursor={}", kPromotions, escaped(*next)) : "";
  }
  if (table.empty()) print("there are no promotions\n");
  if (!table.empty()) print("{}", table.text());
  return kDone;
}

Result<int> promotion_show_command(ApiSession& api, const PromotionArguments& arguments) {
  const auto body = api.get(address_of(arguments.name));
  if (!body) return fail(body.error());
  print("{}\n", body->dump());
  return kDone;
}

Result<int> promotion_set_command(ApiSession& api, const PromotionArguments& arguments) {
  const auto definition = read_json_file(arguments.file);
  if (!definition) return fail(definition.error());
  const auto done = api.put(address_of(arguments.name), *definition);
  if (!done) return fail(done.error());
  return tell(api, *done);
}

Result<int> promotion_end_command(ApiSession& api, const PromotionArguments& arguments) {
  const auto done = api.remove(address_of(arguments.name));
  if (!done) return fail(done.error());
  return tell(api, *done);
}

}  // namespace cairn::tool
