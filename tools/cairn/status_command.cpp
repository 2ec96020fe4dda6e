// cairn status: the trade and the devices at one look, for the hub or for one agent.

#include "core/base/quantity.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/printing.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

namespace cairn::tool {
namespace {

std::string units(json::Reader& in, std::string_view name) {
  return milli_text(in.integer(name, INT64_MIN, kAnyCount));
}

void add_site(TextTable& table, json::Reader& site) {
  table.add({site.text("site", {0, 32}), fmt::format("{}", site.integer("groups", 0, kAnyCount)),
             units(site, "ordered_milli"), units(site, "scanned_milli"),
             units(site, "shipped_milli"), units(site, "put_back_milli"),
             units(site, "on_hand_milli")});
}

TextTable site_table() {
  return TextTable(
      {"site", ">groups", ">routed", ">scanned", ">shipped", ">put back", ">in stock"});
}

Result<> print_orders(ApiSession& api) {
  const auto body = api.get("/api/v1/totals");
  if (!body) return fail(body.error());
  json::Reader totals = read_answer(*body);
  auto sites = site_table();
  for (json::Reader& site : totals.objects("sites", 10'000)) add_site(sites, site);
  json::Reader orders = totals.object("orders");
  const auto line = fmt::format(
      "{} orders, {} lines: {} ordered, {} cancelled, {} routed, {} waiting ({} orders)",
      orders.integer("orders", 0, kAnyCount), orders.integer("lines", 0, kAnyCount),
      units(orders, "ordered_milli"), units(orders, "cancelled_milli"),
      units(orders, "routed_milli"), units(orders, "waiting_milli"),
      orders.integer("waiting_orders", 0, kAnyCount));
  if (auto ok = api.understood(totals); !ok) return fail(ok.error());
  print("{}\n\n{}\n", line, sites.text());
  return {};
}

Result<> print_agent(ApiSession& api) {
  const auto totals = api.get("/api/v1/totals");
  if (!totals) return fail(totals.error());
  json::Reader site = read_answer(*totals);
  auto table = site_table();
  add_site(table, site);
  if (auto ok = api.understood(site); !ok) return fail(ok.error());
  const auto body = api.get("/api/v1/sync");
  if (!body) return fail(body.error());
  json::Reader sync = read_answer(*body);
  auto line =
      fmt::format("hub link {}: {} own records, {} of them at the hub, {} feed positions behind",
                  visible(sync.text("link", {1, 16})), sync.integer("head", 0, kAnyCount),
                  sync.integer("hwm", 0, kAnyCount), sync.integer("behind", 0, kAnyCount));
  const auto detail = sync.text("detail", {0, kAnyLength});
  std::string lan;
  if (sync.has("lan")) {
    json::Reader said = sync.object("lan");
    const std::string link = said.text("link", {1, 16});
    const auto neighbours = said.objects("neighbours", 10'000);
    const auto parted = said.objects("parted", 10'000);
    lan = fmt::format("\nsite's LAN {}: {} neighbours", visible(link), neighbours.size());
    if (!parted.empty()) lan += fmt::format("; copies of {} devices part", parted.size());
  }
  if (auto ok = api.understood(sync); !ok) return fail(ok.error());
  if (!detail.empty()) line += "; " + sentence(detail);
  print("{}\n{}{}\n", table.text(), line, lan);
  return {};
}

}  // namespace

Result<int> status_command(ApiSession& api) {
  if (api.program() == "cairn-agent") {
    if (auto ok = print_agent(api); !ok) return fail(ok.error());
    return kDone;
  }
  if (auto ok = print_orders(api); !ok) return fail(ok.error());
  return node_list_command(api);
}

}  // namespace cairn::tool
