// cairn stock: corrections of what is there, units set aside for the sales of devices.

#include "core/base/quantity.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/printing.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

namespace cairn::tool {
namespace {

constexpr const char* kLeases = "/api/v1/stock/leases";
constexpr std::size_t kLeasePage = 500;

void add_lease(TextTable& table, json::Reader& lease) {
  const auto units = [&lease](const char* member) {
    return milli_text(lease.integer(member, 0, kMaxMilli));
  };
  table.add({lease.text("lease", {36, 36}), lease.text("state", {1, 32}),
             lease.text("site", {1, 32}), lease.text("node", {36, 36}), lease.text("sku", {1, 64}),
             units("milli"), units("sold_milli"), units("outstanding_milli"),
             lease.text("expires_at", {1, 40})});
}

/// What became of one.
Result<int> print_lease(ApiSession& api, const json::Value& answer) {
  json::Reader in = read_answer(answer);
  const auto lease = in.text("lease", {36, 36});
  const auto state = in.text("state", {1, 32});
  const auto left = in.integer("outstanding_milli", 0, kMaxMilli);
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}: {}, {} outstanding\n", visible(lease), visible(state), milli_text(left));
  return kDone;
}

}  // namespace

Result<int> stock_adjust_command(ApiSession& api, const AdjustArguments& arguments) {
  auto body = json::Value::object();
  body.set("site", arguments.site)
      .set("sku", arguments.sku)
      .set("location", arguments.location)
      .set("milli", arguments.units * kMilliPerUnit)
      .set("reason", arguments.reason);
  const auto done = api.post("/api/v1/stock/adjustments", body);
  if (!done) return fail(done.error());
  json::Reader in = read_answer(*done);
  const auto on_hand = in.integer("on_hand_milli", -kMaxMilli, kMaxMilli);
  const auto apart = in.integer("unavailable_milli", -kMaxMilli, kMaxMilli);
  const auto atp = in.integer("atp_milli", -kMaxMilli, kMaxMilli);
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{} at {}: {} on hand, {} of them unavailable, {} can be promised\n",
        visible(arguments.sku), visible(arguments.site), milli_text(on_hand), milli_text(apart),
        milli_text(atp));
  return kDone;
}

Result<int> lease_list_command(ApiSession& api, const LeaseArguments& arguments) {
  std::string path = fmt::format("{}?limit={}&open={}", kLeases, kLeasePage, !arguments.all);
  if (!arguments.site.empty()) path += "&site=" + escaped(arguments.site);
  if (!arguments.sku.empty()) path += "&sku=" + escaped(arguments.sku);
  TextTable table(
      {"lease", "state", "site", "node", "article", ">units", ">sold", ">outstanding", "expires"});
  std::string cursor;
  do {
    const auto body = api.get(cursor.empty() ? path : path + "&cursor=" + escaped(cursor));
    if (!body) return fail(body.error());
    json::Reader page = read_answer(*body);
    for (json::Reader& lease : page.objects("items", kLeasePage)) add_lease(table, lease);
    cursor = page.optional_text("next_cursor", {0, kAnyLength}).value_or("");
    if (auto ok = api.understood(page); !ok) return fail(ok.error());
  } while (!cursor.empty());
  print("{}", table.text());
  return kDone;
}

Result<int> lease_grant_command(ApiSession& api, const LeaseArguments& arguments) {
  auto body = json::Value::object();
  body.set("site", arguments.site)
      .set("sku", arguments.sku)
      .set("milli", arguments.units * kMilliPerUnit)
      .set("seconds", arguments.seconds);
  if (!arguments.node.empty()) body.set("node", arguments.node);
  const auto done = api.post(kLeases, body);
  if (!done) return fail(done.error());
  return print_lease(api, *done);
}

Result<int> lease_recall_command(ApiSession& api, const LeaseArguments& arguments) {
  const auto done = api.remove(fmt::format("{}/{}", kLeases, escaped(arguments.lease)));
  if (!done) return fail(done.error());
  return print_lease(api, *done);
}

}  // namespace cairn::tool
