// cairn node command, commands, config, configure: what a device is told, and what it answered.

#include "tools/cairn/commands.h"
#include "tools/cairn/printing.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace cairn::tool {
namespace {

constexpr std::int64_t kValuesFileMost = 64LL << 10;

std::string path_of(const std::string& node, std::string_view what) {
  return fmt::format("/api/v1/nodes/{}/{}", escaped(node), what);
}

Result<std::string> read_small_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
  if (!in.is_open() || in.bad()) {
    return fail(ErrorCode::kNotFound, "no_file", fmt::format("cannot read the file {}", file));
  }
  if (text.tellp() > kValuesFileMost) {
    return fail(ErrorCode::kInvalid, "file_too_large",
                fmt::format("{} is too large for a configuration", file));
  }
  return std::move(text).str();
}

/// Desired and reported, side by side.
Result<int> print_config(ApiSession& api, const json::Value& body) {
  json::Reader in = read_answer(body);
  TextTable table({"", ">version", "at", "what"});
  if (in.has("desired")) {
    json::Reader desired = in.object("desired");
    table.add({"desired", fmt::format("{}", desired.integer("version", 0, kAnyCount)),
               desired.text("set_at", {1, 40}), desired.value("values").dump()});
  }
  if (in.has("reported")) {
    json::Reader reported = in.object("reported");
    const auto outcome = reported.text("outcome", {1, 20});
    const auto error = reported.text("error", {0, kAnyLength});
    table.add({"reported", fmt::format("{}", reported.integer("version", 0, kAnyCount)),
               reported.text("at", {1, 40}),
               fmt::format("{}, in force: version {}{}{}", outcome,
                           reported.integer("in_force", 0, kAnyCount), error.empty() ? "" : "; ",
                           sentence(error))});
  }
  const bool settled = in.boolean("settled");
  const auto waiting = in.optional_integer("waiting_s", 0, kAnyCount);
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}", table.text());
  if (!settled) print("the device has not answered yet, {} s\n", waiting.value_or(0));
  return kDone;
}

}  // namespace

Result<int> node_command_command(ApiSession& api, const NodeCommandArguments& arguments) {
  auto body = json::Value::object();
  body.set("verb", arguments.verb).set("ttl_s", arguments.ttl_s);
  if (!arguments.argument.empty()) body.set("argument", arguments.argument);
  if (arguments.requires_online) body.set("requires_online", true);
  const auto done = api.post(path_of(arguments.node, "commands"), body);
  if (!done) return fail(done.error());
  json::Reader in = read_answer(*done);
  const auto id = in.text("command", {1, 64});
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}\n", visible(id));
  return kDone;
}

Result<int> node_commands_command(ApiSession& api, const NodeCommandArguments& arguments) {
  const auto body = api.get(path_of(arguments.node, "commands"));
  if (!body) return fail(body.error());
  TextTable table({"command", "verb", "argument", "issued", "expires", "state", "detail"});
  json::Reader in = read_answer(*body);
  std::string details;
  for (json::Reader& item : in.objects("items", 100'000)) {
    const auto id = item.text("command", {1, 64});
    const auto detail = item.text("detail", {0, kAnyLength});
    // What has lines is printed below.
    const bool lines = detail.find('\n') != std::string::npos;
    if (lines) {
      details += fmt::format("\n{}\n", visible(id));
      std::istringstream all(detail);
      for (std::string line; std::getline(all, line);) details += visible(line) + "\n";
    }
    table.add({id, item.text("verb", {1, 40}), item.text("argument", {0, kAnyLength}),
               item.text("issued_at", {1, 40}), item.text("expires_at", {1, 40}),
               item.text("state", {1, 20}), lines ? "(below)" : detail});
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}{}", table.text(), details);
  return kDone;
}

Result<int> node_config_command(ApiSession& api, const NodeConfigArguments& arguments) {
  const auto body = api.get(path_of(arguments.node, "config"));
  if (!body) return fail(body.error());
  return print_config(api, *body);
}

Result<int> node_configure_command(ApiSession& api, const NodeConfigArguments& arguments) {
  const auto text = read_small_file(arguments.file);
  if (!text) return fail(text.error());
  auto values = json::parse(*text);
  if (!values) return fail(values.error());
  const auto done = api.put(path_of(arguments.node, "config"),
                            json::Value::object().set("values", *std::move(values)));
  if (!done) return fail(done.error());
  return print_config(api, *done);
}

}  // namespace cairn::tool
