// cairn orders capture, hold, release, cancel: one order at a time.

#include "core/base/quantity.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/data_file.h"
#include "tools/cairn/printing.h"

#include <fmt/format.h>

namespace cairn::tool {
namespace {

std::string order_path(const std::string& order, std::string_view what) {
  return fmt::format("/api/v1/orders/{}/{}", escaped(order), what);
}

/// "id: status", and why where somebody said so.
Result<int> print_order(ApiSession& api, const json::Value& body) {
  json::Reader in = read_answer(body);
  const auto id = in.text("id", {1, 64});
  const auto status = in.text("status", {1, 32});
  const auto note = in.text("note", {0, kAnyLength});
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}: {}{}{}\n", visible(id), visible(status), note.empty() ? "" : ", ", sentence(note));
  return kDone;
}

Result<int> change_order(ApiSession& api, const std::string& path, const json::Value& body) {
  const auto order = api.post(path, body);
  if (!order) return fail(order.error());
  return print_order(api, *order);
}

}  // namespace

Result<int> orders_capture_command(ApiSession& api, const OrderArguments& arguments) {
  const auto order = read_json_file(arguments.file);
  if (!order) return fail(order.error());
  return change_order(api, "/api/v1/orders", *order);
}

Result<int> orders_hold_command(ApiSession& api, const OrderArguments& arguments) {
  return change_order(
      api, order_path(arguments.order, "holds"),
      json::Value::object().set("reason", arguments.reason).set("note", arguments.note));
}

Result<int> orders_release_command(ApiSession& api, const OrderArguments& arguments) {
  return change_order(api, order_path(arguments.order, "holds/release"),
                      json::Value::object().set("note", arguments.note));
}

Result<int> orders_cancel_command(ApiSession& api, const OrderArguments& arguments) {
  const auto done = api.post(order_path(arguments.order, "cancel"), json::Value::object());
  if (!done) return fail(done.error());
  json::Reader in = read_answer(*done);
  bool all = true;
  for (json::Reader& line : in.objects("lines", SIZE_MAX)) {
    const auto number = line.integer("line", 0, kAnyCount);
    const auto cancelled = line.integer("cancelled_milli", 0, kAnyCount);
    const auto late = line.integer("too_late_milli", 0, kAnyCount);
    all = all && late == 0;
    print("line {}: {} cancelled{}\n", number, milli_text(cancelled),
          late == 0 ? "" : fmt::format(", {} too late", milli_text(late)));
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  return all ? kDone : kLook;
}

}  // namespace cairn::tool
