#include "tools/cairn-sim/virtual_scanner.h"

#include "tools/cairn-sim/octets.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::simulator {
namespace {

constexpr std::uint32_t kBitsPerOctet = 10;  // with start and stop bit

Duration transfer_time(std::size_t octets, std::uint32_t baud) {
  return Duration(static_cast<std::int64_t>(octets) * kBitsPerOctet * 1'000'000 / baud);
}

/// What a serial chip hands over at a time: the octets of about 5 ms.
std::size_t portion_at(std::uint32_t baud) {
  return std::max<std::size_t>(1, baud / kBitsPerOctet / 200);
}

constexpr std::size_t kRecentMost = 20;

}  // namespace

std::string_view usual_aim(BytesView code) {
  const bool is_number = std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
  if (is_number && code.size() == 13) return "]E0";
  if (is_number && code.size() == 8) return "]E4";
  return "]C0";
}

VirtualScanner::VirtualScanner(VirtualScannerConfig config, Pause pause)
    : VirtualDevice(DeviceKind::kScanner, config.name),
      config_(std::move(config)),
      pause_(std::move(pause)) {}

Result<> VirtualScanner::plug() {
  const std::scoped_lock lock(wire_);
  if (pty_) return plugged_already();
  auto pty = Pty::create(config_.link);
  if (!pty) return fail(pty.error());
  pty_ = *std::move(pty);
  return {};
}

Result<> VirtualScanner::unplug() {
  const std::scoped_lock lock(wire_);
  if (!pty_) return is_unplugged();
  pty_.reset();
  return {};
}

void VirtualScanner::tell_place(json::Value& into) const { into.set("path", config_.link); }

void VirtualScanner::tell_state(json::Value& into) const {
  const std::scoped_lock lock(wire_);
  auto recent = json::Value::array();
  for (const std::string& sent : recent_) recent.add(sent);
  into.set("plugged", pty_ != nullptr)
      .set("open", pty_ != nullptr && pty_->is_open())
      .set("aim", config_.aim)
      .set("recent", std::move(recent));
}

Result<Bytes> VirtualScanner::scan(const Label& label) {
  if (label.code.empty()) return fail(ErrorCode::kInvalid, "no_code", "what shall be scanned?");
  if (label.aim && !config_.aim) {
    return fail(
        ErrorCode::kConflict, "no_aim",
        fmt::format("{} is not set up to send AIM identifiers (option --aim)", config_.name));
  }
  Bytes octets;
  if (config_.aim) octets += label.aim ? *label.aim : usual_aim(label.code);
  octets += label.code;
  octets += config_.suffix;
  if (const auto sent = send(octets); !sent) return fail(sent.error());
  return octets;
}

Result<> VirtualScanner::send(BytesView octets) {
  const std::scoped_lock lock(sending_);
  if (!config_.baud) {
    if (auto sent = send_portion(octets); !sent) return sent;
  } else {
    const std::size_t portion = portion_at(*config_.baud);
    for (BytesView rest = octets; !rest.empty();) {
      const BytesView now = rest.substr(0, portion);
      if (auto paused = pause_(transfer_time(now.size(), *config_.baud)); !paused) return paused;
      if (auto sent = send_portion(now); !sent) return sent;
      rest.remove_prefix(now.size());
    }
  }
  const std::scoped_lock wire(wire_);
  recent_.push_front(format_octets(octets));
  if (recent_.size() > kRecentMost) recent_.pop_back();
  return {};
}

Result<> VirtualScanner::send_portion(BytesView octets) {
  const std::scoped_lock lock(wire_);
  if (!pty_) return is_unplugged();
  if (!pty_->is_open()) {
    return fail(ErrorCode::kUnavailable, "not_open",
                fmt::format("no program has {} open; the octets are lost", config_.link));
  }
  return pty_->write(octets);
}

}  // namespace cairn::simulator
