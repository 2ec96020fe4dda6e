#include "central/hub_core.h"

#include "central/promise/stock_leases.h"
#include "central/returns/find_sales.h"
#include "central/returns/refund_policy.h"
#include "core/program/replay_note.h"
#include "core/storage/damage.h"
#include "core/storage/full_sites.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/safe_marks.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>

namespace cairn::central {
namespace {

/// Blocks of serials that the guard file is ahead of what is given out, so that it is not written
/// for each.
constexpr std::uint64_t kBlocksAhead = 64;
/// Blocks that are passed over where nothing tells how many a lost database gave out.
constexpr std::uint64_t kBlocksUnknown = 1'000;
/// How often it is written down what was heard of each site.
constexpr Duration kAgesEvery = std::chrono::seconds(1);
/// How often it is looked whether leases of retired devices are over.
constexpr Duration kLeasesEvery = std::chrono::minutes(1);

/// A hub confirms by itself: what is in no feed is nobody else's business.
program::FoldConfig fold_at_hub(program::FoldConfig config) {
  config.rule.confirmed_only = false;
  return config;
}

}  // namespace

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
  if (const auto damage = storage::damage_of(config.database)) {
    return fail(ErrorCode::kCorrupt, "database_damaged",
                "the database is damaged: " + *damage +
                    ". Nothing was changed. Keep a copy of it, then put the last backup in its "
                    "place: what the sites have done since then comes up again from their devices");
  }
  const auto suspecting = storage::suspecting(config.database, std::move(on_fatal));
  auto database =
      program::Database::open({config.database, config.durability,
                               hub_identity(config.node, env.random), config.interpreter},
                              env, suspecting);
  if (!database) return fail(database.error());
  // The constructor is private: make_unique cannot reach it.
  std::unique_ptr<HubCore> core(new HubCore(*std::move(database), config, env, transport));
  core->on_fatal_ = suspecting;
  try {
    core->note_safe(storage::safe_marks(core->replica().connection()));
  } catch (const storage::SqlFailure& failure) {
    return fail(failure.error());
  }
  // The loop does not turn yet: it is the first thing it does.
  const auto posted = env.executor.post([own = core.get()] { own->replay_at_start(); });
  if (!posted) return fail(posted.error());
  if (auto ok = core->begin(env); !ok) return fail(ok.error());
  if (auto ok = core->sync_.start(); !ok) return fail(ok.error());
  if (auto ok = core->fold_.start(); !ok) return fail(ok.error());
  return core;
}

HubCore::HubCore(std::unique_ptr<program::Database> database, const HubCoreConfig& config, Env env,
                 sync::Transport& transport)
    : database_(std::move(database)),
      labels_(config.labels),
      rejections_(config.rejections),
      backup_waived_(config.backup_waived),
      guard_(config.guard_file, config.node),
      log_(&env.log),
      ids_(env.clock, env.random),
      sync_(
          env, database_->writer(), database_->replica(), transport,
          {[this](storage::UnitOfWork& work, const storage::Replica::Taken& taken) {
             on_taken(work, taken);
           },
           [this](storage::UnitOfWork& work, NodeId node, Incarnation inc) {
             writing_[node] = inc;
             on_greeted(work, node, inc);
           },
           find_sales,
           [this](NodeId node, Incarnation inc, std::uint64_t hwm) { return safe(node, inc, hwm); },
           [this](storage::UnitOfWork& work) { on_put_back(work); }},
          config.reader, config.snapshot_records),
      fold_(env, database_->writer(), fold_at_hub(config.fold), [this](storage::Connection&) {
        return [this](const storage::Author& author) {
          return safe(author.node, author.inc, author.head);
        };
      }) {}

void HubCore::note_safe(const std::vector<EventRef>& marks) {
  for (const EventRef& mark : marks) {
    std::uint64_t& safe = safe_[{mark.node, mark.inc}];
    safe = std::max(safe, mark.seq);
  }
}

std::uint64_t HubCore::safe(NodeId node, Incarnation inc, std::uint64_t hwm) const {
  if (backup_waived_) return hwm;
  const auto mark = safe_.find({node, inc});
  return mark == safe_.end() ? 0 : std::min(mark->second, hwm);
}

void begin_generation(storage::Replica& replica, storage::Noticed noticed, Random& random) {
  // 63 bits: SQLite's integers are signed.
  replica.begin_generation(HubGeneration(random.next() >> 1U), noticed);
}

Result<> HubCore::begin(Env env) {
  storage::Connection& connection = replica().connection();
  try {
    std::vector<storage::OwnIncarnation> before;
    for (const storage::Generation& generation : storage::generations(connection)) {
      before.push_back({Incarnation(generation.gen.value()), {}, 0, false, generation.begun});
    }
    const auto mark = guard_.read();
    const bool older =
        mark && storage::is_older(before, storage::records_held(connection), 0, *mark);
    if (older) {
      log_->warn("database_put_back",
                 {{"what",
                   "it is older than the hub was: devices give back what they have; orders and "
                   "imports since then have to be sent again"}});
    }
    connection.execute("BEGIN IMMEDIATE");
    const std::uint64_t next = storage::next_label_serial(connection);
    if (older) raise_label_floor(connection, mark->labels);
    if (!mark && guard_.enabled() && !storage::nodes(connection).empty()) {
      raise_label_floor(connection, next + kBlocksUnknown * labels_.block);
    }
    begin_generation(replica(), older ? storage::Noticed::kByGuard : storage::Noticed::kNot,
                     env.random);
    connection.execute("COMMIT");
    replica().finish_job();
    mark_ = {replica().identity().inc, storage::records_held(connection),
             mark ? mark->labels : storage::next_label_serial(connection)};
    // Else the next start would notice the same once more.
    if (older) write_guard();
  } catch (const storage::SqlFailure& failure) {
    return fail(failure.error());
  }
  try {
    stock_.load(connection);
    replica().read_stock_from(stock_);
  } catch (const storage::SqlFailure& failure) {
    return fail(failure.error());
  }
  writer().on_commit([this, env](const storage::Changes& changes) {
    follow_stock(changes);
    guard_soon(env);
  });
  // The loop does not turn yet, and timers are its.
  return env.executor.post([this, env] {
    guard_soon(env);
    note_site_ages(env);
    write_off_leases(env);
  });
}

void HubCore::write_off_leases(Env env) {
  env.executor.after(kLeasesEvery, [this, env] { write_off_leases(env); });
  writer().submit<std::size_t>(central::write_off_leases, [this](const Result<std::size_t>& ended) {
    if (!ended) return note("leases", fail(ended.error()));
    if (*ended > 0) log_->info("leases_written_off", {{"leases", std::to_string(*ended)}});
  });
}

/// A book that cannot be read anew must not go on as if it were right.
void HubCore::follow_stock(const storage::Changes& changes) {
  try {
    stock_.follow(replica().connection(), changes);
  } catch (const storage::SqlFailure& failure) {
    on_fatal_(failure.error());
  }
}

void HubCore::note_site_ages(Env env) {
  env.executor.after(kAgesEvery, [this, env] { note_site_ages(env); });
  try {
    std::map<SiteId, std::vector<DeviceHeard>> heard;
    for (const domain::Node& node : storage::nodes(replica().connection())) {
      if (!node.active) continue;
      const auto status = sync_.status(node.id);
      heard[node.site].push_back(
          {node.id, status.online, status.last_heard, status.hwm, status.head, {}});
    }
    site_ages_.note(std::move(heard), env.clock.utc_now());
  } catch (const storage::SqlFailure& failure) {
    log_->warn("site_ages_unknown", {{"why", failure.message}});
  }
}

void HubCore::guard_soon(Env env) {
  if (std::exchange(guard_due_, true)) return;
  env.executor.after(storage::kGuardDelay, [this] {
    guard_due_ = false;
    try {
      mark_.head = storage::records_held(replica().connection());
    } catch (const storage::SqlFailure& failure) {
      log_->warn("no_guard", {{"why", failure.message}});
      return;
    }
    write_guard();
  });
}

void HubCore::write_guard() {
  const auto written = guard_.write(mark_);
  if (!written) log_->warn("no_guard", {{"why", written.error().message}});
}

/// Before they are given out: a database that was put back must not give them out again.
void HubCore::reserve_labels(std::uint64_t end) {
  if (end <= mark_.labels) return;
  mark_.labels = end + kBlocksAhead * labels_.block;
  write_guard();
}

/// A device says so, and no guard file has told how many serials were given out.
void HubCore::on_put_back(storage::UnitOfWork& work) {
  if (guard_.enabled()) return;
  const std::uint64_t next = storage::next_label_serial(work.connection());
  if (next > 0) raise_label_floor(work.connection(), next + kBlocksUnknown * labels_.block);
}

std::optional<Incarnation> HubCore::writing(NodeId node) const {
  const auto found = writing_.find(node);
  return found == writing_.end() ? std::nullopt : std::optional(found->second);
}

void HubCore::on_taken(storage::UnitOfWork& work, const storage::Replica::Taken& taken) {
  note("leases", close_leases(work, taken));
  std::set<std::pair<NodeId, Incarnation>> labelled;
  std::set<ShipGroupId> left;
  ShortLines lacking;
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
      if (std::holds_alternative<domain::HandedOver>(*group) ||
          std::holds_alternative<domain::ShipGroupShipped>(*group)) {
        left.insert(work.replica().group_of(meta.ref));
      }
      if (const auto* const shorted = std::get_if<domain::LineShorted>(group)) {
        const auto& view = work.replica().ship_group(work.replica().group_of(meta.ref));
        lacking[view.order].insert(shorted->line);
        if (domain::says_full(shorted->reason)) {
          storage::note_full(work.connection(), view.site, shorted->reason,
                             std::min(meta.hlc.utc(), work.now()));
        }
      }
      if (std::holds_alternative<domain::HandOverUndone>(*group)) {
        note("refunds", on_hand_over_undone(work, meta.ref));
      }
    }
  }
  const auto caught_up = work.replica().ledgers_caught_up();
  for (const auto& [group, site] : caught_up) left.insert(group);
  for (const ShipGroupId group : left) note("refunds", on_units_left(work, group));
  for (const auto& [group, site] : caught_up) {
    note("refunds", contest_excess(work, group, site));
  }
  note("rejections", on_short(work, lacking, rejections_));
  for (const auto& [node, inc] : labelled) {
    on_greeted(work, node, inc);
  }
}

void HubCore::on_greeted(storage::UnitOfWork& work, NodeId node, Incarnation inc) {
  const auto reserve = [this](std::uint64_t end) { reserve_labels(end); };
  note("labels", ensure_label_block(work, labels_, node, inc, reserve));
}

std::size_t HubCore::replay_quarantine(storage::UnitOfWork& work) {
  const auto taken = work.replica().replay_quarantine();
  on_taken(work, taken);
  return taken.size();
}

/// This program may be newer than the one that set records aside.
void HubCore::replay_at_start() {
  writer().submit<std::size_t>(
      [this](storage::UnitOfWork& work) -> Result<std::size_t> { return replay_quarantine(work); },
      [this](const Result<std::size_t>& released) { program::tell_replayed(*log_, released); });
}

/// A policy that cannot act must not refuse the facts it acts on: a person hears of it.
void HubCore::note(const char* policy, const Result<>& outcome) {
  if (outcome) return;
  log_->error("policy_failed", {{"policy", policy}, {"why", outcome.error().message}});
}

}  // namespace cairn::central
