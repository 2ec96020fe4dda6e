#include "device-drivers/hid/hid_scale.h"

#include <chrono>
#include <utility>

namespace cairn::devices::hid {
namespace {

using std::chrono::milliseconds;

/// The same reading is told again after so long: as often as scales are asked that have to be.
constexpr Duration kTellAgain = milliseconds(250);
/// Those that send by themselves do so several times a second.
constexpr Duration kFirstSilence = milliseconds(300);
constexpr Duration kSilence = milliseconds(2000);

bool same(const WeightReading& a, const WeightReading& b) {
  return a.state == b.state && a.weight_mg == b.weight_mg && a.shown == b.shown;
}

}  // namespace

Result<> ScaleSession::opened(const ReportDescriptor& descriptor, const usb::Identity&,
                              MonoTime now) {
  auto layout = ScaleLayout::find(descriptor);
  if (!layout) return fail(layout.error());
  layout_ = *std::move(layout);
  last_.reset();
  can_be_asked_ = true;
  silent_ = false;
  asking_ = false;
  ask_at_ = now + kFirstSilence;
  return {};
}

void ScaleSession::received(BytesView report, MonoTime now) {
  const auto data = layout_->decode(report);
  if (!data) return;
  ask_at_ = now + kSilence;
  silent_ = false;
  const ScaleAnswer answer = read_scale(*data);
  out_.on_problem(answer.problem);
  if (!answer.reading) last_.reset();
  // What had arrived when somebody began to watch was weighed before that.
  if (answer.reading && watched_ && was_watched_) tell(answer, now);
}

void ScaleSession::tell(const ScaleAnswer& answer, MonoTime now) {
  if (last_ && same(*last_, *answer.reading) && now < told_ + kTellAgain) return;
  last_ = *answer.reading;
  told_ = now;
  WeightReading reading = *answer.reading;
  reading.at = now;
  out_.on_reading(std::move(reading));
}

void ScaleSession::quiet(MonoTime now) {
  if (watched_ != was_watched_) {
    was_watched_ = watched_;
    last_.reset();
    ask_at_ = now + (can_be_asked_ ? kFirstSilence : kSilence);
    silent_ = false;
  }
  if (!watched_ || silent_ || now < ask_at_) return;
  if (!can_be_asked_) {
    silent_ = true;
    last_.reset();
    out_.on_problem("the scale sends nothing and refuses to be asked: switch it off and on");
    return;
  }
  asking_ = true;
  ask_at_ = now + kFirstSilence;
}

std::optional<MonoTime> ScaleSession::deadline() const {
  // quiet() has to hear of it, and not only once a report is late: each may come before its time.
  if (watched_ != was_watched_) return MonoTime{};
  return watched_ && !silent_ ? std::optional(ask_at_) : std::nullopt;
}

void ScaleSession::cannot_be_asked() {
  can_be_asked_ = false;
  ask_at_ = ask_at_ + (kSilence - kFirstSilence);  // some only send by themselves
}

std::optional<std::uint8_t> ScaleSession::to_ask() {
  if (!std::exchange(asking_, false)) return std::nullopt;
  return layout_->report_id();
}

HidScale::HidScale(HidLinkConfig config, ScaleSink& sink, const Clock& clock)
    : name_(config.name),
      sink_(sink),
      session_(*this),
      link_(
          std::move(config), session_,
          [this](StateChange change) { sink_.on_state(std::move(change)); }, clock) {}

void HidScale::watch(bool on) {
  session_.watch(on);
  link_.wake();
}

Result<> HidScale::order(ScaleOrder) {
  return fail(ErrorCode::kRejected, "no_such_order",
              "the scale takes no orders over USB, nothing was done: press the key on the scale");
}

void HidScale::on_reading(WeightReading reading) {
  reading.device = name_;
  sink_.on_weight(std::move(reading));
}

void HidScale::on_problem(const std::string& problem) {
  link_.report(problem.empty() ? DeviceState::kOnline : DeviceState::kOffline, problem);
}

}  // namespace cairn::devices::hid
