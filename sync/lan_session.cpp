#include "sync/lan_session.h"

#include <algorithm>
#include <utility>

namespace cairn::sync {
namespace {

/// The chain just before record `skip` of the frame.
crypto::Hash128 chain_before(const wire::Frame& frame, std::size_t skip) {
  crypto::Hash128 chain = frame.header.chain_before;
  for (std::size_t i = 0; i < skip; ++i) chain = crypto::chain_next(chain, frame.records[i]);
  return chain;
}

std::uint64_t surplus(std::uint64_t of, std::uint64_t over) { return of > over ? of - over : 0; }

}  // namespace

// ---- inputs ----

void LanSession::connected(MonoTime now) {
  connected_ = true;
  digest_at_ = now;
  // What was written meanwhile is asked for by whoever lacks it.
  pushed_ = std::max(pushed_, own_head());
}

std::uint64_t LanSession::own_head() const {
  const auto own = authors_.find(own_);
  return own == authors_.end() ? 0 : own->second.head.seq;
}

void LanSession::disconnected() {
  connected_ = false;
  neighbours_.clear();
  feeds_asked_.clear();
  for (auto& [author, state] : authors_) state.asked.reset();
}

LanSession::Neighbour* LanSession::neighbour(NodeId peer, MonoTime now) {
  auto found = neighbours_.find(peer);
  if (found == neighbours_.end()) {
    if (neighbours_.size() >= limits_.peers_most) {
      std::erase_if(neighbours_, [&](const auto& other) { return !live(other.second, now); });
    }
    if (neighbours_.size() >= limits_.peers_most) return nullptr;
    if (neighbours_.empty()) pushed_ = std::max(pushed_, own_head());
    found = neighbours_.try_emplace(peer).first;
    // A newcomer hears soon what there is.
    digest_at_ = std::min(digest_at_, std::max(now, digest_sent_ + limits_.digest_least));
  }
  found->second.heard = now;
  return &found->second;
}

LanSession::State* LanSession::state(const LanAuthor& author) {
  if (const auto found = authors_.find(author); found != authors_.end()) return &found->second;
  if (authors_.size() >= limits_.authors_most) return nullptr;
  State fresh;
  fresh.head.chain = crypto::chain_start(author.first, author.second);
  return &authors_.emplace(author, fresh).first->second;
}

void LanSession::held(const LanAuthor& author, const LanHead& head, MonoTime now) {
  State& state = authors_[author];  // what is in the log is told, however much it is
  if (state.head != head) {
    state.refused_until = now;
    state.parted.reset();
  }
  state.head = head;
  if (state.in_work == 0 || state.submitted < head.seq) state.submitted = head.seq;
}

void LanSession::writes_as(const LanAuthor& own) {
  if (own_ == own) return;
  own_ = own;
  pushed_ = 0;
}

void LanSession::feeds_at(std::vector<wire::FeedCursor> cursors, bool hub_live,
                          std::vector<wire::FeedCursor> past) {
  for (const wire::FeedCursor& cursor : cursors) {
    const bool moved = std::ranges::find(cursors_, cursor) == cursors_.end();
    if (moved) feeds_asked_.erase(cursor.feed);
  }
  cursors_ = std::move(cursors);
  past_ = std::move(past);
  hub_live_ = hub_live;
}

void LanSession::digest_arrived(NodeId peer, const wire::LanDigest& digest, MonoTime now) {
  Neighbour* const from = neighbour(peer, now);
  if (from == nullptr) return;
  from->writing_inc = digest.writing_inc;
  from->vv.clear();
  from->cursors.clear();
  from->past.clear();
  for (const wire::LanVersion& version : digest.vv) {
    const LanAuthor author{version.node, version.inc};
    from->vv.insert_or_assign(author, LanHead{version.seq, version.chain});
    const auto known = authors_.find(author);
    if (known == authors_.end() || known->second.in_work != 0) continue;
    State& state = known->second;
    if (version.seq == state.head.seq && version.chain != state.head.chain) {
      refuse(state, peer, now);
    }
  }
  for (const wire::FeedCursor& cursor : digest.cursors) {
    const auto [known, added] = from->cursors.emplace(cursor.feed, cursor);
    if (!added) from->past.push_back(std::exchange(known->second, cursor));
  }
}

/// Not asked for again for a while; with `parted_by`: and somebody should look at it.
void LanSession::refuse(State& state, std::optional<NodeId> parted_by, MonoTime now) {
  state.refused_until = now + limits_.refused_again;
  if (parted_by) state.parted = parted_by;
}

void LanSession::parted(const LanAuthor& author, NodeId peer, MonoTime now) {
  if (State* const known = state(author)) refuse(*known, peer, now);
}

LanSession::What LanSession::frame_arrived(NodeId peer, const wire::Frame& frame, MonoTime now) {
  const wire::FrameHeader& header = frame.header;
  const LanAuthor author{header.node, header.inc};
  Neighbour* const from = neighbour(peer, now);
  State* const known = state(author);
  if (from == nullptr || known == nullptr) return What::kNothing;
  LanHead& theirs = from->vv[author];
  if (theirs.seq < header.last_seq()) theirs = {header.last_seq(), header.chain_after};
  if (known->asked == peer) {
    known->asked.reset();
    known->attempt = 0;
  }
  const bool settled = known->in_work == 0;
  if (header.last_seq() <= known->submitted) {
    return settled ? What::kKnown : What::kNothing;
  }
  if (header.base_seq > known->submitted + 1) return What::kGap;
  if (settled) {
    const std::size_t skip = known->head.seq + 1 - header.base_seq;
    if (chain_before(frame, skip) != known->head.chain) {
      refuse(*known, peer, now);
      return What::kParted;
    }
    if (author == own_) return What::kRestored;
  }
  if (in_work_ >= limits_.in_work_most || author == own_) return What::kNothing;
  known->submitted = header.last_seq();
  ++known->in_work;
  ++in_work_;
  return What::kTake;
}

void LanSession::taken(const LanAuthor& author, const LanHead& head, bool refused, bool parted,
                       NodeId peer, MonoTime now) {
  not_taken(author);
  held(author, head, now);
  if (refused) refuse(authors_.at(author), parted ? std::optional(peer) : std::nullopt, now);
}

void LanSession::not_taken(const LanAuthor& author) {
  State& state = authors_.at(author);
  --state.in_work;
  --in_work_;
  if (state.in_work == 0) state.submitted = state.head.seq;
}

void LanSession::digest_sent(MonoTime now) {
  digest_sent_ = now;
  // Neighbours do not speak all at once.
  const auto spread = static_cast<std::int64_t>(jitter_ % 256) - 128;
  digest_at_ = now + limits_.digest_every + limits_.digest_every * spread / 2048;
}

void LanSession::asked(const LanQuestion& question, MonoTime now) {
  for (const EventRef& after : question.fetch.records) {
    State* const known = state({after.node, after.inc});
    if (known == nullptr) continue;
    known->asked = question.peer;
    known->asked_until = now + limits_.answer_timeout;
    ++known->attempt;
  }
  for (const wire::FeedCursor& after : question.fetch.feeds) {
    FeedAsked& feed = feeds_asked_[after.feed];
    feed.open = true;
    feed.until = now + limits_.answer_timeout;
    ++feed.attempt;
  }
}

void LanSession::on_time(MonoTime now) {
  for (auto& [author, state] : authors_) {
    if (state.asked && now >= state.asked_until) state.asked.reset();
  }
  for (auto& [feed, asked] : feeds_asked_) asked.open = asked.open && now < asked.until;
}

void LanSession::pushed(std::uint64_t last) { pushed_ = std::max(pushed_, last); }

// ---- outputs ----

bool LanSession::digest_wanted(MonoTime now) const { return connected_ && now >= digest_at_; }

wire::LanDigest LanSession::digest() const {
  wire::LanDigest digest{own_.second, {}, past_};
  digest.cursors.insert(digest.cursors.end(), cursors_.begin(), cursors_.end());
  for (const auto& [author, state] : authors_) {
    if (state.head.seq == 0) continue;
    digest.vv.push_back({author.first, author.second, state.head.seq, state.head.chain});
  }
  return digest;
}

std::optional<std::uint64_t> LanSession::push_wanted() const {
  const std::uint64_t head = own_head();
  if (!connected_ || neighbours_.empty() || head <= pushed_) return std::nullopt;
  if (head - pushed_ > limits_.push_behind_most) return head;
  return pushed_ + 1;
}

/// The author itself at first, then one after the other.
NodeId LanSession::choose(const std::vector<NodeId>& have, NodeId author, unsigned attempt) const {
  if (attempt == 0 && std::ranges::find(have, author) != have.end()) return author;
  return have[(jitter_ + attempt) % have.size()];
}

void LanSession::want_records(std::map<NodeId, wire::LanFetch>& wanted, MonoTime now) const {
  std::map<LanAuthor, std::vector<NodeId>> have;
  for (const auto& [node, peer] : neighbours_) {
    if (!live(peer, now)) continue;
    for (const auto& [author, head] : peer.vv) {
      const auto known = authors_.find(author);
      if (head.seq > (known == authors_.end() ? 0 : known->second.submitted)) {
        have[author].push_back(node);
      }
    }
  }
  for (const auto& [author, nodes] : have) {
    const auto found = authors_.find(author);
    const State nothing{};
    const State& known = found == authors_.end() ? nothing : found->second;
    if (found == authors_.end() && authors_.size() >= limits_.authors_most) continue;
    if (now < known.refused_until || known.asked) continue;
    auto& records = wanted[choose(nodes, author.first, known.attempt)].records;
    if (records.size() >= wire::LanFetch::kMost) continue;
    records.push_back({author.first, author.second, known.submitted});
  }
}

bool LanSession::leads_on(NodeId peer, const wire::FeedCursor& mine, HubGeneration to) const {
  const auto found = neighbours_.find(peer);
  if (found == neighbours_.end()) return false;
  const Neighbour& neighbour = found->second;
  const auto theirs = neighbour.cursors.find(mine.feed);
  if (theirs == neighbour.cursors.end() || theirs->second.hub_gen != to) return false;
  return std::ranges::any_of(neighbour.past, [&mine](const wire::FeedCursor& past) {
    return past.feed == mine.feed && past.hub_gen == mine.hub_gen && past.fseq >= mine.fseq;
  });
}

void LanSession::want_feeds(std::map<NodeId, wire::LanFetch>& wanted, MonoTime now) const {
  if (hub_live_) return;
  for (const wire::FeedCursor& mine : cursors_) {
    if (mine.hub_gen == HubGeneration{}) continue;
    const auto asked = feeds_asked_.find(mine.feed);
    if (asked != feeds_asked_.end() && asked->second.open) continue;
    std::vector<NodeId> have;
    for (const auto& [node, peer] : neighbours_) {
      const auto theirs = peer.cursors.find(mine.feed);
      if (!live(peer, now) || theirs == peer.cursors.end()) continue;
      const bool same_story =
          theirs->second.hub_gen == mine.hub_gen || leads_on(node, mine, theirs->second.hub_gen);
      if (same_story && theirs->second.fseq > mine.fseq) have.push_back(node);
    }
    if (have.empty()) continue;
    const unsigned attempt = asked == feeds_asked_.end() ? 0 : asked->second.attempt;
    wanted[have[(jitter_ + attempt) % have.size()]].feeds.push_back(mine);
  }
}

std::vector<LanQuestion> LanSession::questions(MonoTime now) const {
  std::map<NodeId, wire::LanFetch> wanted;
  std::vector<LanQuestion> all;
  if (!connected_) return all;
  want_records(wanted, now);
  want_feeds(wanted, now);
  for (auto& [peer, fetch] : wanted) {
    if (!fetch.empty()) all.push_back({peer, std::move(fetch)});
  }
  return all;
}

std::optional<MonoTime> LanSession::deadline() const {
  if (!connected_) return std::nullopt;
  MonoTime first = digest_at_;
  for (const auto& [author, state] : authors_) {
    if (state.asked) first = std::min(first, state.asked_until);
  }
  for (const auto& [feed, asked] : feeds_asked_) {
    if (asked.open) first = std::min(first, asked.until);
  }
  return first;
}

std::vector<LanSession::Peer> LanSession::peers(MonoTime now) const {
  std::vector<Peer> all;
  for (const auto& [node, peer] : neighbours_) {
    Peer shown{node, peer.writing_inc, now - peer.heard, 0, 0};
    for (const auto& [author, head] : peer.vv) {
      const auto known = authors_.find(author);
      shown.lacked += surplus(head.seq, known == authors_.end() ? 0 : known->second.head.seq);
    }
    for (const auto& [author, state] : authors_) {
      const auto theirs = peer.vv.find(author);
      shown.lacks += surplus(state.head.seq, theirs == peer.vv.end() ? 0 : theirs->second.seq);
    }
    all.push_back(shown);
  }
  return all;
}

std::vector<LanSession::Parted> LanSession::parted() const {
  std::vector<Parted> all;
  for (const auto& [author, state] : authors_) {
    if (state.parted) all.push_back({author, *state.parted});
  }
  return all;
}

}  // namespace cairn::sync
