#include "sync/hub_lane.h"

namespace cairn::sync {
namespace {

/// The chain just before record `skip` of the frame.
crypto::Hash128 chain_at(const wire::Frame& frame, std::size_t skip) {
  crypto::Hash128 chain = frame.header.chain_before;
  for (std::size_t i = 0; i < skip; ++i) chain = crypto::chain_next(chain, frame.records[i]);
  return chain;
}

}  // namespace

FrameDecision HubLane::frame_arrived(const wire::Frame& frame) {
  using What = FrameDecision::What;
  const wire::FrameHeader& header = frame.header;
  if (header.inc != inc_) return {What::kSayHello, 0};
  if (forked_) return {What::kForked, 0};
  if (header.last_seq() == submitted_ && header.chain_after != submitted_chain_) {
    forked_ = true;
    return {What::kForked, 0};
  }
  if (header.last_seq() <= submitted_) return {What::kAckAgain, 0};
  if (header.base_seq > submitted_ + 1) {
    if (held_.size() < kHeldMost) held_.emplace(header.base_seq, frame);
    return {What::kGap, 0};
  }
  const std::size_t skip = submitted_ + 1 - header.base_seq;
  if (chain_at(frame, skip) != submitted_chain_) {
    forked_ = true;
    return {What::kForked, 0};
  }
  submitted_ = header.last_seq();
  submitted_chain_ = header.chain_after;
  return {What::kCommit, skip};
}

void HubLane::committed(std::uint64_t hwm, const crypto::Hash128& chain) {
  hwm_ = hwm;
  chain_ = chain;
}

void HubLane::commit_failed() {
  submitted_ = hwm_;
  submitted_chain_ = chain_;
}

std::optional<wire::Frame> HubLane::next_held() {
  while (!held_.empty()) {
    const auto first = held_.begin();
    if (first->first > submitted_ + 1) return std::nullopt;
    wire::Frame frame = std::move(first->second);
    held_.erase(first);
    if (frame.header.last_seq() > submitted_) return frame;
  }
  return std::nullopt;
}

std::uint64_t HubLane::gap_from() const { return held_.empty() ? 0 : submitted_ + 1; }

}  // namespace cairn::sync
