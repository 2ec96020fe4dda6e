#include "tests/fuzzing/target.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace cairn::fuzz {
namespace {

constexpr std::array<std::pair<std::string_view, Target>, 22> kTargets = {{
    {"uplink_frame", uplink_frame},
    {"feed_frame", feed_frame},
    {"record", record},
    {"payload", payload},
    {"message", message},
    {"hub_uplink", hub_uplink},
    {"site_feed", site_feed},
    {"hub_bus", hub_bus},
    {"node_bus", node_bus},
    {"json", json},
    {"request", request},
    {"csv", csv},
    {"barcode", barcode},
    {"gs1", gs1_data},
    {"scanner_line", scanner_line},
    {"scale_answer", scale_answer},
    {"printer_status", printer_status},
    {"picture", picture},
    {"decode_frame", decode_frame},
    {"hid_reports", hid_reports},
    {"device_id", device_id},
    {"keystrokes", keystrokes},
}};

}  // namespace

void hold(bool property, const char* what) {
  if (property) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::fflush(stderr);
  std::abort();
}

Target find_target(std::string_view name) {
  for (const auto& [known, target] : kTargets) {
    if (known == name) return target;
  }
  return nullptr;
}

}  // namespace cairn::fuzz
