#include "sync/store/feed_items.h"

namespace cairn::sync {
namespace {

wire::HubItem hub_item(const storage::LoggedRecord& row, const FeedSender& from) {
  wire::HubItem item{row.ref.seq, row.record};
  if (row.ref.inc.value() != from.gen.value()) item.inc = row.ref.inc;
  if (from.seal != nullptr) item.seal = from.seal->of(row.feed, row.ref, row.record);
  return item;
}

}  // namespace

std::vector<wire::FeedItem> feed_items(const std::vector<storage::LoggedRecord>& rows,
                                       const FeedSender& from, std::optional<NodeId> holder) {
  std::vector<wire::FeedItem> items;
  for (const storage::LoggedRecord& row : rows) {
    if (row.ref.node == from.hub) {
      items.push_back(hub_item(row, from));
      continue;
    }
    if (row.ref.node != holder) {
      items.push_back(wire::AuthorItem{row.ref, row.record});
      continue;
    }
    auto* const run = items.empty() ? nullptr : std::get_if<wire::AuthorRun>(&items.back());
    const bool continues = run != nullptr && run->first.node == row.ref.node &&
                           run->first.inc == row.ref.inc && run->last_seq + 1 == row.ref.seq;
    if (continues) {
      run->last_seq = row.ref.seq;
      run->chain = row.chain;
    } else {
      items.push_back(wire::AuthorRun{row.ref, row.ref.seq, row.chain});
    }
  }
  return items;
}

std::vector<wire::FeedItem> gift_items(const std::vector<storage::LoggedRecord>& rows, NodeId hub) {
  std::vector<wire::FeedItem> items;
  for (const storage::LoggedRecord& row : rows) {
    if (row.ref.node == hub) {
      items.emplace_back(wire::HubItem{row.ref.seq, row.record, row.ref.inc, row.seal});
    } else {
      items.emplace_back(wire::AuthorItem{row.ref, row.record, row.chain});
    }
  }
  return items;
}

}  // namespace cairn::sync
