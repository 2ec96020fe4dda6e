#pragma once
// What a device has done since the agent started, for whoever looks after it. In the terms of
// UnifiedPOS (OMG, "UnifiedPOS Retail Peripheral Architecture") where it has one: ErrorLocus,
// ErrorResponse. Pure.

#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::agent {

/// The last thing that went wrong.
struct DeviceFault {
  /// Where it happened.
  enum class Locus : std::uint8_t {
    kInput,   ///< a read or a weight
    kOutput,  ///< something that was to be printed
    kDevice,  ///< the device itself, or the way to it
  };
  /// What becomes of it.
  enum class Response : std::uint8_t {
    kContinue,  ///< nothing of it is used: do it again
    kRetry,     ///< the agent tries again by itself
    kClear,     ///< it is dropped, and never sent again by itself
  };
  Locus locus = Locus::kDevice;
  Response response = Response::kRetry;
  std::string sentence;  ///< for a person
  UtcTime at;
};

/// "input", "output", "device".
std::string_view name_of(DeviceFault::Locus locus);
/// "continue", "retry", "clear".
std::string_view name_of(DeviceFault::Response response);

struct DeviceStatistics {
  UtcTime since;              ///< it has been in its state
  std::uint64_t opened = 0;   ///< times that it came online
  std::uint64_t offline = 0;  ///< times that it went away without being released
  std::uint64_t labels_done = 0;
  std::uint64_t labels_failed = 0;
  std::uint64_t labels_unknown = 0;
  std::uint64_t under_way = 0;          ///< labels that it has to print
  std::optional<UtcTime> last_data_at;  ///< a read, a stable weight, a printed label
  std::optional<DeviceFault> last_fault;
};

}  // namespace cairn::agent
