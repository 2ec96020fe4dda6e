// cairn site, node, staff, route: setting a company up.

#include "tools/cairn/commands.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

namespace cairn::tool {
namespace {

constexpr std::int64_t kMost = INT64_MAX;

/// Prints a list of objects as a table; each column is a member.
Result<int> print_list(ApiSession& api, const std::string& path,
                       const std::vector<std::pair<std::string, std::string>>& columns) {
  const auto body = api.get(path);
  if (!body) return fail(body.error());
  std::vector<std::string> headings;
  for (const auto& [heading, member] : columns) headings.push_back(heading);
  TextTable table(headings);
  json::Reader in(*body);
  for (json::Reader& item : in.objects("items", 100'000)) {
    std::vector<std::string> cells;
    for (const auto& [heading, member] : columns) cells.push_back(item.as_text(member));
    table.add(std::move(cells));
  }
  fmt::print("{}", table.text());
  return kDone;
}

}  // namespace

Result<int> site_set_command(ApiSession& api, const SiteArguments& arguments) {
  auto body = json::Value::object();
  body.set("name", arguments.name)
      .set("kind", arguments.kind)
      .set("latitude", arguments.latitude)
      .set("longitude", arguments.longitude);
  const auto done = api.put("/api/v1/sites/" + escaped(arguments.site), body);
  if (!done) return fail(done.error());
  fmt::print("site {} is set\n", arguments.site);
  return kDone;
}

Result<int> site_list_command(ApiSession& api) {
  return print_list(api, "/api/v1/sites",
                    {{"site", "site"},
                     {"kind", "kind"},
                     {">latitude", "latitude"},
                     {">longitude", "longitude"},
                     {"active", "active"},
                     {"name", "name"}});
}

Result<int> node_add_command(ApiSession& api, const NodeArguments& arguments) {
  auto body = json::Value::object();
  body.set("site", arguments.site).set("name", arguments.name);
  if (!arguments.node.empty()) body.set("node", arguments.node);
  const auto done = api.post("/api/v1/nodes", body);
  if (!done) return fail(done.error());
  fmt::print("{}\n", json::Reader(*done).text("node", {1, 64}));
  return kDone;
}

Result<int> node_list_command(ApiSession& api) {
  return print_list(api, "/api/v1/nodes",
                    {{"node", "node"},
                     {"site", "site"},
                     {"name", "name"},
                     {"online", "online"},
                     {">records", "head"},
                     {">at hub", "hwm"},
                     {"last heard", "last_heard_at"},
                     {"problem", "problem"}});
}

Result<int> staff_add_command(ApiSession& api, const StaffArguments& arguments) {
  auto body = json::Value::object();
  body.set("name", arguments.name).set("role", arguments.role);
  if (!arguments.site.empty()) body.set("site", arguments.site);
  const auto done = api.post("/api/v1/staff", body);
  if (!done) return fail(done.error());
  fmt::print("{}\n", json::Reader(*done).text("pin", {6, 6}));
  return kDone;
}

Result<int> staff_list_command(ApiSession& api) {
  return print_list(api, "/api/v1/staff",
                    {{"user", "user"},
                     {"site", "site"},
                     {"role", "role"},
                     {"active", "active"},
                     {"name", "name"}});
}

Result<int> route_command(ApiSession& api) {
  const auto done = api.post("/api/v1/routing/runs", json::Value::object());
  if (!done) return fail(done.error());
  json::Reader in(*done);
  fmt::print("{} orders looked at: {} routed, {} partly, {} wait; {} ship groups opened\n",
             in.integer("orders_seen", 0, kMost), in.integer("orders_routed", 0, kMost),
             in.integer("orders_partly", 0, kMost), in.integer("orders_waiting", 0, kMost),
             in.integer("groups_opened", 0, kMost));
  return kDone;
}

}  // namespace cairn::tool
