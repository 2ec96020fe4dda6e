#include "edge-agent/devices/label_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cairn::agent {

bool LabelQueue::add(const std::string& printer, LabelOrder order) {
  Line& line = lines_[printer];
  if (line.waiting.size() >= kWaitingMost) return false;
  line.waiting.push_back(std::move(order));
  return true;
}

std::optional<LabelOrder> LabelQueue::next(const std::string& printer) {
  Line& line = lines_[printer];
  if (line.paused || line.under_way || line.waiting.empty()) return std::nullopt;
  line.under_way = std::move(line.waiting.front());
  line.waiting.pop_front();
  return line.under_way;
}

void LabelQueue::give_back(const std::string& printer) {
  Line& line = lines_[printer];
  if (!line.under_way) return;
  line.waiting.push_front(*std::exchange(line.under_way, std::nullopt));
}

std::vector<EventRef> LabelQueue::to_note(const std::string& printer) {
  std::vector<EventRef> starts;
  for (LabelOrder& order : lines_[printer].waiting) {
    if (!std::exchange(order.noted, true)) starts.push_back(order.start);
  }
  return starts;
}

void LabelQueue::ended(const std::string& printer, const EventRef& start) {
  Line& line = lines_[printer];
  if (line.under_way && line.under_way->start == start) line.under_way.reset();
}

std::vector<LabelOrder> LabelQueue::take(const std::string& printer,
                                         const std::optional<EventRef>& start) {
  Line& line = lines_[printer];
  const auto stays = std::stable_partition(
      line.waiting.begin(), line.waiting.end(),
      [&start](const LabelOrder& order) { return start && order.start != *start; });
  std::vector<LabelOrder> taken(std::make_move_iterator(stays),
                                std::make_move_iterator(line.waiting.end()));
  line.waiting.erase(stays, line.waiting.end());
  return taken;
}

void LabelQueue::put_back(const std::string& printer, const std::vector<LabelOrder>& orders) {
  Line& line = lines_[printer];
  line.waiting.insert(line.waiting.begin(), orders.begin(), orders.end());
}

LabelQueue::Line LabelQueue::line(const std::string& printer) const {
  const auto found = lines_.find(printer);
  return found != lines_.end() ? found->second : Line{};
}

bool LabelQueue::is_busy(const std::string& printer) const {
  const auto found = lines_.find(printer);
  if (found == lines_.end()) return false;
  const Line& line = found->second;
  return line.paused || line.under_way || !line.waiting.empty();
}

bool LabelQueue::is_empty() const {
  return std::ranges::all_of(lines_, [](const auto& entry) {
    return !entry.second.under_way && entry.second.waiting.empty();
  });
}

}  // namespace cairn::agent
