#include "sync/store/replica_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <utility>

namespace cairn::sync {

ReplicaCheck::ReplicaCheck(Env env, storage::Writer& writer, storage::SnapshotReader* reader,
                           NodeId node, SiteId site, Ask ask)
    : env_(env),
      writer_(&writer),
      reader_(reader),
      node_(node),
      site_(std::move(site)),
      ask_(std::move(ask)),
      plan_(env.clock.mono_now()) {}

void ReplicaCheck::on_time(bool at_rest) {
  const MonoTime now = env_.clock.mono_now();
  if (reader_ == nullptr || !at_rest || !plan_.due(now)) return;
  plan_.begun(now);
  auto sums = std::make_shared<storage::ReplicaSums>();
  reader_->read(
      [sums, site = site_, node = node_,
       known = catalogue_.at(now)](storage::Connection& connection) {
        *sums = storage::read_sums(connection, site, node, storage::Confirmed::kByHub, known);
      },
      [this, sums](const Result<>& read) {
        if (read) {
          have_read(*sums);
        } else {
          env_.log.warn("check_not_made", {{"why", read.error().message}});
        }
      });
}

void ReplicaCheck::have_read(const storage::ReplicaSums& sums) {
  const MonoTime now = env_.clock.mono_now();
  if (!sums.at_rest) return plan_.moved(now);
  catalogue_.keep(sums.catalogue, now);
  asked_ = env_.random.next() | 1U;  // never 0
  plan_.begun(now);
  ask_(asked_, {sums.cursors, storage::all_tables(sums)});
}

void ReplicaCheck::answered(std::uint64_t correlation, const wire::CheckReply& reply) {
  if (asked_ == 0 || correlation != asked_) return;  // late, or delivered again
  asked_ = 0;
  const MonoTime now = env_.clock.mono_now();
  if (reply.moved) return plan_.moved(now);
  status_.differs = reply.differs;
  if (reply.differs.empty()) {
    status_.agreed_at = env_.clock.utc_now();
    env_.metrics.count("sync_checks_agreed_total");
    return plan_.agreed(now);
  }
  catalogue_ = {};
  env_.metrics.count("sync_checks_differed_total");
  const bool repair = plan_.differed(now);
  env_.log.error("replica_differs",
                 {{"tables", fmt::format("{}", fmt::join(reply.differs, ", "))},
                  {"what", repair ? "the rows are made anew from the log"
                                  : "also after they were made anew: head office has to look"}});
  if (repair) make_rows_anew();
}

void ReplicaCheck::make_rows_anew() {
  writer_->submit<bool>(
      [](storage::UnitOfWork& work) -> Result<bool> {
        work.replica().rebuild();
        return true;
      },
      [this](const Result<bool>& made) {
        if (!made) env_.log.error("rows_not_made_anew", {{"why", made.error().message}});
      });
}

}  // namespace cairn::sync
