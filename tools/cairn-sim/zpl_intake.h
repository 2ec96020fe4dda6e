#pragma once
// Cuts the octets that a ZPL printer receives into what it acts on: whole formats (^XA … ^XZ) and
// questions about its status (~HS), which may come at any time, also within a format. All other ~
// commands are ignored, and so is everything outside of a format. Pure, one thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::simulator {

class ZplIntake {
 public:
  struct Arrival {
    enum class Kind : std::uint8_t { kFormat, kStatusAsked };
    Kind kind = Kind::kFormat;
    std::string
        zpl;  ///< kFormat: from ^XA to ^XZ; one that begins within another is printed into it
  };

  /// What was complete within `octets`, in order.
  std::vector<Arrival> feed(std::string_view octets);
  /// Only a part of a format has arrived.
  [[nodiscard]] bool is_partial() const { return in_format_; }
  /// Forgets what is not complete.
  void reset();

 private:
  /// More is no label; the rest of the format is dropped.
  static constexpr std::size_t kFormatMost = 1U << 20U;

  void take_command(std::vector<Arrival>& arrivals);
  void append(std::string_view octets);

  std::string command_;  // "^X", "~H": the beginning of one
  std::string format_;
  bool in_format_ = false;
};

}  // namespace cairn::simulator
