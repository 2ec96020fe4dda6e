#include "sync/node_session.h"

#include <algorithm>
#include <utility>

namespace cairn::sync {

std::string_view name_of(LinkState state) {
  switch (state) {
    case LinkState::kDown:
      return "down";
    case LinkState::kHello:
      return "hello";
    case LinkState::kLive:
      return "live";
    case LinkState::kRefused:
      return "refused";
  }
  return "down";
}

void NodeSession::connected(MonoTime now) {
  state_ = LinkState::kHello;
  detail_.clear();
  asked_.reset();
  attempt_ = 0;
  hello_at_ = now;
}

void NodeSession::disconnected() {
  state_ = LinkState::kDown;
  asked_.reset();
  uplink_.closed();
  downlink_.closed();
}

void NodeSession::hello_sent(std::uint64_t correlation, MonoTime now) {
  Duration timeout = limits_.hello_timeout;
  for (unsigned i = 0; i < attempt_ && timeout < limits_.hello_timeout_most; ++i) timeout *= 2;
  asked_ = correlation;
  next_correlation_ = correlation + 1;
  ++attempt_;
  hello_at_ = now + std::min(timeout, limits_.hello_timeout_most);
}

void NodeSession::hello_answered(std::uint64_t correlation, const wire::HelloReply& reply,
                                 bool chain_agrees, MonoTime now) {
  if (!awaits(correlation)) return;
  asked_.reset();
  attempt_ = 0;
  if (reply.verdict == wire::Verdict::kResume && chain_agrees) {
    state_ = LinkState::kLive;
    detail_.clear();
    hello_at_ = now + limits_.hello_again;
    heard_safe(reply.hub_gen, reply.safe, reply.hwm);
    // What an earlier generation had of us, this one may lack: begin where it says.
    if (std::exchange(hub_gen_, reply.hub_gen) != reply.hub_gen) uplink_.closed();
    uplink_.opened(reply.hwm, reply.credit_events, now);
    downlink_.opened(reply.hub_gen, reply.feeds, now);
    return;
  }
  // Nothing is sent that could be taken for something else until the driver has repaired what it
  // can: FORKED and BEHIND. The device works on alone.
  state_ = LinkState::kRefused;
  detail_ = chain_agrees || reply.verdict != wire::Verdict::kResume
                ? reply.detail
                : "the hub's copy of this device's log differs from ours";
  hello_at_ = now + limits_.refused_again;
  uplink_.closed();
  downlink_.closed();
}

void NodeSession::hold_back() {
  if (state_ == LinkState::kDown) return;
  state_ = LinkState::kHello;
  uplink_.closed();
  downlink_.closed();
}

void NodeSession::say_hello(MonoTime now) {
  if (state_ != LinkState::kDown && !asked_) hello_at_ = now;
}

void NodeSession::acked(const wire::Ack& ack, MonoTime now) {
  if (state_ != LinkState::kLive) return;
  if (ack.hello || ack.hub_gen != hub_gen_) {
    // Of another generation: late, or the hub was started again. Only HELLO can tell.
    // From a hub that does not know us it names no incarnation. An open HELLO repeats itself.
    // What is under way was not taken: it goes again with HELLO's answer.
    if (ack.hello) uplink_.closed();
    say_hello(now);
    return;
  }
  if (ack.inc != inc_) return;
  // More than we wrote: by somebody with our number, or before our database was put back.
  if (ack.hwm > uplink_.head()) return say_hello(now);
  heard_safe(ack.hub_gen, ack.safe, ack.hwm);
  uplink_.acked(ack.hwm, ack.credit_events, ack.gap_from, now);
}

void NodeSession::heard_safe(HubGeneration hub_gen, std::uint64_t safe, std::uint64_t hwm) {
  safe = std::min(safe, hwm);  // more cannot be true
  safe_ = hub_gen == safe_gen_ ? std::max(safe_.value_or(0), safe) : safe;
  safe_gen_ = hub_gen;
}

std::optional<std::uint64_t> NodeSession::hello_wanted(MonoTime now) const {
  if (state_ == LinkState::kDown || now < hello_at_) return std::nullopt;
  return next_correlation_;
}

std::optional<MonoTime> NodeSession::deadline() const {
  if (state_ == LinkState::kDown) return std::nullopt;
  MonoTime first = hello_at_;
  if (const auto at = uplink_.deadline()) first = std::min(first, *at);
  if (const auto at = downlink_.deadline()) first = std::min(first, *at);
  return first;
}

}  // namespace cairn::sync
