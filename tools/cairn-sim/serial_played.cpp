#include "tools/cairn-sim/serial_played.h"

#include <utility>

namespace cairn::simulator {

SerialPlayed::SerialPlayed(DeviceKind kind, std::string name, std::string link)
    : VirtualDevice(kind, std::move(name)), link_(std::move(link)) {}

Result<> SerialPlayed::plug() {
  const std::scoped_lock lock(plugging_);
  if (line_) return plugged_already();
  auto line = Pty::create(link_);
  if (!line) return fail(line.error());
  line_ = *std::move(line);
  stopping_ = false;
  wake_.clear();
  thread_ = std::thread([this] { serve(*line_); });
  return {};
}

Result<> SerialPlayed::unplug() {
  const std::scoped_lock lock(plugging_);
  if (!line_) return is_unplugged();
  pull();
  return {};
}

void SerialPlayed::pull() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  wake_.wake();
  thread_.join();
  line_.reset();
  power_off();
}

void SerialPlayed::tell_place(json::Value& into) const { into.set("path", link_); }

bool SerialPlayed::is_plugged() const {
  const std::scoped_lock lock(plugging_);
  return line_ != nullptr;
}

bool SerialPlayed::is_open() const {
  const std::scoped_lock lock(plugging_);
  return line_ != nullptr && line_->is_open();
}

}  // namespace cairn::simulator
