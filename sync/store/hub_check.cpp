// The part of HubSync that answers a device which compares its rows with the hub's
// (docs/protocol.md, check).

#include "core/wire/message.h"
#include "sync/store/hub_sync.h"
#include "sync/topics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

namespace cairn::sync {

void HubSync::on_check(NodeId node, std::uint64_t correlation, const wire::Check& check) {
  const auto peer = peers_.find(node);
  if (reader_ == nullptr || peer == peers_.end() || !peer->second.lane) return;
  auto sums = std::make_shared<storage::ReplicaSums>();
  reader_->read(
      [sums, site = peer->second.site, node,
       known = catalogue_.at(env_.clock.mono_now())](storage::Connection& connection) {
        *sums = storage::read_sums(connection, site, node, storage::Confirmed::kByItself, known);
      },
      [this, node, correlation, check, sums](const Result<>& read) {
        if (read) {
          answer_check(node, correlation, check, *sums);
        } else {
          env_.log.warn("check_not_answered", {{"why", read.error().message}});
        }
      });
}

void HubSync::answer_check(NodeId node, std::uint64_t correlation, const wire::Check& check,
                           const storage::ReplicaSums& sums) {
  catalogue_.keep(sums.catalogue, env_.clock.mono_now());
  wire::CheckReply reply;
  reply.moved = check.cursors != sums.cursors;
  if (!reply.moved) {
    reply.differs = storage::differing(storage::all_tables(sums), check.tables);
    NodeStatus& status = peers_[node].status;
    if (!reply.differs.empty() && reply.differs != status.differs) {
      env_.metrics.count("sync_replica_differs_total");
      env_.log.error("replica_differs",
                     {{"node", node.value().text()},
                      {"tables", fmt::format("{}", fmt::join(reply.differs, ", "))}});
    }
    status.differs = reply.differs;
  }
  transport_->publish({topics::response(node), encode(wire::Response{correlation, reply}), false});
}

}  // namespace cairn::sync
