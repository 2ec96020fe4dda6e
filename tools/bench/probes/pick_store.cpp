#include "tools/bench/probes/pick_store.h"

#include "core/storage/unit_of_work.h"
#include "core/wire/event_codec.h"
#include "core/wire/feed_name.h"
#include "core/wire/record.h"
#include "tools/bench/probes/store_day.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::bench {
namespace {

NodeId hub() { return NodeId(numbered_uuid(9, 0)); }

domain::ShipGroupAllocated allocated(std::uint64_t group) {
  domain::ShipGroupAllocated event;
  event.group = Pick{group, 1}.group_id();
  event.order = OrderId(numbered_uuid(4, group));
  event.order_reference = fmt::format("WEB-{:06}", group);
  for (std::uint32_t line = 1; line <= Picks::kLines; ++line) {
    domain::ShipGroupLine wanted;
    wanted.line = LineNo(line);
    wanted.sku = numbered_sku(Pick{group, line}.sku());
    wanted.name = fmt::format("Article {}", Pick{group, line}.sku());
    wanted.unit_weight_mg = 250'000;
    wanted.unit_price = {1999, must(Currency::parse("GBP"))};
    wanted.ordered = Quantity::pieces(Picks::kUnits);
    event.lines.push_back(wanted);
  }
  return event;
}

Bytes hub_record(std::uint64_t seq) {
  const domain::Event event = domain::ShipGroupEvent(allocated(seq - 1));
  wire::Record record;
  record.hlc = Hlc{(1'780'000'000'000ULL + seq) << 16U};
  record.type = domain::type_of(event);
  record.sv = 1;
  record.site = pick_site();
  record.key = domain::ship_group_key(Pick{seq - 1, 1}.group_id()).bytes();
  record.payload = wire::encode_payload(event);
  return must(wire::encode_record(record));
}

}  // namespace

ShipGroupId Pick::group_id() const { return ShipGroupId(numbered_uuid(3, group)); }
LocationCode Pick::bin() const { return bin_of(sku()); }

Pick Picks::next() {
  if (done_ == kPerGroup) {
    group_ = next_group_->fetch_add(1);
    done_ = 0;
  }
  const std::uint64_t at = done_++;
  return {group_, static_cast<std::uint32_t>(at / kUnits) + 1,
          static_cast<std::int64_t>(at % kUnits) * kMilliPerUnit};
}

SiteId pick_site() { return must(SiteId::parse("store-1")); }
NodeId pick_node() { return NodeId(numbered_uuid(9, 1)); }
UserId picker() { return UserId(numbered_uuid(1, 1)); }

void set_up_picks(program::Database& database, std::uint64_t groups) {
  constexpr std::uint64_t kAtOnce = 256;
  for (std::uint64_t seq = 1; seq <= groups; seq += kAtOnce) {
    wire::FeedFrame frame{wire::site_feed(pick_site()), hub(), HubGeneration(7), seq, {}};
    const std::uint64_t last = std::min(groups, seq + kAtOnce - 1);
    for (std::uint64_t i = seq; i <= last; ++i) {
      frame.items.push_back(wire::HubItem{i, hub_record(i)});
    }
    write(database, [&](storage::Replica& replica) {
      must(replica.take_feed(frame));
      storage::UnitOfWork work(replica);
      for (std::uint64_t i = seq; i <= last; ++i) {
        must(work.perform(Pick{i - 1, 1}.group_id(), domain::ClaimTask{kStation}, picker()));
      }
    });
  }
}

}  // namespace cairn::bench
