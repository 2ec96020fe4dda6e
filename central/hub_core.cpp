#include "central/hub_core.h"

#include "central/returns/find_sales.h"
#include "central/returns/refund_policy.h"

#include <set>
#include <utility>
#include <variant>

namespace cairn::central {

storage::Identity hub_identity(NodeId node, Random& random) {
  storage::Identity identity;
  identity.role = storage::Role::kHub;
  identity.node = node;
  identity.hub = node;
  identity.inc = Incarnation(random.next() >> 1U);  // 63 bits: SQLite's integers are signed
  return identity;
}

Result<std::unique_ptr<HubCore>> HubCore::open(const HubCoreConfig& config, Env env,
                                               sync::Transport& transport,
                                               storage::Writer::Fatal on_fatal) {
  auto database = program::Database::open(
      {config.database, config.durability, hub_identity(config.node, env.random)}, env,
      std::move(on_fatal));
  if (!database) return fail(database.error());
  // The constructor is private: make_unique cannot reach it.
  std::unique_ptr<HubCore> core(new HubCore(*std::move(database), config, env, transport));
  if (auto ok = core->sync_.start(); !ok) return fail(ok.error());
  return core;
}

HubCore::HubCore(std::unique_ptr<program::Database> database, const HubCoreConfig& config, Env env,
                 sync::Transport& transport)
    : database_(std::move(database)),
      labels_(config.labels),
      log_(&env.log),
      ids_(env.clock, env.random),
      sync_(env, database_->writer(), database_->replica(), transport,
            {[this](storage::UnitOfWork& work, const storage::Replica::Taken& taken) {
               on_taken(work, taken);
             },
             [this](storage::UnitOfWork& work, NodeId node, Incarnation inc) {
               on_greeted(work, node, inc);
             },
             find_sales}) {}

void HubCore::on_taken(storage::UnitOfWork& work, const storage::Replica::Taken& taken) {
  std::set<std::pair<NodeId, Incarnation>> labelled;
  for (const auto& [meta, event] : taken) {
    if (const auto* const returned = std::get_if<domain::ReturnEvent>(&event)) {
      if (const auto* const goods = std::get_if<domain::ReturnTaken>(returned)) {
        note("refunds", on_return_taken(work, {meta, *goods}));
      }
    }
    if (const auto* const group = std::get_if<domain::ShipGroupEvent>(&event)) {
      if (std::holds_alternative<domain::LabelAssigned>(*group)) {
        labelled.emplace(meta.ref.node, meta.ref.inc);
      }
    }
  }
  for (const auto& [node, inc] : labelled) {
    note("labels", ensure_label_block(work, labels_, node, inc));
  }
}

void HubCore::on_greeted(storage::UnitOfWork& work, NodeId node, Incarnation inc) {
  note("labels", ensure_label_block(work, labels_, node, inc));
}

/// A policy that cannot act must not refuse the facts it acts on: a person hears of it.
void HubCore::note(const char* policy, const Result<>& outcome) {
  if (outcome) return;
  log_->error("policy_failed", {{"policy", policy}, {"why", outcome.error().message}});
}

}  // namespace cairn::central
