#include "tools/cairn-sim/fleet/node_log.h"

#include "core/base/assert.h"
#include "core/wire/event_codec.h"
#include "core/wire/frame.h"
#include "core/wire/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::simulator::fleet {
namespace {

constexpr std::uint64_t kArticles = 2'000;

/// The n-th thing that a store does: units go out of a bin, now and then some come in.
domain::StockMoved movement(std::uint64_t n) {
  const std::uint64_t article = n * 0x9E3779B97F4A7C15ULL % kArticles;
  const auto bin = LocationCode::parse(
      fmt::format("{}-{:02}", static_cast<char>('A' + article % 12), article % 60));
  const auto sku = Sku::parse(fmt::format("{:07}", article));
  CAIRN_ASSERT(bin && sku, "made-up names are well-formed");
  domain::StockMoved moved;
  moved.sku = *sku;
  moved.quantity = Quantity::pieces(static_cast<std::int64_t>(n % 3) + 1);
  const bool receipt = n % 10 == 0;
  (receipt ? moved.to : moved.from) = *bin;
  moved.reason = receipt ? domain::MovementReason::kReceipt : domain::MovementReason::kIssue;
  return moved;
}

}  // namespace

NodeLog::NodeLog(NodeId node, Incarnation inc, SiteId site)
    : node_(node),
      inc_(inc),
      site_(std::move(site)),
      chain_acked_(crypto::chain_start(node, inc)) {}

void NodeLog::write(UtcTime wall, MonoTime now) {
  const domain::Event event = domain::StockEvent(movement(head() + 1 + inc_.value() % kArticles));
  last_ = std::max(Hlc{last_.value + 1}, Hlc::of(wall));
  wire::Record record;
  record.hlc = last_;
  record.type = domain::type_of(event);
  record.sv = 1;
  record.site = site_;
  record.payload = wire::encode_payload(event);
  auto octets = wire::encode_record(record);
  CAIRN_ASSERT(octets.has_value(), "a movement is no large record");
  const crypto::Hash128& before = kept_.empty() ? chain_acked_ : kept_.back().chain;
  const crypto::Hash128 chain = crypto::chain_next(before, *octets);
  kept_.push_back({*std::move(octets), chain, now});
}

NodeLog::Framed NodeLog::frame(std::uint64_t first) const {
  std::vector<Bytes> records;
  std::size_t octets = 0;
  for (std::size_t i = first - acked_ - 1; i < kept_.size(); ++i) {
    octets += kept_[i].record.size();
    const bool full = records.size() == wire::kFrameRecordsMax || octets > wire::kFrameRawTarget;
    if (!records.empty() && full) break;
    records.push_back(kept_[i].record);
  }
  wire::FrameHeader header;
  header.node = node_;
  header.inc = inc_;
  header.base_seq = first;
  header.chain_before = chain_at(first - 1).value_or(crypto::Hash128{});
  auto frame = wire::encode_frame(header, records);
  CAIRN_ASSERT(frame.has_value(), "a frame of small records is small");
  return {*std::move(frame), first + records.size() - 1};
}

std::optional<crypto::Hash128> NodeLog::chain_at(std::uint64_t seq) const {
  if (seq == acked_) return chain_acked_;
  if (seq < acked_ || seq > head()) return std::nullopt;
  return kept_[seq - acked_ - 1].chain;
}

std::vector<MonoTime> NodeLog::forget(std::uint64_t hwm) {
  std::vector<MonoTime> written;
  while (acked_ < hwm && !kept_.empty()) {
    written.push_back(kept_.front().written);
    chain_acked_ = kept_.front().chain;
    kept_.pop_front();
    ++acked_;
  }
  return written;
}

std::optional<MonoTime> NodeLog::oldest() const {
  return kept_.empty() ? std::nullopt : std::optional(kept_.front().written);
}

}  // namespace cairn::simulator::fleet
