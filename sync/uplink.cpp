#include "sync/uplink.h"

#include <algorithm>

namespace cairn::sync {

void Uplink::opened(std::uint64_t hwm, std::uint64_t credit_events, MonoTime now) {
  if (!open_) {
    open_ = true;
    attempt_ = 0;
    window_.clear();
    next_ = hwm + 1;
    hwm_ = hwm;
    credit_ = credit_events;
    return;
  }
  acked(hwm, credit_events, 0, now);
}

void Uplink::closed() {
  open_ = false;
  window_.clear();
}

void Uplink::frame_sent(std::uint64_t first, std::uint64_t last, MonoTime now) {
  if (!open_ || first != next_) return;
  window_.push_back({first, last, now, first <= sent_before_});
  sent_before_ = std::max(sent_before_, last);
  next_ = last + 1;
}

void Uplink::acked(std::uint64_t hwm, std::uint64_t credit_events, std::uint64_t gap_from,
                   MonoTime now) {
  if (!open_) return;
  credit_ = credit_events;
  if (hwm > hwm_ && hwm <= head_) {
    hwm_ = hwm;
    attempt_ = 0;
    vain_ = 0;
    while (!window_.empty() && window_.front().last <= hwm) {
      measure(window_.front(), now);
      window_.pop_front();
    }
    next_ = std::max(next_, hwm + 1);
  }
  // The frames behind a lost one each report the same gap: go back once for all of them.
  const bool just_went =
      now - went_back_ < std::max(srtt_, Duration(std::chrono::milliseconds(50)));
  if (gap_from == hwm_ + 1 && gap_from < next_ && !just_went) go_back(gap_from, now);
}

void Uplink::on_time(MonoTime now) {
  const auto due = deadline();
  if (!due || now < *due) return;
  ++attempt_;
  go_back(hwm_ + 1, now);
}

void Uplink::go_back(std::uint64_t to, MonoTime now) {
  ++vain_;
  window_.clear();
  next_ = to;
  went_back_ = now;
}

void Uplink::measure(const InFlight& frame, MonoTime now) {
  if (frame.again) return;
  const Duration sample = now - frame.sent;
  srtt_ = srtt_ == Duration(0) ? sample : (srtt_ * 7 + sample) / 8;
}

Duration Uplink::rto() const {
  Duration rto = std::max(limits_.rto_least, srtt_ * 4);
  for (unsigned i = 0; i < attempt_ && rto < limits_.rto_most; ++i) rto *= 2;
  rto = std::min(rto, limits_.rto_most);
  if (attempt_ == 0) return rto;
  // Full jitter between half and whole, the same for the same node and attempt.
  const std::uint64_t mixed =
      (jitter_ ^ (attempt_ * 0x9E3779B97F4A7C15ULL)) * 0xBF58476D1CE4E5B9ULL;
  const Duration half = rto / 2;
  return half + Duration(static_cast<std::int64_t>((mixed >> 33U) %
                                                   static_cast<std::uint64_t>(half.count() + 1)));
}

std::optional<std::uint64_t> Uplink::next_frame() const {
  if (!open_ || next_ > head_) return std::nullopt;
  const bool credit = next_ - hwm_ <= credit_;
  const bool worth_it = window_.empty() || head_ - next_ + 1 >= limits_.full_frame;
  if (!credit || !worth_it || window_.size() >= limits_.window_frames) return std::nullopt;
  return next_;
}

std::uint64_t Uplink::records_most() const {
  constexpr unsigned kWholeTries = 3;
  const unsigned halvings = vain_ < kWholeTries ? 0 : std::min(vain_ - kWholeTries + 1, 63U);
  return std::max<std::uint64_t>(1, limits_.full_frame >> halvings);
}

std::optional<MonoTime> Uplink::deadline() const {
  if (!open_ || window_.empty()) return std::nullopt;
  return window_.front().sent + rto();
}

}  // namespace cairn::sync
