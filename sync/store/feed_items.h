#pragma once
// Turns rows of a feed into the items of a frame. Pure.

#include "core/storage/event_log.h"
#include "core/wire/feed_frame.h"
#include "sync/store/feed_seal.h"

#include <optional>
#include <vector>

namespace cairn::sync {

/// The hub that sends: whose records travel as hub items, under which generation, and its secret.
struct FeedSender {
  NodeId hub;
  HubGeneration gen;
  const FeedSeal* seal = nullptr;  ///< none: without seals
};

/// `holder`: a node that holds its own records, so that runs of them need no repeating; nothing:
/// everything travels whole.
std::vector<wire::FeedItem> feed_items(const std::vector<storage::LoggedRecord>& rows,
                                       const FeedSender& from, std::optional<NodeId> holder);

/// What a node gives back of its copy of a feed of `hub`: everything whole, with seals and chains.
std::vector<wire::FeedItem> gift_items(const std::vector<storage::LoggedRecord>& rows, NodeId hub);

}  // namespace cairn::sync
