#pragma once
// What a label printer does with the formats it was sent, and how it says so, without its
// connection: it keeps them until they are printed, one after the other, and prints only while
// nothing is in the way. Pure: times go in; one thread.

#include "core/base/result.h"
#include "core/base/time.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::simulator {

class PrinterMechanism {
 public:
  struct Label {
    std::uint64_t number = 0;  ///< from 1, in the order of printing
    std::string zpl;
  };

  /// What keeps it from printing.
  struct Obstacles {
    bool paper_out = false;
    bool lid_open = false;
    bool ribbon_out = false;
    bool paused = false;
    [[nodiscard]] bool any() const { return paper_out || lid_open || ribbon_out || paused; }
  };

  /// print_time: for one label; one that is stopped midway is printed again from its beginning.
  explicit PrinterMechanism(Duration print_time) : print_time_(print_time) {}

  /// A format has arrived.
  void take(std::string zpl, MonoTime now);
  void set(const Obstacles& obstacles, MonoTime now);
  [[nodiscard]] const Obstacles& obstacles() const { return obstacles_; }
  /// Prints what is due.
  void advance(MonoTime now);
  /// When the next label is printed; nothing: not before something happens.
  [[nodiscard]] std::optional<MonoTime> deadline() const;
  /// It takes no more formats for now.
  [[nodiscard]] bool is_full() const { return waiting_.size() >= kBufferMost; }

  /// Loses its memory and the pause; paper and lid stay as they are, and so does what is printed.
  void power_off();

  /// The answer to ~HS (ZPL II Programming Guide): three strings, each from STX to ETX CR LF.
  /// partial: it has received a part of a format.
  [[nodiscard]] std::string host_status(bool partial) const;

  /// The octet that answers DLE EOT 1 to 4 (Epson ESC/POS command reference).
  [[nodiscard]] char real_time_status(int question) const;

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  [[nodiscard]] std::uint64_t received() const { return received_; }
  [[nodiscard]] std::uint64_t printed() const { return printed_; }
  /// The last ones that were printed, oldest first.
  [[nodiscard]] const std::deque<Label>& labels() const { return labels_; }

 private:
  static constexpr std::size_t kBufferMost = 100;
  static constexpr std::size_t kLabelsMost = 200;

  /// Begins with the next label, if there is one and nothing is in the way.
  void begin(MonoTime now);

  Duration print_time_;
  Obstacles obstacles_;
  std::deque<std::string> waiting_;
  std::optional<MonoTime> begun_;
  std::deque<Label> labels_;
  std::uint64_t received_ = 0;
  std::uint64_t printed_ = 0;
};

/// The ZPL of one that `printer` has printed. Errors: kNotFound "no_label".
Result<std::string> find_label(const PrinterMechanism& mechanism, std::uint64_t number,
                               std::string_view printer);

}  // namespace cairn::simulator
