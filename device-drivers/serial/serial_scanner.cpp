#include "device-drivers/serial/serial_scanner.h"

#include <chrono>
#include <utility>

namespace cairn::devices {
namespace {

/// No scanner pauses that long within a code, not even at 1200 baud or over radio.
constexpr Duration kGap = std::chrono::seconds(1);

}  // namespace

SerialScanner::SerialScanner(SerialLinkConfig config, ScannerSink& sink, const Clock& clock)
    : name_(config.name),
      sink_(sink),
      framer_(kGap),
      link_(
          std::move(config), *this,
          [this](StateChange change) { sink_.on_state(std::move(change)); }, clock) {}

bool SerialScanner::opened(MonoTime) { return true; }

void SerialScanner::received(std::string_view octets, MonoTime now) {
  for (const LineFramer::Read& read : framer_.feed(octets, now)) deliver(read, now);
}

void SerialScanner::quiet(MonoTime now) {
  if (const auto given_up = framer_.quiet(now)) deliver(tl::unexpected(*given_up), now);
}

void SerialScanner::lost(MonoTime now) {
  if (const auto cut_off = framer_.reset()) deliver(tl::unexpected(*cut_off), now);
}

void SerialScanner::deliver(const LineFramer::Read& read, MonoTime at) {
  if (read) {
    sink_.on_scan({name_, *read, at});
  } else {
    sink_.on_failed_read({name_, read.error(), at});
  }
}

}  // namespace cairn::devices
