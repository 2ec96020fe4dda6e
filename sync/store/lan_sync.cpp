#include "sync/store/lan_sync.h"

#include "core/storage/generations.h"
#include "core/wire/feed_name.h"
#include "core/wire/frame.h"
#include "core/wire/lan_message.h"
#include "sync/store/feed_items.h"
#include "sync/topics.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::sync {
namespace {

constexpr std::string_view kFeedMagic = "CRF1";
constexpr Duration kBadToldAgain = std::chrono::seconds(30);
constexpr std::size_t kAnsweringMost = 64;
constexpr std::size_t kAnswerMost = 256U << 10U;  ///< octets of all frames that answer one question

LanAuthor writing(const storage::Identity& identity) { return {identity.node, identity.inc}; }

/// A run of an author's records after `after`; nothing if there is none.
Result<std::optional<std::pair<std::uint64_t, Bytes>>> frame_after(storage::EventLog& log,
                                                                   const EventRef& after) {
  using Built = std::optional<std::pair<std::uint64_t, Bytes>>;
  const storage::Author* const author = log.find_author(after.node, after.inc);
  // Of the hub's log a site keeps no chain, so that it cannot be passed on in frames.
  if (author == nullptr || author->head <= after.seq) return Built();
  if (!log.chain_at(*author, author->head)) return Built();
  const std::uint64_t first = after.seq + 1;
  const auto run = log.read_run(*author, first, wire::kFrameRecordsMax, wire::kFrameRawTarget);
  wire::FrameHeader header;
  header.node = after.node;
  header.inc = after.inc;
  header.base_seq = first;
  header.chain_before = run.chain_before;
  auto octets = wire::encode_frame(header, run.records);
  if (!octets) return fail(octets.error());
  return Built({first + run.records.size() - 1, *std::move(octets)});
}

/// Whether the cursor is on our way: of the generation that we follow, or of an earlier one and not
/// beyond what we took of that.
bool on_our_way(storage::Replica& replica, const storage::Feed& feed,
                const wire::FeedCursor& cursor) {
  if (feed.hub_gen == cursor.hub_gen) return true;
  const auto past = storage::past_cursors(replica.connection());
  return std::ranges::any_of(past, [&cursor](const wire::FeedCursor& left) {
    return left.feed == cursor.feed && left.hub_gen == cursor.hub_gen && left.fseq >= cursor.fseq;
  });
}

/// A run of a feed after a cursor; no octets if there is none.
Result<Bytes> feed_after(storage::Replica& replica, const wire::FeedCursor& after) {
  const storage::Feed feed = replica.log().feed(after.feed);
  if (feed.head <= after.fseq || !on_our_way(replica, feed, after)) return Bytes();
  const auto rows = replica.log().read_feed(feed, after.fseq, wire::kFrameRawTarget);
  if (rows.empty()) return Bytes();
  const NodeId hub = replica.identity().hub;
  return wire::encode_feed_frame(
      {after.feed, hub, feed.hub_gen, rows.front().fseq, gift_items(rows, hub)});
}

}  // namespace

LanSync::LanSync(Env env, storage::Writer& writer, storage::Replica& replica, NodeSync& hub,
                 Transport& lan)
    : env_(env),
      writer_(&writer),
      replica_(&replica),
      hub_(&hub),
      transport_(&lan),
      node_(replica.identity().node),
      site_(replica.identity().site),
      session_({}, writing(replica.identity()), env.random.next()) {}

Result<> LanSync::start() {
  if (auto ok = read_heads(); !ok) return ok;
  writer_->on_commit([this](const storage::Changes& changes) { on_commit(changes); });
  transport_->start(
      {[this] {
         session_.connected(env_.clock.mono_now());
         pump();
       },
       [this] {
         session_.disconnected();
         arm_timer();
       },
       [this](const std::string& topic, BytesView payload) { on_message(topic, payload); }},
      [this] { return Transport::Session{topics::lan_filters(site_, node_), std::nullopt}; });
  return {};
}

Result<> LanSync::read_heads() {
  try {
    for (const storage::Author& author : replica_->log().authors()) {
      if (author.head == 0 || !replica_->log().chain_at(author, author.head)) continue;
      session_.held({author.node, author.inc}, {author.head, author.chain}, env_.clock.mono_now());
    }
  } catch (const storage::SqlFailure& failure) {
    return fail(failure.error());
  }
  return {};
}

LanSync::Status LanSync::status() const {
  return {session_.is_connected(), session_.peers(env_.clock.mono_now()), session_.parted()};
}

// ---- what is written here ----

void LanSync::on_commit(const storage::Changes& changes) {
  session_.writes_as(writing(replica_->identity()));
  for (const LanAuthor& name : changes.authors) {
    if (name.first == replica_->identity().hub) continue;
    if (const auto head = head_of(name)) session_.held(name, *head, env_.clock.mono_now());
  }
  if (session_.is_connected()) pump();
}

/// What is committed of an author; nothing if it is not known, or cannot be read now.
std::optional<LanHead> LanSync::head_of(const LanAuthor& name) {
  try {
    const storage::Author* const author = replica_->log().find_author(name.first, name.second);
    return author == nullptr ? std::nullopt : std::optional(LanHead{author->head, author->chain});
  } catch (const storage::SqlFailure& failure) {
    env_.log.error("lan_head_not_read", {{"why", failure.message}});
    return std::nullopt;
  }
}

/// One frame of what was written last.
void LanSync::push(std::uint64_t first) {
  push_in_work_ = true;
  const LanAuthor own = writing(replica_->identity());
  writer_->submit<Batch>(
      [own, first](storage::UnitOfWork& work) -> Result<Batch> {
        auto built = frame_after(work.replica().log(), {own.first, own.second, first - 1});
        if (!built) return fail(built.error());
        if (!*built) return Batch{};
        return Batch{(*built)->first, std::move((*built)->second)};
      },
      [this, own](Result<Batch> batch) {
        push_in_work_ = false;
        if (!batch || batch->octets.empty() || own != writing(replica_->identity())) return;
        session_.pushed(batch->last);
        publish(topics::lan_records(site_, node_), std::move(batch->octets));
        pump();
      });
}

// ---- what neighbours say ----

void LanSync::on_message(const std::string& topic, BytesView payload) {
  const auto from = topics::parse_from_neighbour(topic);
  if (!from || from->node == node_) return;  // the bus gives back what one says oneself
  switch (from->kind) {
    case topics::FromNeighbour::Kind::kRecords:
      on_records(from->node, payload);
      break;
    case topics::FromNeighbour::Kind::kDigest:
      on_digest(from->node, payload);
      break;
    case topics::FromNeighbour::Kind::kFetch:
      on_fetch(from->node, payload);
      break;
  }
  pump();
}

/// Counted; said now and then, however much of it comes.
void LanSync::bad(NodeId peer, std::string_view what, const Error& error) {
  env_.metrics.count("lan_bad_messages_total");
  const MonoTime now = env_.clock.mono_now();
  if (bad_told_ && now - *bad_told_ < kBadToldAgain) return;
  bad_told_ = now;
  env_.log.warn(
      "bad_lan_message",
      {{"from", peer.value().text()}, {"what", std::string(what)}, {"why", error.message}});
}

void LanSync::on_records(NodeId peer, BytesView payload) {
  if (payload.starts_with(kFeedMagic)) return on_feed_frame(peer, payload);
  auto frame = wire::decode_frame(payload);
  if (!frame) return bad(peer, "frame", frame.error());
  // Nobody but the hub passes on what the hub says: it has feeds.
  if (frame->header.node == replica_->identity().hub) return;
  handle_frame(peer, *std::move(frame));
}

void LanSync::handle_frame(NodeId peer, wire::Frame frame) {
  const LanAuthor author{frame.header.node, frame.header.inc};
  switch (session_.frame_arrived(peer, frame, env_.clock.mono_now())) {
    case LanSession::What::kTake:
      take(peer, std::move(frame));
      break;
    case LanSession::What::kRestored:
      restored(peer, std::move(frame));
      break;
    case LanSession::What::kParted:
      told_parted(peer, author);
      break;
    case LanSession::What::kKnown:
      compare(peer, frame.header);
      break;
    case LanSession::What::kGap:
    case LanSession::What::kNothing:
      break;
  }
}

/// What is held already: is it the same?
void LanSync::compare(NodeId peer, const wire::FrameHeader& header) {
  try {
    storage::EventLog& log = replica_->log();
    const storage::Author* const author = log.find_author(header.node, header.inc);
    if (author == nullptr || author->head < header.last_seq()) return;
    const auto ours = log.chain_at(*author, header.last_seq());
    if (!ours || *ours == header.chain_after) return;
  } catch (const storage::SqlFailure& failure) {
    env_.log.error("lan_frame_not_compared", {{"why", failure.message}});
    return;
  }
  session_.parted({header.node, header.inc}, peer, env_.clock.mono_now());
  told_parted(peer, {header.node, header.inc});
}

void LanSync::told_parted(NodeId peer, const LanAuthor& author) {
  env_.metrics.count("lan_parted_total");
  if (!told_.insert(author).second) return;
  env_.log.error("lan_copies_part",
                 {{"author", EventRef{author.first, author.second, 0}.text()},
                  {"neighbour", peer.value().text()},
                  {"what",
                   "this device and a neighbour hold different records under the same "
                   "numbers; the hub's will count"}});
}

void LanSync::take(NodeId peer, wire::Frame frame) {
  using FromPeer = storage::Replica::FromPeer;
  const LanAuthor author{frame.header.node, frame.header.inc};
  env_.metrics.count("lan_frames_taken_total");
  writer_->submit<FromPeer>(
      [frame = std::move(frame)](storage::UnitOfWork& work) -> Result<FromPeer> {
        const wire::FrameHeader& header = frame.header;
        return work.replica().take_from_peer({header.node, header.inc, header.base_seq},
                                             header.chain_before, frame.records);
      },
      [this, peer, author](const Result<FromPeer>& taken) {
        if (!taken) {
          env_.log.error("lan_frame_not_taken", {{"why", taken.error().message}});
          session_.not_taken(author);
          return;
        }
        const bool parted = taken->end == FromPeer::End::kParted;
        const bool refused = parted || taken->end == FromPeer::End::kSuperseded;
        session_.taken(author, {taken->head, taken->chain}, refused, parted, peer,
                       env_.clock.mono_now());
        if (parted) told_parted(peer, author);
        if (taken->own) hub_->own_records_found();
        pump();
      });
}

/// A neighbour has more of what this device writes than the device itself: the database is older
/// than the device was. It goes on under new numbers and takes the rest as any neighbour's.
void LanSync::restored(NodeId peer, wire::Frame frame) {
  if (std::exchange(renewal_in_work_, true)) return;
  const LanAuthor before = writing(replica_->identity());
  const std::uint64_t head = head_of(before).value_or(LanHead{}).seq;
  const Incarnation fresh(env_.random.next() >> 1U);
  writer_->submit<bool>(
      [before, head, fresh](storage::UnitOfWork& work) -> Result<bool> {
        storage::Replica& replica = work.replica();
        // If it has written meanwhile, it is a fork, which the hub settles.
        const storage::Author& own = replica.log().author(before.first, before.second);
        if (writing(replica.identity()) != before || own.head != head) return false;
        replica.renew(fresh, storage::Beginning::kRestored);
        return true;
      },
      [this, peer, frame = std::move(frame)](const Result<bool>& renewed) {
        renewal_in_work_ = false;
        if (!renewed || !*renewed) return;
        env_.metrics.count("sync_restores_total");
        env_.log.warn("restored_database",
                      {{"what",
                        "a neighbour holds records of this device that it lacks itself; "
                        "they come back, and it goes on under new numbers"}});
        session_.writes_as(writing(replica_->identity()));
        hub_->own_records_found();
        handle_frame(peer, frame);
        pump();
      });
}

void LanSync::on_feed_frame(NodeId peer, BytesView payload) {
  const auto frame = wire::decode_feed_frame(payload);
  if (!frame) return bad(peer, "feed frame", frame.error());
  // Only what continues our feeds of our hub: a neighbour's word begins none.
  if (frame->hub_node != replica_->identity().hub) return;
  for (const wire::FeedCursor& cursor : hub_->shared_cursors()) {
    if (cursor.feed != frame->feed || frame->base_fseq > cursor.fseq + 1) continue;
    if (cursor.hub_gen == frame->hub_gen) {
      hub_->take_feed_frame(*frame);
    } else if (session_.leads_on(peer, cursor, frame->hub_gen)) {
      hub_->follow_neighbour(cursor, *frame);
    }
  }
}

void LanSync::on_digest(NodeId peer, BytesView payload) {
  const auto digest = wire::decode_lan_digest(payload);
  if (!digest) return bad(peer, "digest", digest.error());
  session_.digest_arrived(peer, *digest, env_.clock.mono_now());
}

void LanSync::on_fetch(NodeId peer, BytesView payload) {
  const auto fetch = wire::decode_lan_fetch(payload);
  if (!fetch) return bad(peer, "question", fetch.error());
  if (answering_.size() >= kAnsweringMost || !answering_.insert(peer).second) return;  // asks again
  writer_->submit<std::vector<Bytes>>(
      [fetch = *fetch](storage::UnitOfWork& work) -> Result<std::vector<Bytes>> {
        std::vector<Bytes> frames;
        std::size_t size = 0;
        for (const wire::FeedCursor& after : fetch.feeds) {
          auto frame = feed_after(work.replica(), after);
          if (!frame) return fail(frame.error());
          if (!frame->empty()) frames.push_back(*std::move(frame));
        }
        for (const EventRef& after : fetch.records) {
          if (size > kAnswerMost) break;
          auto frame = frame_after(work.replica().log(), after);
          if (!frame) return fail(frame.error());
          if (!*frame) continue;
          size += (*frame)->second.size();
          frames.push_back(std::move((*frame)->second));
        }
        return frames;
      },
      [this, peer](Result<std::vector<Bytes>> frames) {
        answering_.erase(peer);
        if (!frames) {
          env_.log.error("lan_fetch_not_answered", {{"why", frames.error().message}});
          return;
        }
        for (Bytes& frame : *frames) publish(topics::lan_records(site_, node_), std::move(frame));
      });
}

// ---- what is sent ----

void LanSync::publish(std::string topic, Bytes payload) {
  env_.metrics.count("lan_bytes_sent_total", payload.size());
  transport_->publish({std::move(topic), std::move(payload), false});
}

void LanSync::pump() {
  const MonoTime now = env_.clock.mono_now();
  session_.feeds_at(hub_->shared_cursors(), hub_->live(), hub_->shared_past());
  session_.on_time(now);
  if (const auto first = session_.push_wanted(); first && !push_in_work_) push(*first);
  for (const LanQuestion& question : session_.questions(now)) {
    publish(topics::lan_fetch(site_, node_, question.peer), encode(question.fetch));
    session_.asked(question, now);
  }
  if (session_.digest_wanted(now)) {
    publish(topics::lan_digest(site_, node_), encode(session_.digest()));
    session_.digest_sent(now);
  }
  arm_timer();
}

void LanSync::arm_timer() {
  if (timer_) env_.executor.cancel(*timer_);
  timer_.reset();
  const auto deadline = session_.deadline();
  if (!deadline) return;
  const Duration wait = std::max(Duration(1000), *deadline - env_.clock.mono_now());
  timer_ = env_.executor.after(wait, [this] {
    timer_.reset();
    pump();
  });
}

}  // namespace cairn::sync
