#pragma once
// What virtual devices that listen to a serial line have in common: a plug, a link under which they
// are found, and a thread of their own while they are plugged in. Any thread.

#include "tools/cairn-sim/pty.h"
#include "tools/cairn-sim/virtual_device.h"
#include "tools/cairn-sim/wake_event.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace cairn::simulator {

class SerialPlayed : public VirtualDevice {
 public:
  /// Errors: kConflict "plugged", and those of Pty::create().
  Result<> plug() override;
  Result<> unplug() override;
  void tell_place(json::Value& into) const override;

 protected:
  SerialPlayed(DeviceKind kind, std::string name, std::string link);

  /// Its thread: until is_stopping(), which wakes it.
  virtual void serve(Pty& line) = 0;
  /// It was unplugged, and its thread has ended.
  virtual void power_off() {}
  /// To be called by the destructor of whatever serves.
  void pull();

  [[nodiscard]] bool is_plugged() const;
  /// Some program has it open.
  [[nodiscard]] bool is_open() const;
  [[nodiscard]] bool is_stopping() const { return stopping_; }
  [[nodiscard]] const WakeEvent& wake() const { return wake_; }

 private:
  const std::string link_;
  mutable std::mutex plugging_;  // guards line_ and thread_ but for the thread itself
  std::unique_ptr<Pty> line_;    // none: unplugged
  const WakeEvent wake_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace cairn::simulator
