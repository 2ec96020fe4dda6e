// The part of NodeSync that mends a log which has parted from the hub's copy of it: a device whose
// database was restored, or copied to another device (docs/protocol.md, repair).

#include "core/base/assert.h"
#include "core/storage/safe_marks.h"
#include "core/storage/salvage.h"
#include "core/wire/message.h"
#include "sync/store/node_sync.h"
#include "sync/topics.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cairn::sync {

/// The first incarnation that the hub lacks records of, else the one that writes. Counts what
/// waits behind it.
NodeSync::Lane NodeSync::find_lane() {
  const auto all = storage::own_incarnations(replica_->connection());
  CAIRN_ASSERT(!all.empty(), "a site has an incarnation from its first start");
  const auto head_of = [this](Incarnation inc) {
    const storage::Author* const author = replica_->log().find_author(node_, inc);
    return author == nullptr ? 0 : author->head;
  };
  auto lane = std::find_if(all.begin(), all.end(),
                           [](const storage::OwnIncarnation& own) { return !own.settled; });
  if (lane == all.end()) lane = std::prev(all.end());
  writes_ = std::next(lane) == all.end();
  writing_head_ = head_of(all.back().inc);
  between_ = 0;
  for (auto later = std::next(lane); !writes_ && std::next(later) != all.end(); ++later) {
    between_ += head_of(later->inc);
  }
  return {lane->inc, head_of(lane->inc), lane->acked};
}

/// Goes on with the lane that is to be used now.
void NodeSync::use_lane(const std::vector<wire::FeedCursor>& cursors) {
  const Lane lane = find_lane();
  inc_ = lane.inc;
  acked_ = lane.acked;
  safe_ = 0;
  for (const EventRef& mark : storage::safe_marks(replica_->connection())) {
    if (mark.node == node_ && mark.inc == inc_) safe_ = mark.seq;
  }
  past_ = storage::past_cursors(replica_->connection());
  sent_chains_.clear();
  search_.reset();
  session_.emplace(SessionLimits{}, inc_, Uplink({}, lane.head, acked_, boot_nonce_),
                   Downlink({}, cursors), env_.random.next() >> 1U);
}

void NodeSync::change_lane(const std::vector<wire::FeedCursor>& cursors) {
  try {
    use_lane(cursors);
  } catch (const storage::SqlFailure& failure) {
    env_.log.error("lane_not_changed", {{"why", failure.message}});
    return;
  }
  if (connected_) {
    session_->connected(env_.clock.mono_now());
    publish_presence();
  }
  pump();
}

void NodeSync::own_records_found() {
  if (repair_in_work_) return;  // it ends with another look at the lanes
  try {
    const Lane lane = find_lane();
    if (lane.inc != inc_) return change_lane(session_->downlink().cursors());
    session_->uplink().log_grew(lane.head);
  } catch (const storage::SqlFailure& failure) {
    env_.log.error("lane_not_changed", {{"why", failure.message}});
    return;
  }
  pump();
}

void NodeSync::act_on_verdict(const wire::HelloReply& reply, bool chain_agrees,
                              std::uint64_t own_head) {
  switch (reply.verdict) {
    case wire::Verdict::kBehind:
      // A neighbour may have given back meanwhile what the HELLO said is missing.
      if (own_head >= reply.hwm) return session_->say_hello(env_.clock.mono_now());
      settle_lane(true, reply.hwm);
      break;
    case wire::Verdict::kForked:
      search_fork(std::min(own_head, reply.hwm));
      break;
    case wire::Verdict::kResume:
      if (chain_agrees) {
        settle_if_done();
        ask_for_salvage();
      } else {
        search_fork(std::min(own_head, reply.hwm));
      }
      break;
    case wire::Verdict::kRefused:
      break;
  }
}

/// An earlier incarnation is at the hub to its end: the next one's turn.
void NodeSync::settle_if_done() {
  const Uplink& uplink = session_->uplink();
  if (!writes_ && session_->state() == LinkState::kLive && uplink.hwm() == uplink.head()) {
    settle_lane(false, uplink.hwm());
  }
}

/// The hub has all of the lane that it will get, up to `hwm`. `restored`: and more than we have, so
/// that its numbers must not be used again; the lost records come back with the site's feed.
void NodeSync::settle_lane(bool restored, std::uint64_t hwm) {
  if (std::exchange(repair_in_work_, true)) return;
  enum class Outcome : std::uint8_t { kSettled, kRenewed, kGrown, kAnew };
  const bool again = restored && writes_;
  const Incarnation fresh(env_.random.next() >> 1U);  // 63 bits: SQLite's integers are signed
  writer_->submit<Outcome>(
      [node = node_, inc = inc_, restored, hwm, again, fresh,
       told = told_head_](storage::UnitOfWork& work) -> Result<Outcome> {
        const std::uint64_t head = work.replica().log().author(node, inc).head;
        // A neighbour may have brought more of it in this very moment.
        if (restored ? head >= hwm : head != hwm) return Outcome::kAnew;
        // People work while HELLO is on its way: what they did meanwhile has numbers that the hub
        // knows other records by.
        if (again && head != told) return Outcome::kGrown;
        storage::settle_incarnation(work.connection(), inc);
        storage::hub_has_of_damaged(work.connection(), inc, hwm);
        if (again) work.replica().renew(fresh, storage::Beginning::kRestored);
        return again ? Outcome::kRenewed : Outcome::kSettled;
      },
      [this](const Result<Outcome>& outcome) {
        repair_in_work_ = false;
        if (!outcome) {
          env_.log.error("lane_not_settled", {{"why", outcome.error().message}});
          return;
        }
        if (*outcome == Outcome::kGrown) {
          session_->say_hello(env_.clock.mono_now());  // and be told FORKED
          return pump();
        }
        if (*outcome == Outcome::kRenewed) {
          env_.metrics.count("sync_restores_total");
          env_.log.warn("restored_database", {{"what",
                                               "numbers the device had used come back from "
                                               "the hub; it goes on under new ones"}});
        }
        change_lane(session_->downlink().cursors());
      });
}

/// `last`: both logs go so far.
void NodeSync::search_fork(std::uint64_t last) {
  if (repair_in_work_ || last == 0) return;
  if (!search_) search_.emplace(inc_, last);
  ask_compare();
}

void NodeSync::ask_compare() {
  if (search_->done()) {
    const ForkSearch found = *std::exchange(search_, std::nullopt);
    if (found.forked()) return reissue(found.inc(), found.common());
    return session_->say_hello(env_.clock.mono_now());  // the hub only has more: it will say so
  }
  compare_correlation_ = env_.random.next();
  transport_->publish({topics::request(node_),
                       encode(wire::Request{compare_correlation_,
                                            wire::Compare{search_->inc(), search_->places()}}),
                       false});
}

void NodeSync::on_compare_reply(std::uint64_t correlation, const wire::CompareReply& reply) {
  if (salvage_ && correlation == salvage_correlation_) return salvage(reply);
  if (!search_ || correlation != std::exchange(compare_correlation_, 0)) return;
  // Not an answer to what was asked: the next HELLO asks again.
  if (reply.chains.size() != search_->places().size()) return;
  writer_->submit<std::vector<bool>>(
      [node = node_, inc = inc_, places = search_->places(),
       reply](storage::UnitOfWork& work) -> Result<std::vector<bool>> {
        storage::EventLog& log = work.replica().log();
        const storage::Author& own = log.author(node, inc);
        std::vector<bool> agree;
        for (std::size_t i = 0; i < places.size(); ++i) {
          const auto ours = log.chain_at(own, places[i]);
          agree.push_back(ours && ours == reply.chains[i]);
        }
        return agree;
      },
      [this, inc = inc_](const Result<std::vector<bool>>& agree) {
        if (!agree || !search_ || inc != inc_) return;
        search_->compared(*agree);
        ask_compare();
        pump();
      });
}

void NodeSync::reissue(Incarnation forked, std::uint64_t common) {
  if (std::exchange(repair_in_work_, true)) return;
  const Incarnation fresh(env_.random.next() >> 1U);
  writer_->submit<std::size_t>(
      [forked, common, fresh](storage::UnitOfWork& work) -> Result<std::size_t> {
        return work.replica().reissue(forked, common, fresh);
      },
      [this, common](const Result<std::size_t>& records) {
        repair_in_work_ = false;
        if (!records) {
          env_.log.error("log_not_reissued", {{"why", records.error().message}});
          return;
        }
        env_.metrics.count("sync_reissues_total");
        env_.log.warn("log_reissued", {{"records", std::to_string(*records)},
                                       {"after", std::to_string(common)},
                                       {"why",
                                        "the hub holds others under their numbers: another "
                                        "device has this one's identity, or had it"}});
        change_lane(session_->downlink().cursors());
      });
}

}  // namespace cairn::sync
