#include "sync/downlink.h"

#include <algorithm>

namespace cairn::sync {

Downlink::Downlink(DownlinkLimits limits, const std::vector<wire::FeedCursor>& cursors)
    : limits_(limits) {
  for (const wire::FeedCursor& at : cursors) {
    Feed feed;
    feed.hub_gen = at.hub_gen;
    feed.cursor = feed.submitted = feed.head = at.fseq;
    feeds_.emplace(at.feed, feed);
  }
}

void Downlink::opened(HubGeneration hub_gen, const std::vector<wire::FeedHead>& heads,
                      MonoTime now) {
  if (!open_) {
    open_ = true;
    for (auto& [name, feed] : feeds_) {
      feed.asked.reset();
      feed.attempt = 0;
    }
  }
  generation_in_doubt_ = false;
  for (auto& [name, feed] : feeds_) {
    const bool empty = feed.cursor == 0 && feed.submitted == 0;
    if (empty || feed.hub_gen == HubGeneration{}) feed.hub_gen = hub_gen;
  }
  this->heads(hub_gen, heads, now);
  // The answer to HELLO is complete: nothing of it is still on its way, so fetch at once.
  for (auto& [name, feed] : feeds_) {
    if (!feed.asked) feed.ask_again = now;
  }
}

void Downlink::closed() {
  open_ = false;
  for (auto& [name, feed] : feeds_) feed.asked.reset();
}

void Downlink::heads(HubGeneration hub_gen, const std::vector<wire::FeedHead>& heads,
                     MonoTime now) {
  for (const wire::FeedHead& told : heads) {
    const auto found = feeds_.find(told.feed);
    if (found == feeds_.end()) continue;
    Feed& feed = found->second;
    // Before HELLO nobody says which generation is the living one: a doorbell is retained.
    if (feed.hub_gen == HubGeneration{}) continue;
    if (feed.hub_gen != hub_gen) {
      generation_in_doubt_ = true;
      continue;
    }
    if (told.head <= feed.head) continue;
    const bool was_complete = !lacks(feed);
    feed.head = told.head;
    if (was_complete && !feed.asked) feed.ask_again = now + limits_.push_grace;
  }
}

bool Downlink::frame_arrived(const std::string& name, HubGeneration hub_gen, std::uint64_t base,
                             std::uint64_t last, MonoTime now) {
  const auto found = feeds_.find(name);
  if (found == feeds_.end()) return false;
  Feed& feed = found->second;
  if (feed.hub_gen == HubGeneration{}) return false;
  if (feed.hub_gen != hub_gen) {
    generation_in_doubt_ = true;
    return false;
  }
  feed.head = std::max(feed.head, last);
  if (last <= feed.submitted) return false;
  if (base > feed.submitted + 1) {
    if (!feed.asked) feed.ask_again = now;
    return false;
  }
  feed.submitted = last;
  return true;
}

void Downlink::applied(const std::string& name, std::uint64_t cursor, bool records_missing,
                       MonoTime now) {
  Feed& feed = feeds_.at(name);
  feed.cursor = std::max(feed.cursor, cursor);
  if (records_missing) {
    feed.submitted = feed.cursor;
    feed.verbatim = true;
    if (!feed.asked) feed.ask_again = now;
  } else if (feed.cursor >= feed.submitted) {
    feed.verbatim = false;
  }
}

void Downlink::apply_failed(const std::string& name, MonoTime now) {
  Feed& feed = feeds_.at(name);
  feed.submitted = feed.cursor;
  if (!feed.asked) feed.ask_again = now + limits_.failed_again;
}

void Downlink::fetch_answered(const std::string& name, std::uint64_t correlation,
                              std::uint64_t head) {
  const auto found = feeds_.find(name);
  if (found == feeds_.end() || found->second.asked != correlation) return;
  Feed& feed = found->second;
  feed.asked.reset();
  feed.attempt = 0;
  feed.ask_again = {};
  feed.head = std::max(feed.head, head);
}

void Downlink::fetch_sent(const FetchWanted& fetch, MonoTime now) {
  Feed& feed = feeds_.at(fetch.feed);
  Duration timeout = limits_.reply_timeout;
  for (unsigned i = 0; i < feed.attempt && timeout < limits_.reply_timeout_most; ++i) timeout *= 2;
  feed.asked = fetch.correlation;
  feed.ask_again = now + std::min(timeout, limits_.reply_timeout_most);
  ++feed.attempt;
  next_correlation_ = std::max(next_correlation_, fetch.correlation + 1);
}

void Downlink::jumped(const wire::FeedCursor& to, MonoTime now) {
  const auto found = feeds_.find(to.feed);
  if (found == feeds_.end()) return;
  Feed& feed = found->second;
  feed.hub_gen = to.hub_gen;
  feed.cursor = std::max(feed.cursor, to.fseq);
  feed.submitted = std::max(feed.submitted, feed.cursor);
  feed.head = std::max(feed.head, feed.cursor);
  feed.asked.reset();
  feed.attempt = 0;
  feed.ask_again = now;
}

/// Something exists that is neither applied nor handed out for applying.
bool Downlink::lacks(const Feed& feed) const {
  return feed.head > feed.submitted && feed.submitted == feed.cursor;
}

std::vector<FetchWanted> Downlink::wanted(MonoTime now) const {
  std::vector<FetchWanted> fetches;
  if (!open_ || generation_in_doubt_) return fetches;
  std::uint64_t correlation = next_correlation_;
  for (const auto& [name, feed] : feeds_) {
    if (held_.contains(name) || !lacks(feed) || now < feed.ask_again) continue;
    fetches.push_back({name, feed.cursor, feed.verbatim, correlation++});
  }
  return fetches;
}

std::optional<MonoTime> Downlink::deadline() const {
  std::optional<MonoTime> first;
  if (!open_ || generation_in_doubt_) return first;
  for (const auto& [name, feed] : feeds_) {
    if (held_.contains(name)) continue;
    if (lacks(feed) && (!first || feed.ask_again < *first)) first = feed.ask_again;
  }
  return first;
}

std::vector<wire::FeedCursor> Downlink::cursors() const {
  std::vector<wire::FeedCursor> all;
  for (const auto& [name, feed] : feeds_) all.push_back({name, feed.hub_gen, feed.cursor});
  return all;
}

std::uint64_t Downlink::behind() const {
  std::uint64_t sum = 0;
  for (const auto& [name, feed] : feeds_) sum += feed.head - std::min(feed.head, feed.cursor);
  return sum;
}

}  // namespace cairn::sync
