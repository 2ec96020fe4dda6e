#include "central/devices/node_control.h"

#include "core/base/assert.h"
#include "core/storage/projections/reference_data.h"

#include <algorithm>

namespace cairn::central {
namespace {

Result<domain::Node> active_node(storage::UnitOfWork& work, NodeId id) {
  auto node = storage::find_node(work.connection(), id);
  if (!node) return fail(ErrorCode::kNotFound, "no_such_node", "there is no such device");
  if (!node->active) {
    return fail(ErrorCode::kConflict, "node_retired",
                "this device is retired: the hub talks to it no more");
  }
  return *std::move(node);
}

Result<> write(storage::UnitOfWork& work, const domain::Node& node,
               const domain::DeviceEvent& event, UserId actor) {
  const auto written = work.record({event, domain::node_key(node.id), node.site, actor, {}, {}});
  if (!written) return fail(written.error());
  return {};
}

}  // namespace

Result<storage::CommandRow> give_command(storage::UnitOfWork& work, IdSource& ids,
                                         const CommandOrder& order, UserId actor) {
  const auto node = active_node(work, order.node);
  if (!node) return fail(node.error());
  domain::NodeCommand command;
  command.id = domain::CommandId(ids.next());
  command.verb = order.verb;
  command.argument = order.argument;
  command.not_before = order.not_before.value_or(work.now());
  command.expires = {command.not_before.us + order.ttl_s * 1'000'000};
  command.if_config = order.if_config;
  command.requires_online = order.requires_online;
  if (auto ok = domain::validate(command); !ok) return fail(ok.error());
  if (auto ok = write(work, *node, domain::NodeCommandIssued{command}, actor); !ok) {
    return fail(ok.error());
  }
  auto row = storage::find_command_row(work.connection(), command.id);
  CAIRN_ASSERT(row.has_value(), "what was written is there");
  return *std::move(row);
}

Result<storage::WantedConfig> want_config(storage::UnitOfWork& work, NodeId id,
                                          const std::string& values, UserId actor) {
  const auto node = active_node(work, id);
  if (!node) return fail(node.error());
  if (values.size() > domain::kConfigValuesMost) {
    return fail(ErrorCode::kInvalid, "config_too_large",
                "a configuration from afar has 16 KiB at most");
  }
  const auto before = storage::wanted_config(work.connection(), id);
  if (before && before->config.values == values) return *before;
  // A hub that was restored may have forgotten versions that the device remembers.
  const auto reported = storage::reported_config(work.connection(), id);
  const std::uint64_t version =
      1 + std::max(before ? before->config.version : 0, reported ? reported->report.version : 0);
  if (auto ok = write(work, *node, domain::NodeConfigDesired{version, values}, actor); !ok) {
    return fail(ok.error());
  }
  auto wanted = storage::wanted_config(work.connection(), id);
  CAIRN_ASSERT(wanted.has_value(), "what was written is there");
  return *std::move(wanted);
}

}  // namespace cairn::central
