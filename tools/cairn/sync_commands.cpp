// cairn sync: how far devices and hub are apart, what was set aside, and asking it again.

#include "tools/cairn/commands.h"
#include "tools/cairn/printing.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::tool {
namespace {

constexpr std::size_t kQuarantinePage = 500;

std::string counted(json::Reader& in, std::string_view name) {
  return fmt::format("{}", in.integer(name, 0, kAnyCount));
}

/// A record's name as events have it: "node/incarnation/number".
std::string record_name(json::Reader& row) {
  return fmt::format("{}/{}/{}", row.text("node", {1, 64}), row.text("inc", {1, 16}),
                     row.integer("seq", 1, kAnyCount));
}

/// Every node of the hub.
Result<int> print_links(ApiSession& api) {
  const auto body = api.get("/api/v1/nodes");
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  TextTable table(
      {"node", "site", "link", ">head", ">at hub", ">backlog", ">set aside", "problem"});
  for (json::Reader& node : in.objects("items", 100'000)) {
    const auto head = node.integer("head", 0, kAnyCount);
    const auto hwm = node.integer("hwm", 0, kAnyCount);
    table.add({node.text("node", {1, 64}), node.text("site", {0, 32}),
               node.boolean("online") ? "online" : "offline", fmt::format("{}", head),
               fmt::format("{}", hwm), fmt::format("{}", head - std::min(head, hwm)),
               counted(node, "quarantined"), node.text("problem", {0, kAnyLength})});
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  const auto status = api.get("/api/v1/status");
  if (!status) return fail(status.error());
  json::Reader hub = read_answer(*status);
  std::string folded;
  if (hub.has("folded")) {
    json::Reader said = hub.object("folded");
    folded = folded_line(said) + "\n";
  }
  if (auto ok = api.understood(hub); !ok) return fail(ok.error());
  print("{}{}", table.text(), folded);
  return kDone;
}

/// One agent's own view.
Result<int> print_own_link(ApiSession& api) {
  const auto body = api.get("/api/v1/sync");
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  std::string text =
      fmt::format("node {} incarnation {}, link {}\nuplink: head {}, at the hub {}, backlog {}\n",
                  in.text("node", {1, 64}), in.text("inc", {1, 16}), in.text("link", {1, 16}),
                  counted(in, "head"), counted(in, "hwm"), counted(in, "unacked"));
  for (json::Reader& cursor : in.objects("cursors", 100)) {
    text += fmt::format("feed {}: at {} of generation {}\n", cursor.text("feed", {1, 80}),
                        counted(cursor, "fseq"), cursor.text("hub_gen", {1, 16}));
  }
  text += fmt::format("downlink: {} positions behind\nset aside here: {}\n", counted(in, "behind"),
                      counted(in, "quarantined"));
  for (json::Reader& parked : in.objects("parked", 10'000)) {
    text += fmt::format("set aside at the hub: own record {}: {}\n", counted(parked, "seq"),
                        sentence(parked.text("reason", {0, kAnyLength})));
  }
  if (in.has("folded")) {
    json::Reader folded = in.object("folded");
    text += folded_line(folded) + "\n";
  }
  const auto detail = in.text("detail", {0, kAnyLength});
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  if (!detail.empty()) text += sentence(detail) + "\n";
  print_text(text);
  return kDone;
}

Result<int> print_quarantined(ApiSession& api, const std::string& record) {
  std::string path = "/api/v1/quarantine";
  for (std::size_t at = 0; at <= record.size();) {
    const auto slash = std::min(record.find('/', at), record.size());
    path += "/" + escaped(std::string_view(record).substr(at, slash - at));
    at = slash + 1;
  }
  const auto body = api.get(path);
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  std::string text = fmt::format("{}: {}\n{}\n", record_name(in), in.text("kind", {1, 16}),
                                 sentence(in.text("reason", {0, kAnyLength})));
  text += fmt::format("since {}, site {}, type {} {}, key {}\n", in.text("seen_at", {1, 64}),
                      in.text("site", {0, 32}), counted(in, "type"),
                      in.optional_text("event", {0, 64}).value_or("(unknown)"),
                      in.text("key", {0, kAnyLength}));
  json::Reader logged = in.object("logged");
  text += fmt::format("says {}\noctets {}\n", logged.value("payload").dump(),
                      logged.optional_text("record", {0, kAnyLength}).value_or("(withheld)"));
  for (const json::Value& waiting : in.values("waiting", 1'000'000)) {
    text += fmt::format("behind it waits {}\n", waiting.dump());
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print_text(text);
  return kLook;
}

}  // namespace

Result<int> sync_status_command(ApiSession& api) {
  return api.program() == "cairn-agent" ? print_own_link(api) : print_links(api);
}

Result<int> sync_quarantine_command(ApiSession& api, const QuarantineArguments& arguments) {
  if (!arguments.record.empty()) return print_quarantined(api, arguments.record);
  TextTable table({"record", "kind", "event", ">behind", "since", "why"});
  std::string cursor;
  do {
    const auto body = api.get(fmt::format("/api/v1/quarantine?limit={}{}", kQuarantinePage,
                                          cursor.empty() ? "" : "&cursor=" + escaped(cursor)));
    if (!body) return fail(body.error());
    json::Reader page = read_answer(*body);
    for (json::Reader& row : page.objects("items", kQuarantinePage)) {
      table.add({record_name(row), row.text("kind", {1, 16}),
                 row.optional_text("event", {0, 64})
                     .value_or(fmt::format("type {}", row.integer("type", 0, kAnyCount))),
                 counted(row, "behind"), row.text("seen_at", {1, 64}),
                 row.text("reason", {0, kAnyLength})});
    }
    cursor = page.optional_text("next_cursor", {0, kAnyLength}).value_or("");
    if (auto ok = api.understood(page); !ok) return fail(ok.error());
  } while (!cursor.empty());
  if (table.empty()) {
    print("nothing is set aside\n");
    return kDone;
  }
  print("{}", table.text());
  return kLook;
}

Result<int> sync_replay_command(ApiSession& api) {
  const auto body = api.post("/api/v1/quarantine/replays", json::Value::object());
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  const auto released = in.integer("released", 0, kAnyCount);
  const auto left = in.integer("left", 0, kAnyCount);
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{} records took effect, {} stay set aside\n", released, left);
  return left == 0 ? kDone : kLook;
}

}  // namespace cairn::tool
