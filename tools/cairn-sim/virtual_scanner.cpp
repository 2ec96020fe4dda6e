#include "tools/cairn-sim/virtual_scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::simulator {
namespace {

/// A real scanner knows the symbology from the bars. We go by the form: EAN-13, EAN-8, else Code
/// 128.
std::string_view usual_aim(BytesView code) {
  const bool is_number = std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
  if (is_number && code.size() == 13) return "]E0";
  if (is_number && code.size() == 8) return "]E4";
  return "]C0";
}

constexpr std::uint32_t kBitsPerOctet = 10;  // with start and stop bit

Duration transfer_time(std::size_t octets, std::uint32_t baud) {
  return Duration(static_cast<std::int64_t>(octets) * kBitsPerOctet * 1'000'000 / baud);
}

/// What a serial chip hands over at a time: the octets of about 5 ms.
std::size_t portion_at(std::uint32_t baud) {
  return std::max<std::size_t>(1, baud / kBitsPerOctet / 200);
}

tl::unexpected<Error> is_unplugged(const std::string& name) {
  return fail(ErrorCode::kConflict, "unplugged", fmt::format("{} is unplugged", name));
}

}  // namespace

VirtualScanner::VirtualScanner(VirtualScannerConfig config, Pause pause)
    : config_(std::move(config)), pause_(std::move(pause)) {}

Result<> VirtualScanner::plug() {
  if (pty_) {
    return fail(ErrorCode::kConflict, "plugged", fmt::format("{} is plugged in", config_.name));
  }
  auto pty = Pty::create(config_.link);
  if (!pty) return fail(pty.error());
  pty_ = *std::move(pty);
  return {};
}

Result<> VirtualScanner::unplug() {
  if (!pty_) return is_unplugged(config_.name);
  pty_.reset();
  return {};
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
  if (!pty_) return is_unplugged(config_.name);
  if (!pty_->is_open()) {
    return fail(ErrorCode::kUnavailable, "not_open",
                fmt::format("no program has {} open; the octets are lost", config_.link));
  }
  if (!config_.baud) return pty_->write(octets);
  const std::size_t portion = portion_at(*config_.baud);
  while (!octets.empty()) {
    const BytesView now = octets.substr(0, portion);
    if (auto paused = pause_(transfer_time(now.size(), *config_.baud)); !paused) return paused;
    if (auto written = pty_->write(now); !written) return written;
    octets.remove_prefix(now.size());
  }
  return {};
}

}  // namespace cairn::simulator
