#pragma once
// Turns rows of a feed into the items of a frame. Pure.

#include "core/storage/event_log.h"
#include "core/wire/feed_frame.h"

#include <optional>
#include <vector>

namespace cairn::sync {

/// `hub`: whose records travel as hub items. `holder`: a node that holds its own records, so that
/// runs of them need no repeating; nothing: everything travels whole.
std::vector<wire::FeedItem> feed_items(const std::vector<storage::LoggedRecord>& rows, NodeId hub,
                                       std::optional<NodeId> holder);

}  // namespace cairn::sync
