// cairn site, node, staff, route: setting a company up.

#include "tools/cairn/commands.h"
#include "tools/cairn/printing.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

namespace cairn::tool {
namespace {

// Longer than the 120 seconds after which the hub itself says that it took too long.
constexpr Duration kRoutingPatience = std::chrono::seconds(150);

enum class Kind { kText, kTextOrNull, kCount, kDegrees, kFlag };

struct Column {
  std::string heading;
  std::string member;
  Kind kind = Kind::kText;
};

std::string read_cell(json::Reader& item, const Column& column) {
  constexpr std::int64_t kHalfTurn = 180'000'000;
  switch (column.kind) {
    case Kind::kText:
      return item.text(column.member, {0, kAnyLength});
    case Kind::kTextOrNull:
      return item.optional_text(column.member, {0, kAnyLength}).value_or("");
    case Kind::kCount:
      return fmt::format("{}", item.integer(column.member, 0, kAnyCount));
    case Kind::kDegrees:
      static_cast<void>(item.decimal(column.member, 6, -kHalfTurn, kHalfTurn));
      return item.as_text(column.member);
    case Kind::kFlag:
      return item.boolean(column.member) ? "true" : "false";
  }
  return "";
}

/// Prints a list of objects as a table; each column is a member.
Result<int> print_list(ApiSession& api, const std::string& path,
                       const std::vector<Column>& columns) {
  const auto body = api.get(path);
  if (!body) return fail(body.error());
  std::vector<std::string> headings;
  headings.reserve(columns.size());
  for (const Column& column : columns) headings.push_back(column.heading);
  TextTable table(headings);
  json::Reader in = read_answer(*body);
  for (json::Reader& item : in.objects("items", 100'000)) {
    std::vector<std::string> cells;
    cells.reserve(columns.size());
    for (const Column& column : columns) cells.push_back(read_cell(item, column));
    table.add(std::move(cells));
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}", table.text());
  return kDone;
}

/// Prints one text member of an answer, alone, so that a script can take it.
Result<int> print_member(const ApiSession& api, const json::Value& answer, std::string_view member,
                         json::Reader::Length length) {
  json::Reader in = read_answer(answer);
  const auto text = in.text(member, length);
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}\n", visible(text));
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
  print("site {} is set\n", visible(arguments.site));
  return kDone;
}

Result<int> site_list_command(ApiSession& api) {
  return print_list(api, "/api/v1/sites",
                    {{"site", "site"},
                     {"kind", "kind"},
                     {">latitude", "latitude", Kind::kDegrees},
                     {">longitude", "longitude", Kind::kDegrees},
                     {"active", "active", Kind::kFlag},
                     {"full since", "full_since", Kind::kTextOrNull},
                     {"name", "name"}});
}

Result<int> site_reset_command(ApiSession& api, const SiteArguments& arguments) {
  const auto done = api.post("/api/v1/sites/" + escaped(arguments.site) + "/capacity-reset",
                             json::Value::object());
  if (!done) return fail(done.error());
  print("site {} takes orders again\n", visible(arguments.site));
  return kDone;
}

Result<int> node_add_command(ApiSession& api, const NodeArguments& arguments) {
  auto body = json::Value::object();
  body.set("site", arguments.site).set("name", arguments.name);
  if (!arguments.node.empty()) body.set("node", arguments.node);
  const auto done = api.post("/api/v1/nodes", body);
  if (!done) return fail(done.error());
  return print_member(api, *done, "node", {1, 64});
}

Result<int> node_list_command(ApiSession& api) {
  return print_list(api, "/api/v1/nodes",
                    {{"node", "node"},
                     {"site", "site"},
                     {"name", "name"},
                     {"online", "online", Kind::kFlag},
                     {">records", "head", Kind::kCount},
                     {">at hub", "hwm", Kind::kCount},
                     {"last heard", "last_heard_at", Kind::kTextOrNull},
                     {"problem", "problem"}});
}

Result<int> staff_add_command(ApiSession& api, const StaffArguments& arguments) {
  auto body = json::Value::object();
  body.set("name", arguments.name).set("role", arguments.role);
  if (!arguments.site.empty()) body.set("site", arguments.site);
  const auto done = api.post("/api/v1/staff", body);
  if (!done) return fail(done.error());
  return print_member(api, *done, "pin", {6, 6});
}

Result<int> staff_list_command(ApiSession& api) {
  return print_list(api, "/api/v1/staff",
                    {{"user", "user"},
                     {"site", "site"},
                     {"role", "role"},
                     {"active", "active", Kind::kFlag},
                     {"name", "name"}});
}

Result<int> route_command(ApiSession& api) {
  const auto done = api.post("/api/v1/routing/runs", json::Value::object(), kRoutingPatience);
  if (!done) return fail(done.error());
  json::Reader in = read_answer(*done);
  const auto line = fmt::format(
      "{} orders looked at: {} routed, {} partly, {} wait; {} ship groups opened",
      in.integer("orders_seen", 0, kAnyCount), in.integer("orders_routed", 0, kAnyCount),
      in.integer("orders_partly", 0, kAnyCount), in.integer("orders_waiting", 0, kAnyCount),
      in.integer("groups_opened", 0, kAnyCount));
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}\n", line);
  return kDone;
}

}  // namespace cairn::tool
