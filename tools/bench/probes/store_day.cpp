#include "tools/bench/probes/store_day.h"

#include "core/wire/event_codec.h"
#include "core/wire/frame.h"
#include "tools/bench/probes/machine.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::bench {

std::uint64_t Sequence::next() {
  state_ += 0x9E3779B97F4A7C15ULL;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
  return mixed ^ (mixed >> 31U);
}

Uuid numbered_uuid(std::uint64_t kind, std::uint64_t number) {
  Sequence mix(kind * 1'000'003 + number);
  std::array<std::uint8_t, Uuid::kSize> octets{};
  for (std::size_t i = 0; i < octets.size(); i += 8) {
    const std::uint64_t half = mix.next();
    for (std::size_t k = 0; k < 8; ++k) octets[i + k] = static_cast<std::uint8_t>(half >> (8 * k));
  }
  return Uuid::from_hash(octets);
}

Sku numbered_sku(std::uint64_t number) { return must(Sku::parse(fmt::format("{:07}", number))); }

LocationCode bin_of(std::uint64_t sku) {
  return must(LocationCode::parse(fmt::format("{}-{:02}-{:02}", static_cast<char>('A' + sku % 12),
                                              sku / 12 % 40, sku / 480 % 60)));
}

domain::StockEvent StoreDay::moved(std::uint64_t sku) {
  if (left_in_group_ == 0) {
    ++group_;
    left_in_group_ = 4 + chance_.below(9);
  }
  --left_in_group_;
  domain::StockMoved moved;
  moved.sku = numbered_sku(sku);
  moved.quantity = Quantity::pieces(static_cast<std::int64_t>(1 + chance_.below(3)));
  const std::uint64_t what = chance_.below(100);
  const auto tote = must(LocationCode::parse(fmt::format("TOTE-{:02}", group_ % 40)));
  if (what < 55) {
    moved.from = bin_of(sku);
    moved.to = tote;
    moved.reason = domain::MovementReason::kPick;
    moved.ship_group = ShipGroupId(numbered_uuid(2, group_));
  } else if (what < 85) {
    moved.from = tote;
    moved.reason = domain::MovementReason::kIssue;
    moved.ship_group = ShipGroupId(numbered_uuid(2, group_));
  } else {
    moved.to = bin_of(sku);
    moved.reason = domain::MovementReason::kReceipt;
  }
  return moved;
}

storage::NewEvent StoreDay::next() {
  const std::uint64_t even = chance_.below(kSkus);
  const std::uint64_t sku = even * even / kSkus;  // a tenth of the articles is a third of the work
  storage::NewEvent event;
  event.site = site_;
  // One person works at a station for a while.
  if (chance_.below(40) == 0) person_ = chance_.below(8);
  event.actor = UserId(numbered_uuid(1, person_));
  if (chance_.below(50) == 0) {
    event.event = domain::StockEvent(
        domain::StockCounted{numbered_sku(sku), bin_of(sku),
                             Quantity::pieces(static_cast<std::int64_t>(chance_.below(60))),
                             domain::CountSource::kRecount});
  } else {
    event.event = moved(sku);
    event.own_causes = {1};
  }
  return event;
}

Hlc StoreDay::stamp() {
  ms_ += 100 + chance_.below(900);
  return Hlc{ms_ << 16U};
}

Bytes StoreDay::record() {
  const storage::NewEvent event = next();
  wire::Record record;
  record.hlc = stamp();
  record.type = domain::type_of(event.event);
  record.sv = 1;
  record.actor = event.actor;
  record.site = event.site;
  record.own_causes = event.own_causes;
  record.payload = wire::encode_payload(event.event);
  return must(wire::encode_record(record));
}

void add_frames(FramedLog& log, crypto::Hash128& chain, std::uint64_t& head,
                const std::vector<Bytes>& records) {
  std::size_t begin = 0;
  while (begin < records.size()) {
    std::size_t end = begin;
    std::size_t octets = 0;
    while (end < records.size() && end - begin < wire::kFrameRecordsMax) {
      octets += records[end].size();
      if (end > begin && octets > wire::kFrameRawTarget) break;
      ++end;
    }
    const std::vector<Bytes> part(records.begin() + static_cast<std::ptrdiff_t>(begin),
                                  records.begin() + static_cast<std::ptrdiff_t>(end));
    wire::FrameHeader header;
    header.node = log.node;
    header.inc = log.inc;
    header.base_seq = head + 1;
    header.chain_before = chain;
    log.frames.push_back(must(wire::encode_frame(header, part)));
    log.octets += log.frames.back().size();
    for (const Bytes& record : part) chain = crypto::chain_next(chain, record);
    head += part.size();
    log.last.push_back(head);
    begin = end;
  }
}

}  // namespace cairn::bench
