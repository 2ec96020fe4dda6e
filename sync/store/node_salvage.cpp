// The part of NodeSync that brings home what is left in a damaged database (docs/protocol.md,
// repair): records that the hub lacks are issued again, but only once the hub takes nothing under
// their old numbers any more. It does so from the moment it has answered to the incarnation that
// writes now; a frame that was still on its way before has then come or never will. So the hub is
// asked once more what it has.

#include "core/storage/salvage.h"
#include "core/wire/message.h"
#include "sync/store/node_sync.h"
#include "sync/topics.h"

#include <algorithm>

namespace cairn::sync {

void NodeSync::ask_for_salvage() {
  if (!writes_ || repair_in_work_) return;
  try {
    salvage_ = storage::next_salvage(replica_->connection());
    salvage_waits_ = salvage_.has_value();
  } catch (const storage::SqlFailure& failure) {
    env_.log.error("not_salvaged", {{"why", failure.message}});
  }
  if (!salvage_) return;
  wire::Compare question{salvage_->inc, {}};
  const std::uint64_t last = std::max(salvage_->last, salvage_->hub_has + 1);
  for (std::uint64_t seq = salvage_->hub_has + 1;
       seq <= last && question.seqs.size() < wire::Compare::kMost; ++seq) {
    question.seqs.push_back(seq);
  }
  salvage_correlation_ = env_.random.next();
  transport_->publish(
      {topics::request(node_), encode(wire::Request{salvage_correlation_, question}), false});
}

void NodeSync::salvage(const wire::CompareReply& reply) {
  const auto first_absent =
      std::ranges::find_if(reply.chains, [](const auto& chain) { return !chain.has_value(); });
  salvage_->hub_has += static_cast<std::uint64_t>(first_absent - reply.chains.begin());
  salvage_correlation_ = 0;
  const bool hub_has_more =
      first_absent == reply.chains.end() && salvage_->hub_has < salvage_->last;
  if (std::exchange(repair_in_work_, true)) return;
  using Salvaged = storage::Replica::Salvaged;
  writer_->submit<Salvaged>(
      [task = *salvage_, hub_has_more](storage::UnitOfWork& work) -> Result<Salvaged> {
        storage::hub_has_of_damaged(work.connection(), task.inc, task.hub_has);
        if (hub_has_more) return Salvaged{};
        return work.replica().salvage(task.inc);
      },
      [this](const Result<Salvaged>& salvaged) {
        repair_in_work_ = false;
        salvage_.reset();
        if (!salvaged) {
          env_.log.error("not_salvaged", {{"why", salvaged.error().message}});
          return;
        }
        if (salvaged->records + salvaged->lost > 0) {
          env_.metrics.count("sync_salvages_total");
          env_.log.error("records_salvaged", {{"issued_again", std::to_string(salvaged->records)},
                                              {"lost", std::to_string(salvaged->lost)}});
        }
        ask_for_salvage();
      });
}

}  // namespace cairn::sync
