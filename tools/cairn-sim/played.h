#pragma once
// What a person does with a device, whatever its wire: the verbs of the script act on these. Any
// thread.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "tools/cairn-sim/printer_fault.h"
#include "tools/cairn-sim/printer_mechanism.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::simulator {

/// What is printed on the paper.
struct Label {
  std::optional<std::string> aim;  ///< e.g. "]C1"; otherwise what the form of the code suggests
  Bytes code;
};

class PlayedScanner {
 public:
  virtual ~PlayedScanner() = default;
  /// Reads a label and returns what it sent. One label at a time: a second waits.
  /// Errors: kInvalid "no_code", kConflict "no_aim", and those of send().
  virtual Result<Bytes> scan(const Label& label) = 0;
  /// Sends octets as they are. Errors: kConflict "unplugged", kUnavailable "not_open" (as with a
  /// real scanner the octets are lost then), and those of its wire.
  virtual Result<> send(BytesView octets) = 0;
};

class PlayedScale {
 public:
  virtual ~PlayedScale() = default;
  virtual void put(std::int64_t grams) = 0;
  virtual void move() = 0;
  virtual void overload() = 0;
  virtual void lift() = 0;
  /// It weighs, but does not say so.
  virtual void mute(bool on) = 0;
  /// An octet of each answer arrives damaged. Errors: kInvalid "bad_fault" (its wire damages none).
  virtual Result<> garble(bool on) = 0;
};

class PlayedPrinter {
 public:
  virtual ~PlayedPrinter() = default;
  virtual void set_paper(bool in) = 0;
  virtual void set_lid(bool open) = 0;
  virtual void set_ribbon(bool in) = 0;
  virtual void set_paused(bool on) = 0;
  /// Errors: kInvalid "bad_fault" (its wire cannot do that).
  virtual Result<> set_fault(const PrinterFault& fault) = 0;

  struct Counts {
    std::uint64_t received = 0;  ///< whole formats, since it was made
    std::uint64_t printed = 0;
    std::size_t waiting = 0;
    bool connected = false;    ///< to a program
    std::uint64_t drawer = 0;  ///< impulses for the cash drawer, of a receipt printer
  };
  [[nodiscard]] virtual Counts counts() const = 0;
  /// The last 200 that were printed, oldest first.
  [[nodiscard]] virtual std::vector<PrinterMechanism::Label> labels() const = 0;
  /// Errors: kNotFound "no_label".
  [[nodiscard]] virtual Result<std::string> label(std::uint64_t number) const = 0;
};

}  // namespace cairn::simulator
