#include "device-drivers/serial/toledo_scale.h"

#include <chrono>
#include <utility>

namespace cairn::devices {
namespace {

using std::chrono::milliseconds;

/// The protocol wants 200 ms between two commands.
constexpr Duration kBetween = milliseconds(250);
constexpr Duration kAnswerWithin = milliseconds(500);
/// From a question that was not answered to the next. What comes in between is a late answer to
/// it: it says when it arrived and not when it was weighed, and is no reading.
constexpr Duration kWhileAway = milliseconds(1000);
constexpr int kUnansweredMost = 2;

}  // namespace

bool ToledoSession::opened(MonoTime now) {
  framer_.reset();
  answers_ = false;
  unanswered_ = 0;
  ask(now);
  return false;  // not before it has answered
}

void ToledoSession::ask(MonoTime now) {
  framer_.reset();  // what came late belongs to an older question
  sending_ = true;
  waiting_ = true;
  asked_ = now;
}

std::string ToledoSession::to_send() { return std::exchange(sending_, false) ? "W" : ""; }

void ToledoSession::received(std::string_view octets, MonoTime now) {
  for (const std::string& answer : framer_.feed(octets)) {
    auto reading = read_toledo(answer, unit_);
    if (!reading || !waiting_) continue;
    waiting_ = false;
    unanswered_ = 0;
    if (!std::exchange(answers_, true)) out_.on_answers(true);
    reading->at = asked_;
    out_.on_reading(*std::move(reading));
  }
  quiet(now);
}

void ToledoSession::quiet(MonoTime now) {
  if (waiting_ && now >= asked_ + kAnswerWithin) {
    waiting_ = false;
    if (++unanswered_ >= kUnansweredMost) {
      answers_ = false;
      out_.on_answers(false);
    }
  }
  if (const auto due = deadline(); due && now >= *due && !waiting_) ask(now);
}

std::optional<MonoTime> ToledoSession::deadline() const {
  if (waiting_) return asked_ + kAnswerWithin;
  if (unanswered_ > 0) return asked_ + kWhileAway;
  if (watched_) return asked_ + kBetween;
  return std::nullopt;
}

void ToledoSession::lost(MonoTime) {
  framer_.reset();
  answers_ = false;
  waiting_ = false;
}

ToledoScale::ToledoScale(ToledoScaleConfig config, ScaleSink& sink, const Clock& clock)
    : name_(config.link.name),
      sink_(sink),
      session_(config.unit, *this),
      link_(
          std::move(config.link), session_,
          [this](StateChange change) { sink_.on_state(std::move(change)); }, clock) {}

void ToledoScale::watch(bool on) {
  session_.watch(on);
  link_.wake();
}

void ToledoScale::on_reading(WeightReading reading) {
  reading.device = name_;
  sink_.on_weight(std::move(reading));
}

void ToledoScale::on_answers(bool answers) {
  link_.report(answers ? DeviceState::kOnline : DeviceState::kOffline,
               answers ? "" : "the scale does not answer: is it switched on?");
}

}  // namespace cairn::devices
