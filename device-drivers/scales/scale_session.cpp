#include "device-drivers/scales/scale_session.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace cairn::devices {
namespace {

/// From a question that was not answered to the next. What comes in between is a late answer to
/// it: it says when it arrived and not when it was weighed, and is no reading.
constexpr Duration kWhileAway = std::chrono::milliseconds(1000);
constexpr int kUnansweredMost = 2;
constexpr std::string_view kSilent = "the scale does not answer: is it switched on?";

}  // namespace

WeightReading EqualWeights::settle(WeightReading reading) {
  if (reading.state != WeightReading::State::kStable) {
    seen_ = 0;
    return reading;
  }
  seen_ = seen_ > 0 && reading.shown == shown_ ? std::min(seen_ + 1, needed_) : 1;
  shown_ = reading.shown;
  if (seen_ >= needed_) return reading;
  WeightReading moving;
  moving.state = WeightReading::State::kUnstable;
  return moving;
}

ScaleSession::ScaleSession(std::unique_ptr<ScaleProtocol> protocol, Out& out)
    : protocol_(std::move(protocol)),
      pace_(protocol_->pace()),
      out_(out),
      equal_(pace_.equal_weights) {}

Result<> ScaleSession::order(ScaleOrder order) {
  if (protocol_->order(order).empty()) {
    return fail(ErrorCode::kRejected, "no_such_order",
                "the protocol of this scale has no such order, nothing was done: press the key on "
                "the scale itself");
  }
  order_ = static_cast<int>(order);
  return {};
}

bool ScaleSession::opened(MonoTime now) {
  protocol_->reset();
  equal_.reset();
  order_ = kNoOrder;  // whoever gave it has gone on without it
  there_ = false;
  unanswered_ = 0;
  ask(now);
  return false;  // not before it has answered
}

void ScaleSession::ask(MonoTime now) {
  sending_ = protocol_->ask();  // what comes late belongs to an older question
  waiting_ = true;
  asked_ = now;
  not_before_ = now + pace_.between;
}

void ScaleSession::obey(MonoTime now) {
  const int order = order_.exchange(kNoOrder);
  if (order == kNoOrder) return;
  sending_ = protocol_->order(static_cast<ScaleOrder>(order));
  not_before_ = now + pace_.between;
  equal_.reset();
}

std::string ScaleSession::to_send() { return std::exchange(sending_, {}); }

void ScaleSession::received(std::string_view octets, MonoTime now) {
  for (const char octet : octets) {
    if (!waiting_) break;
    if (auto heard = protocol_->take(octet)) conclude(*std::move(heard), now);
  }
  quiet(now);
}

void ScaleSession::conclude(ScaleHeard heard, MonoTime) {
  if (!heard.reply.empty()) {
    sending_ += heard.reply;
    return;
  }
  waiting_ = false;
  unanswered_ = 0;
  if (!heard.reading) {
    equal_.reset();
    be_away(heard.fault);
    return;
  }
  be_there();
  WeightReading reading = equal_.settle(*std::move(heard.reading));
  reading.at = asked_;
  out_.on_reading(std::move(reading));
}

void ScaleSession::quiet(MonoTime now) {
  if (waiting_ && now >= asked_ + pace_.answer_within) {
    waiting_ = false;
    equal_.reset();
    if (++unanswered_ >= kUnansweredMost) be_away(std::string(kSilent));
  }
  if (waiting_) return;
  if (now >= not_before_) obey(now);
  if (const auto due = deadline(); due && now >= *due && sending_.empty()) ask(now);
}

std::optional<MonoTime> ScaleSession::deadline() const {
  if (waiting_) return asked_ + pace_.answer_within;
  if (order_ != kNoOrder) return not_before_;
  if (!there_ || unanswered_ > 0) return std::max(asked_ + kWhileAway, not_before_);
  if (watched_) return not_before_;
  return std::nullopt;
}

void ScaleSession::lost(MonoTime) {
  there_ = false;
  waiting_ = false;
}

void ScaleSession::be_there() {
  if (!std::exchange(there_, true)) out_.on_there();
}

void ScaleSession::be_away(const std::string& why) {
  there_ = false;
  out_.on_away(why);
}

}  // namespace cairn::devices
