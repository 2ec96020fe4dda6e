#pragma once
// What all virtual devices have in common, whatever they play. Any thread: commands come from
// standard input and from the bench page at once.

#include "core/base/result.h"
#include "core/json/value.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::simulator {

enum class DeviceKind : std::uint8_t { kScanner, kScale, kPrinter };

/// "scanner", "scale", "printer".
std::string_view name_of(DeviceKind kind);

class VirtualDevice {
 public:
  VirtualDevice(DeviceKind kind, std::string name) : kind_(kind), name_(std::move(name)) {}
  VirtualDevice(const VirtualDevice&) = delete;
  VirtualDevice& operator=(const VirtualDevice&) = delete;
  /// Unplugs.
  virtual ~VirtualDevice() = default;

  [[nodiscard]] DeviceKind kind() const { return kind_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  /// Errors: kConflict "plugged", and those of the wire it makes.
  virtual Result<> plug() = 0;
  /// Errors: kConflict "unplugged".
  virtual Result<> unplug() = 0;

  /// Sets where a program finds it: "path" or "address".
  virtual void tell_place(json::Value& into) const = 0;
  /// Sets how it is: "plugged", and what its kind has to say.
  virtual void tell_state(json::Value& into) const = 0;

 protected:
  [[nodiscard]] tl::unexpected<Error> plugged_already() const;
  [[nodiscard]] tl::unexpected<Error> is_unplugged() const;

 private:
  const DeviceKind kind_;
  const std::string name_;
};

/// Names are unique.
using Devices = std::vector<std::unique_ptr<VirtualDevice>>;

/// Null if there is none.
VirtualDevice* find_device(const Devices& devices, std::string_view name);

/// All of them: name, kind, place and state.
json::Value describe(const Devices& devices);

}  // namespace cairn::simulator
