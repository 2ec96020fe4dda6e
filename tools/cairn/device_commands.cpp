// cairn device list, monitor, test, claim, release: the devices of an agent.

#include "tools/cairn/commands.h"
#include "tools/cairn/printing.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

#include <chrono>

namespace cairn::tool {
namespace {

constexpr std::size_t kDevicesMost = 1000;
/// Longer than any test takes.
constexpr Duration kTestWithin = std::chrono::seconds(60);

Result<> expect_agent(const ApiSession& api) {
  if (api.program() == "cairn-agent") return {};
  return fail(ErrorCode::kInvalid, "not_an_agent",
              "devices hang on agents, and this is a hub: give an agent's address with --url");
}

std::string count(json::Reader& in, std::string_view name) {
  return fmt::format("{}", in.integer(name, 0, kAnyCount));
}

/// What it has done, and what went wrong last.
std::string done_by(json::Reader& device, const std::string& kind) {
  std::string done;
  if (kind == "scanner") {
    done =
        fmt::format("{} reads, {} failed", count(device, "reads"), count(device, "failed_reads"));
  }
  if (device.has("labels")) {
    json::Reader labels = device.object("labels");
    done = fmt::format("{} labels, {} failed, {} unknown", count(labels, "done"),
                       count(labels, "failed"), count(labels, "unknown"));
  }
  return done;
}

std::string last_error_of(json::Reader& device) {
  if (!device.has("last_error")) return {};
  json::Reader error = device.object("last_error");
  const auto sentence_of = error.text("sentence", {0, kAnyLength});
  return fmt::format("{}: {} ({})", error.text("at", {1, 40}), sentence(sentence_of),
                     error.text("locus", {1, 20}));
}

void add_device(TextTable& table, json::Reader& device) {
  const auto kind = device.text("kind", {1, 40});
  const auto state = device.text("state", {1, 40});
  const auto detail = device.text("detail", {0, kAnyLength});
  table.add({device.text("name", {1, 40}), kind, state, device.text("since", {1, 40}),
             count(device, "went_offline"), done_by(device, kind), last_error_of(device),
             sentence(detail)});
}

Result<int> print_list(ApiSession& api, const json::Value& body) {
  json::Reader in = read_answer(body);
  TextTable table(
      {"device", "kind", "state", "since", ">went off", "done", "last error", "detail"});
  for (json::Reader& device : in.objects("items", kDevicesMost)) add_device(table, device);
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  if (table.empty()) {
    print("this agent has no devices; `cairn device identify` says what is plugged in\n");
  } else {
    print("{}", table.text());
  }
  return kDone;
}

std::string weight_of(json::Reader& device) {
  if (!device.has("weight")) return {};
  json::Reader weight = device.object("weight");
  const auto state = weight.text("state", {1, 20});
  return " " + weight.optional_text("shown", {1, 100}).value_or(state);
}

/// A line about a live event; empty: it is about something else.
std::string line_of(const std::string& event, const json::Value& data) {
  json::Reader in = read_answer(data);
  if (event == "device") {
    const auto name = in.text("name", {1, 40});
    const auto state = in.text("state", {1, 40});
    const auto weight = weight_of(in);
    const auto detail = in.text("detail", {0, kAnyLength});
    if (!in.done()) return {};
    return fmt::format("{} {}{}{}{}", visible(name), visible(state), visible(weight),
                       detail.empty() ? "" : ": ", sentence(detail));
  }
  if (event == "verdict") {
    const auto device = in.optional_text("device", {0, 40}).value_or("");
    const auto code = in.text("code", {0, kAnyLength});
    const auto verdict = in.text("verdict", {1, 40});
    const auto message = in.text("message", {0, kAnyLength});
    if (!in.done() || device.empty()) return {};
    return fmt::format("{} read {}: {}, {}", visible(device), sentence(code), visible(verdict),
                       sentence(message));
  }
  return {};
}

std::string device_path(const std::string& device, std::string_view verb) {
  return fmt::format("/api/v1/devices/{}/{}", escaped(device), verb);
}

Result<int> tell_state(ApiSession& api, const DeviceArguments& arguments, std::string_view verb) {
  if (auto ok = expect_agent(api); !ok) return fail(ok.error());
  const auto answer = api.post(device_path(arguments.device, verb), json::Value::object());
  if (!answer) return fail(answer.error());
  json::Reader in = read_answer(*answer);
  const auto state = in.text("state", {1, 40});
  const auto detail = in.text("detail", {0, kAnyLength});
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{} is {}{}{}\n", visible(arguments.device), visible(state), detail.empty() ? "" : ": ",
        sentence(detail));
  return kDone;
}

}  // namespace

Result<int> device_list_command(ApiSession& api, const DeviceArguments& arguments) {
  if (auto ok = expect_agent(api); !ok) return fail(ok.error());
  const auto body = api.get("/api/v1/devices");
  if (!body) return fail(body.error());
  if (!arguments.json) return print_list(api, *body);
  print("{}\n", body->dump());
  return kDone;
}

Result<int> device_monitor_command(ApiSession& api, const DeviceArguments& arguments) {
  if (auto ok = expect_agent(api); !ok) return fail(ok.error());
  const auto end = api.follow([&arguments](const std::string& event, const json::Value& data) {
    if (arguments.json && (event == "device" || event == "verdict")) {
      auto line = json::Value::object();
      line.set("event", event).set("data", data);
      print("{}\n", line.dump());
    } else if (const std::string line = line_of(event, data); !arguments.json && !line.empty()) {
      print("{}\n", line);
    }
    flush_printing();  // who looks on wants to see it now
    return can_print();
  });
  if (!end) return fail(end.error());
  return kDone;
}

Result<int> device_test_command(ApiSession& api, const DeviceArguments& arguments) {
  if (auto ok = expect_agent(api); !ok) return fail(ok.error());
  const auto answer =
      api.post(device_path(arguments.device, "test"), json::Value::object(), kTestWithin);
  if (!answer) return fail(answer.error());
  json::Reader in = read_answer(*answer);
  const bool passed = in.boolean("passed");
  const auto said = in.text("said", {0, kAnyLength});
  std::string read;
  if (in.has("read")) {
    json::Reader got = in.object("read");
    read = fmt::format("; it read {}", sentence(got.text("code", {0, kAnyLength})));
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  if (arguments.json) {
    print("{}\n", answer->dump());
  } else {
    print("{} {}: {}{}\n", visible(arguments.device), passed ? "passed" : "did not pass",
          sentence(said), read);
  }
  return passed ? kDone : kLook;
}

Result<int> device_claim_command(ApiSession& api, const DeviceArguments& arguments) {
  return tell_state(api, arguments, "claim");
}

Result<int> device_release_command(ApiSession& api, const DeviceArguments& arguments) {
  return tell_state(api, arguments, "release");
}

}  // namespace cairn::tool
