#include "sync/store/feed_items.h"

namespace cairn::sync {

std::vector<wire::FeedItem> feed_items(const std::vector<storage::LoggedRecord>& rows, NodeId hub,
                                       std::optional<NodeId> holder) {
  std::vector<wire::FeedItem> items;
  for (const storage::LoggedRecord& row : rows) {
    if (row.ref.node == hub) {
      items.push_back(wire::HubItem{row.ref.seq, row.record});
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

}  // namespace cairn::sync
