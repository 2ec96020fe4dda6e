#include "sync/store/node_sync.h"

#include "core/base/assert.h"
#include "core/storage/safe_marks.h"
#include "core/wire/feed_name.h"
#include "core/wire/frame.h"
#include "core/wire/message.h"
#include "sync/topics.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::sync {
namespace {

constexpr Duration kFindWithin = std::chrono::seconds(5);
constexpr std::uint32_t kFetchBytes = 256U << 10U;

/// An older hub tells only its clock.
Hlc last_stamp(const wire::HelloReply& reply) {
  return reply.hub_hlc.value != 0 ? reply.hub_hlc : Hlc::of(reply.hub_time);
}

}  // namespace

NodeSync::NodeSync(Env env, storage::Writer& writer, storage::Replica& replica,
                   Transport& transport, storage::SnapshotReader* reader)
    : env_(env),
      writer_(&writer),
      replica_(&replica),
      transport_(&transport),
      node_(replica.identity().node),
      site_(replica.identity().site),
      boot_nonce_(env.random.next()),
      check_(env, writer, reader, node_, site_,
             [this](std::uint64_t correlation, const wire::Check& check) {
               transport_->publish(
                   {topics::request(node_), encode(wire::Request{correlation, check}), false});
             }),
      snapshot_(
          env, writer,
          {[this](const wire::Part& part) {
             // The answer says what it is of: it needs no number of ours.
             transport_->publish({topics::request(node_), encode(wire::Request{1, part}), false});
           },
           [this](const std::vector<wire::FeedCursor>& cursors) { on_snapshot_installed(cursors); },
           [this] { pump(); }}) {}

Result<> NodeSync::start() {
  try {
    std::vector<wire::FeedCursor> cursors;
    for (const std::string& name :
         {wire::kCatalogueFeed, wire::site_feed(site_), wire::node_feed(node_)}) {
      const storage::Feed& feed = replica_->log().feed(name);
      cursors.push_back({name, feed.hub_gen, feed.head});
    }
    use_lane(cursors);
    salvage_waits_ = storage::next_salvage(replica_->connection()).has_value();
    holds_unknown_ = replica_->holds_unknown();
  } catch (const storage::SqlFailure& failure) {
    return fail(failure.error());
  }
  writer_->on_commit([this](const storage::Changes& changes) {
    if (changes.own_head == 0) return;
    writing_head_ = changes.own_head;
    if (changes.own_inc == inc_) session_->uplink().log_grew(changes.own_head);
    pump();
  });
  transport_->start(
      {[this] { on_connected(); }, [this] { on_disconnected(); },
       [this](const std::string& topic, BytesView payload) { on_message(topic, payload); }},
      [this] {
        session_no_ =
            std::max(session_no_ + 1, static_cast<std::uint64_t>(env_.clock.utc_now().us / 1000));
        return Transport::Session{
            {topics::ack(node_), topics::response(node_), topics::site_feed(site_, "cat"),
             topics::site_feed(site_, "site"), topics::doorbell(site_)},
            BusMessage{topics::presence(node_),
                       encode(wire::Presence{false, replica_->identity().inc, session_no_,
                                             env_.clock.utc_now()}),
                       true}};
      });
  return {};
}

NodeSync::Status NodeSync::status() const {
  Status status;
  status.link = session_->state();
  status.detail = session_->detail().empty() ? feed_problem_ : session_->detail();
  if (giving_) status.detail = "the hub was started again: compared, and given back what it lacks";
  status.hub_gen = session_->hub_gen();
  status.inc = inc_;
  status.head = session_->uplink().head();
  status.safe = session_->safe().value_or(safe_);
  status.later = writes_ ? 0 : between_ + writing_head_;
  status.hwm = session_->uplink().hwm();
  status.salvage_waits = salvage_waits_;
  status.behind = session_->downlink().behind();
  status.parked = parked_;
  status.cursors = session_->downlink().cursors();
  status.hub_heard = hub_heard_;
  status.clock_offset = replica_->clock().offset();
  status.check = check_.status();
  status.snapshot = snapshot_.progress();
  return status;
}

bool NodeSync::at_rest() const {
  const Uplink& uplink = session_->uplink();
  return session_->state() == LinkState::kLive && writes_ && uplink.hwm() == uplink.head() &&
         session_->downlink().behind() == 0;
}

void NodeSync::on_connected() {
  connected_ = true;
  session_->connected(env_.clock.mono_now());
  publish_presence();
  pump();
}

void NodeSync::publish_presence() {
  const wire::Presence presence{true, replica_->identity().inc, session_no_, env_.clock.utc_now()};
  transport_->publish({topics::presence(node_), encode(presence), true});
}

void NodeSync::on_disconnected() {
  connected_ = false;
  giving_.reset();
  snapshot_.closed();
  session_->disconnected();
  arm_timer();
}

void NodeSync::on_message(const std::string& topic, BytesView payload) {
  const auto parsed = topics::parse_to_node(topic);
  if (!parsed) return;
  switch (parsed->kind) {
    case topics::ToNode::Kind::kAck:
      on_ack(payload);
      break;
    case topics::ToNode::Kind::kResponse:
      on_response(payload);
      break;
    case topics::ToNode::Kind::kFeed:
      on_feed_frame(payload);
      break;
    case topics::ToNode::Kind::kDoorbell:
      on_doorbell(payload);
      break;
  }
  pump();
}

void NodeSync::find(const std::string& text, Found found) {
  const std::uint64_t correlation = env_.random.next();
  finding_.emplace(correlation, std::move(found));
  if (session_->state() == LinkState::kLive) {
    transport_->publish(
        {topics::request(node_), encode(wire::Request{correlation, wire::Find{text}}), false});
  }
  const Duration patience = session_->state() == LinkState::kLive ? kFindWithin : Duration(0);
  env_.executor.after(patience, [this, correlation] {
    answer_find(correlation, fail(ErrorCode::kUnavailable, "hub_not_reached",
                                  "head office does not answer; this device does not know the sale "
                                  "by itself, try again when it is connected"));
  });
}

void NodeSync::say_hello() {
  session_->say_hello(env_.clock.mono_now());
  pump();
}

void NodeSync::answer_find(std::uint64_t correlation,
                           const Result<std::vector<domain::Sale>>& sales) {
  const auto asked = finding_.extract(correlation);
  if (!asked.empty()) asked.mapped()(sales);
}

void NodeSync::on_ack(BytesView payload) {
  const auto ack = wire::decode_ack(payload);
  if (!ack) {
    env_.log.warn("bad_message", {{"what", "ack"}, {"why", ack.error().message}});
    return;
  }
  hub_heard_ = ack->hub_time;
  const auto sent = ack->inc == inc_ ? sent_chains_.find(ack->hwm) : sent_chains_.end();
  if (sent != sent_chains_.end() && sent->second != ack->h_hwm) {
    session_->say_hello(
        env_.clock.mono_now());  // what is committed there under our number is not ours
    return;
  }
  if (ack->inc == inc_ && !ack->hello) parked_ = ack->parked;
  session_->acked(*ack, env_.clock.mono_now());
  sent_chains_.erase(sent_chains_.begin(), sent_chains_.upper_bound(session_->uplink().hwm()));
  remember_hwm();
  settle_if_done();
}

/// Lazily: losing it costs nothing but a HELLO's comparison, a commit of its own would cost every
/// scan one.
void NodeSync::remember_hwm() {
  const bool news = session_->uplink().hwm() > acked_ || session_->safe().value_or(safe_) != safe_;
  if (hwm_save_in_work_ || !news) return;
  hwm_save_in_work_ = true;
  env_.executor.after(std::chrono::seconds(1), [this] {
    const std::uint64_t hwm = std::max(acked_, session_->uplink().hwm());
    const std::uint64_t safe = session_->safe().value_or(safe_);
    writer_->submit<bool>(
        [hwm, mark = EventRef{node_, inc_, safe}](storage::UnitOfWork& work) -> Result<bool> {
          storage::save_acked(work.connection(), mark.inc, hwm);
          storage::save_safe_mark(work.connection(), mark);
          return true;
        },
        [this, inc = inc_, hwm, safe](const Result<bool>& saved) {
          hwm_save_in_work_ = false;
          if (saved && inc == inc_) {
            acked_ = hwm;
            safe_ = safe;
          }
          remember_hwm();
        });
  });
}

void NodeSync::on_response(BytesView payload) {
  const auto response = wire::decode_response(payload);
  if (!response) {
    env_.log.warn("bad_message", {{"what", "response"}, {"why", response.error().message}});
    return;
  }
  if (const auto* const hello = std::get_if<wire::HelloReply>(&response->body)) {
    on_hello_reply(response->correlation, *hello);
    return;
  }
  if (const auto* const found = std::get_if<wire::FindReply>(&response->body)) {
    answer_find(response->correlation, found->sales);
    return;
  }
  if (const auto* const compared = std::get_if<wire::CompareReply>(&response->body)) {
    on_compare_reply(response->correlation, *compared);
    return;
  }
  if (const auto* const given = std::get_if<wire::GiveReply>(&response->body)) {
    on_give_reply(response->correlation, *given);
    return;
  }
  if (const auto* const part = std::get_if<wire::PartReply>(&response->body)) {
    snapshot_.answered(*part);
    return;
  }
  if (const auto* const checked = std::get_if<wire::CheckReply>(&response->body)) {
    check_.answered(response->correlation, *checked);
    return;
  }
  const auto& fetched = std::get<wire::FetchReply>(response->body);
  session_->downlink().fetch_answered(fetched.feed, response->correlation, fetched.head);
  if (!fetched.frame.empty()) on_feed_frame(fetched.frame);
}

void NodeSync::on_hello_reply(std::uint64_t correlation, const wire::HelloReply& said) {
  if (!session_->awaits(correlation)) return;  // late, or delivered again
  const wire::HelloReply reply = unless_another_hub(said);
  const UtcTime now = env_.clock.utc_now();
  hub_heard_ = reply.hub_time;
  const std::int64_t half_trip_us = std::max<std::int64_t>(0, now.us - reply.wall.us) / 2;
  replica_->clock().set_offset(Duration(reply.hub_time.us + half_trip_us - now.us));
  struct Own {
    std::uint64_t head = 0;
    bool agrees = false;
    bool follows = true;  ///< our feeds are of the hub's generation
  };
  writer_->submit<Own>(
      [node = node_, inc = inc_, reply](storage::UnitOfWork& work) -> Result<Own> {
        storage::EventLog& log = work.replica().log();
        const storage::Author& own = log.author(node, inc);
        Own found{own.head, reply.hwm <= own.head && log.chain_at(own, reply.hwm) == reply.h_hwm};
        for (const wire::FeedHead& told : reply.feeds) {
          const HubGeneration ours = log.feed(told.feed).hub_gen;
          found.follows = found.follows && (ours == HubGeneration{} || ours == reply.hub_gen);
        }
        return found;
      },
      [this, inc = inc_, correlation, reply, asked = asked_at_](const Result<Own>& own) {
        if (!own || inc != inc_) return;
        if (!own->follows && reply.verdict != wire::Verdict::kRefused) return follow(reply);
        // A device with our identity may have written more of it, which came back with the feed.
        session_->uplink().log_grew(own->head);
        session_->hello_answered(correlation, reply, own->agrees, env_.clock.mono_now());
        const bool agreed = session_->state() == LinkState::kLive;
        if (session_->state() == LinkState::kRefused) {
          env_.log.error("hub_refuses", {{"why", session_->detail()}});
        }
        if (agreed) {
          snapshot_.greeted(reply.hub_gen, reply.snapshot);
        } else {
          snapshot_.closed();
        }
        act_on_verdict(reply, own->agrees, own->head);
        remember_hwm();
        pump();
        if (agreed) hub_agrees_({reply.hub_time, last_stamp(reply), asked});
      });
}

void NodeSync::on_feed_frame(BytesView payload) {
  auto frame = wire::decode_feed_frame(payload);
  if (!frame) {
    env_.log.warn("bad_message", {{"what", "feed frame"}, {"why", frame.error().message}});
    return;
  }
  take_feed_frame(*std::move(frame));
}

std::vector<wire::FeedCursor> NodeSync::shared_cursors() const {
  auto cursors = session_->downlink().cursors();
  std::erase_if(cursors,
                [own = wire::node_feed(node_)](const auto& cursor) { return cursor.feed == own; });
  return cursors;
}

std::vector<wire::FeedCursor> NodeSync::shared_past() const {
  constexpr std::size_t kTold = 8;  // of each feed; a digest goes out every two seconds
  std::vector<wire::FeedCursor> told;
  for (auto past = past_.rbegin(); past != past_.rend(); ++past) {
    const auto of_feed = [&past](const wire::FeedCursor& one) { return one.feed == past->feed; };
    if (past->feed == wire::node_feed(node_)) continue;
    if (std::ranges::count_if(told, of_feed) < static_cast<std::ptrdiff_t>(kTold)) {
      told.push_back(*past);
    }
  }
  std::ranges::reverse(told);
  return told;
}

void NodeSync::take_feed_frame(wire::FeedFrame frame) {
  if (giving_) return;  // of the generation that we are leaving
  const bool next = session_->downlink().frame_arrived(frame.feed, frame.hub_gen, frame.base_fseq,
                                                       frame.last_fseq(), env_.clock.mono_now());
  if (!next) return;
  using Applied = storage::Replica::Applied;
  const std::string feed = frame.feed;
  writer_->submit<Applied>(
      [frame = std::move(frame)](storage::UnitOfWork& work) {
        return work.replica().take_feed(frame);
      },
      [this, feed](const Result<Applied>& applied) {
        const MonoTime now = env_.clock.mono_now();
        if (applied && applied->end == Applied::End::kBeyondGap) {
          // One before it, handed over in the same turn, failed: its own outcome asks for both.
        } else if (applied) {
          feed_problem_.clear();
          const bool missing = applied->end == Applied::End::kRecordsMissing;
          session_->downlink().applied(feed, applied->cursor, missing, now);
        } else {
          feed_problem_ = applied.error().message;
          env_.log.error("feed_stopped", {{"feed", feed}, {"why", feed_problem_}});
          session_->downlink().apply_failed(feed, now);
          if (applied.error().reason == "forked") session_->say_hello(now);
        }
        pump();
      });
}

void NodeSync::on_doorbell(BytesView payload) {
  const auto doorbell = wire::decode_doorbell(payload);
  if (!doorbell) {
    env_.log.warn("bad_message", {{"what", "doorbell"}, {"why", doorbell.error().message}});
    return;
  }
  session_->downlink().heads(doorbell->hub_gen, doorbell->feeds, env_.clock.mono_now());
}

void NodeSync::on_snapshot_installed(const std::vector<wire::FeedCursor>& cursors) {
  for (const wire::FeedCursor& cursor : cursors) {
    session_->downlink().jumped(cursor, env_.clock.mono_now());
  }
}

void NodeSync::pump() {
  const MonoTime now = env_.clock.mono_now();
  session_->on_time(now);
  if (session_->downlink().generation_in_doubt() && session_->state() == LinkState::kLive) {
    session_->say_hello(now);
  }
  if (const auto correlation = session_->hello_wanted(now); correlation && !hello_in_work_) {
    send_hello(*correlation);
  }
  if (const auto first = session_->uplink().next_frame(); first && !frame_in_work_) {
    send_frame(*first);
  }
  snapshot_.on_time();
  session_->downlink().hold(
      snapshot_.holds_feeds() ? std::set{std::string(wire::kCatalogueFeed), wire::site_feed(site_)}
                              : std::set<std::string>());
  for (const FetchWanted& fetch : session_->downlink().wanted(now)) send_fetch(fetch);
  drop_unknown();
  check_.on_time(at_rest());
  arm_timer();
}

void NodeSync::arm_timer() {
  if (timer_) env_.executor.cancel(*timer_);
  timer_.reset();
  auto deadline = session_->deadline();
  if (!deadline) return;
  if (const auto at = snapshot_.deadline()) deadline = std::min(*deadline, *at);
  const Duration wait = std::max(Duration(1000), *deadline - env_.clock.mono_now());
  timer_ = env_.executor.after(wait, [this] {
    timer_.reset();
    pump();
  });
}

Result<NodeSync::Heads> NodeSync::read_heads(storage::Replica& replica) const {
  storage::EventLog& log = replica.log();
  const storage::Author& own = log.author(node_, inc_);
  Heads heads{replica.identity().inc,
              own.head,
              own.chain,
              {},
              {},
              storage::past_cursors(replica.connection())};
  const auto acked = log.chain_at(own, std::min(acked_, own.head));
  heads.h_acked = acked.value_or(crypto::Hash128{});
  for (const storage::Author& author : log.authors()) {
    heads.vv.push_back({author.node, author.inc, author.head});
  }
  return heads;
}

void NodeSync::send_hello(std::uint64_t correlation) {
  hello_in_work_ = true;
  writer_->submit<Heads>([this](storage::UnitOfWork& work) { return read_heads(work.replica()); },
                         [this, inc = inc_, correlation](const Result<Heads>& heads) {
                           hello_in_work_ = false;
                           if (heads && inc == inc_) publish_hello(correlation, *heads);
                           pump();
                         });
}

void NodeSync::publish_hello(std::uint64_t correlation, const Heads& heads) {
  wire::Hello hello;
  hello.inc = inc_;
  hello.head = told_head_ = heads.head;
  hello.h_head = heads.h_head;
  hello.acked = std::min(acked_, heads.head);
  hello.h_acked = heads.h_acked;
  hello.boot_nonce = boot_nonce_;
  hello.vv = heads.vv;
  hello.cursors = heads.past;
  for (wire::FeedCursor& cursor : session_->downlink().cursors()) hello.cursors.push_back(cursor);
  hello.wall = env_.clock.utc_now();
  hello.mono = env_.clock.mono_now();
  hello.writing_inc = heads.writing_inc;
  transport_->publish({topics::request(node_), encode(wire::Request{correlation, hello}), false});
  asked_at_ = env_.clock.mono_now();
  session_->hello_sent(correlation, asked_at_);
}

void NodeSync::send_frame(std::uint64_t first) {
  frame_in_work_ = true;
  writer_->submit<BuiltFrame>(
      [this, first,
       most = session_->uplink().records_most()](storage::UnitOfWork& work) -> Result<BuiltFrame> {
        storage::EventLog& log = work.replica().log();
        const storage::Author& own = log.author(node_, inc_);
        if (first > own.head)
          return fail(ErrorCode::kConflict, "reissued", "it is not there any more");
        const auto run = log.read_run(own, first, most, wire::kFrameRawTarget);
        wire::FrameHeader header;
        header.node = node_;
        header.inc = inc_;
        header.base_seq = first;
        header.chain_before = run.chain_before;
        auto octets = wire::encode_frame(header, run.records);
        if (!octets) return fail(octets.error());
        const std::uint64_t last = first + run.records.size() - 1;
        return BuiltFrame{last, *log.chain_at(own, last), *std::move(octets)};
      },
      [this, inc = inc_, first](Result<BuiltFrame> built) {
        frame_in_work_ = false;
        if (inc != inc_) return pump();  // of the lane before
        if (!built) {
          env_.log.error("frame_not_built", {{"why", built.error().message}});
          return;
        }
        env_.metrics.count("sync_frames_sent_total");
        env_.metrics.count("sync_records_sent_total", built->last - first + 1);
        env_.metrics.count("sync_bytes_sent_total", built->octets.size());
        sent_chains_.insert_or_assign(built->last, built->chain);
        transport_->publish({topics::uplink(node_), std::move(built->octets), false});
        session_->uplink().frame_sent(first, built->last, env_.clock.mono_now());
        pump();
      });
}

void NodeSync::send_fetch(const FetchWanted& fetch) {
  const wire::Fetch question{fetch.feed, fetch.after, kFetchBytes, fetch.verbatim};
  transport_->publish(
      {topics::request(node_), encode(wire::Request{fetch.correlation, question}), false});
  session_->downlink().fetch_sent(fetch, env_.clock.mono_now());
}

}  // namespace cairn::sync
