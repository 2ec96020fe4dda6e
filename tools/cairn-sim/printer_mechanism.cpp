#include "tools/cairn-sim/printer_mechanism.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::simulator {

void PrinterMechanism::take(std::string zpl, MonoTime now) {
  advance(now);
  ++received_;
  waiting_.push_back(std::move(zpl));
  begin(now);
}

void PrinterMechanism::set(const Obstacles& obstacles, MonoTime now) {
  advance(now);
  obstacles_ = obstacles;
  begin(now);
}

void PrinterMechanism::begin(MonoTime now) {
  if (obstacles_.any() || waiting_.empty()) {
    begun_.reset();
  } else if (!begun_) {
    begun_ = now;
  }
}

void PrinterMechanism::advance(MonoTime now) {
  while (begun_ && now >= *begun_ + print_time_) {
    const MonoTime done = *begun_ + print_time_;
    labels_.push_back({++printed_, std::move(waiting_.front())});
    if (labels_.size() > kLabelsMost) labels_.pop_front();
    waiting_.pop_front();
    begun_.reset();
    begin(done);
  }
}

std::optional<MonoTime> PrinterMechanism::deadline() const {
  return begun_ ? std::optional(*begun_ + print_time_) : std::nullopt;
}

void PrinterMechanism::power_off() {
  waiting_.clear();
  begun_.reset();
  obstacles_.paused = false;
}

std::string PrinterMechanism::host_status(bool partial) const {
  constexpr int kLabelDots = 1218;  // six inches at 203 dpi
  return fmt::format(
      "\x02"
      "030,{:d},{:d},{:04},{:03},{:d},0,{:d},000,0,0,0\x03\r\n"
      "\x02"
      "001,0,{:d},{:d},1,2,6,0,00000000,1,000\x03\r\n"
      "\x02"
      "1234,0\x03\r\n",
      obstacles_.paper_out, obstacles_.paused, kLabelDots, waiting_.size(), is_full(), partial,
      obstacles_.lid_open, obstacles_.ribbon_out);
}

char PrinterMechanism::real_time_status(int question) const {
  constexpr unsigned kAlways = 0x12;
  constexpr unsigned kOffline = 1U << 3U;
  constexpr unsigned kCoverOpen = 1U << 2U;
  constexpr unsigned kStoppedByPaper = 1U << 5U;
  constexpr unsigned kPaperEnd = 3U << 5U;
  unsigned status = kAlways;
  if (question == 1 && obstacles_.any()) status |= kOffline;
  if (question == 2 && obstacles_.lid_open) status |= kCoverOpen;
  if (question == 2 && obstacles_.paper_out) status |= kStoppedByPaper;
  if (question == 4 && obstacles_.paper_out) status |= kPaperEnd;
  return static_cast<char>(status);
}

Result<std::string> find_label(const PrinterMechanism& mechanism, std::uint64_t number,
                               std::string_view printer) {
  const auto& labels = mechanism.labels();
  const auto found = std::ranges::find(labels, number, &PrinterMechanism::Label::number);
  if (found != labels.end()) return found->zpl;
  return fail(ErrorCode::kNotFound, "no_label",
              labels.empty() ? fmt::format("{} has printed nothing yet", printer)
                             : fmt::format("{} has labels {} to {}", printer, labels.front().number,
                                           labels.back().number));
}

}  // namespace cairn::simulator
