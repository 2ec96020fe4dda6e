#pragma once
// Labels that wait for their printers: first come, first served, one at a time, so that what waits
// has not left this process and can still go to another printer. Pure; one thread at a time.

#include "edge-agent/workflows/labels.h"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::agent {

class LabelQueue {
 public:
  static constexpr std::size_t kWaitingMost = 64;  ///< of one printer

  /// False: kWaitingMost wait there already.
  bool add(const std::string& printer, LabelOrder order);
  /// The label that the printer shall print now; it is under way until ended(). Nothing: none
  /// waits, one is under way, or the printer is paused.
  std::optional<LabelOrder> next(const std::string& printer);
  /// It is not under way after all: the next one again.
  void give_back(const std::string& printer);
  /// Labels that wait and are not noted as waiting; from now on they count as noted.
  std::vector<EventRef> to_note(const std::string& printer);
  /// Nothing happens if another label is under way there.
  void ended(const std::string& printer, const EventRef& start);

  /// A paused printer begins no label; what is under way ends.
  void pause(const std::string& printer, bool on) { lines_[printer].paused = on; }

  /// Takes out what waits, all of it or one label. What is under way stays: the printer may have
  /// it.
  std::vector<LabelOrder> take(const std::string& printer,
                               const std::optional<EventRef>& start = std::nullopt);
  /// Puts back what was taken out, where it was: in front.
  void put_back(const std::string& printer, const std::vector<LabelOrder>& orders);

  struct Line {
    bool paused = false;
    std::optional<LabelOrder> under_way;
    std::deque<LabelOrder> waiting;  ///< the next one first
  };
  [[nodiscard]] Line line(const std::string& printer) const;
  /// A label that comes now has to wait.
  [[nodiscard]] bool is_busy(const std::string& printer) const;
  /// No label waits or is under way, at any printer.
  [[nodiscard]] bool is_empty() const;

 private:
  std::map<std::string, Line> lines_;  // by printer
};

}  // namespace cairn::agent
