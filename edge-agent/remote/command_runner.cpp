#include "edge-agent/remote/command_runner.h"

#include "core/base/utf8.h"
#include "core/storage/identity.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

namespace cairn::agent {
namespace {

using domain::CommandOutcome;
using domain::CommandVerb;
using storage::CommandRow;
using storage::UnitOfWork;

/// While something waits, the hub's time is noted so often at least.
constexpr Duration kLookAgain = std::chrono::seconds(60);
/// A wait that is shorter is not worth a timer of its own.
constexpr Duration kLookSoonest = std::chrono::milliseconds(10);
/// An answer that could not be saved is tried again.
constexpr Duration kEndAgain = std::chrono::seconds(10);

UtcTime stored_time(storage::Connection& connection, std::string_view name) {
  return {static_cast<std::int64_t>(storage::load_number(connection, name).value_or(0))};
}

bool ends_the_process(CommandVerb verb) {
  return verb == CommandVerb::kRestart || verb == CommandVerb::kRebuild;
}

/// The last of each verb.
std::set<domain::CommandId> latest_of_kinds(const std::vector<CommandRow>& in_order) {
  std::map<CommandVerb, domain::CommandId> last;
  for (const CommandRow& row : in_order) last.insert_or_assign(row.command.verb, row.command.id);
  std::set<domain::CommandId> ids;
  for (const auto& [verb, id] : last) ids.insert(id);
  return ids;
}

storage::GuardMark guard_mark(UnitOfWork& work) {
  const storage::Identity& own = work.replica().identity();
  return {own.inc, work.replica().log().author(own.node, own.inc).head, 0,
          storage::commands_started(work.connection())};
}

/// As far as an answer may be long, and text: else nobody could read the record.
std::string cut(std::string detail) {
  if (detail.size() > domain::kCommandDetailMost) {
    std::size_t end = domain::kCommandDetailMost;
    while (end > 0 && (static_cast<unsigned char>(detail[end]) & 0xC0U) == 0x80U) --end;
    detail.resize(end);
  }
  return is_utf8(detail) ? detail : "(the answer is no text)";
}

}  // namespace

CommandRunner::CommandRunner(Env env, storage::Writer& writer, sync::NodeSync& sync, NodeId node)
    : env_(env), writer_(&writer), sync_(&sync), node_(node), time_(UtcTime{}) {}

void CommandRunner::start() {
  sync_->on_hub_heard([this](const sync::NodeSync::HubSaid& said) { heard(said); });
  writer_->on_commit([this](const storage::Changes& changes) {
    if (changes.devices) look();
  });
  writer_->submit<UtcTime>(
      [this](UnitOfWork& work) -> Result<UtcTime> {
        if (const auto ok = end_interrupted(work); !ok) return fail(ok.error());
        return stored_time(work.connection(), storage::kHubTimeFloor);
      },
      [this](const Result<UtcTime>& floor) {
        if (!floor) {
          env_.log.error("commands_stopped", {{"why", floor.error().message}});
          return;
        }
        time_ = sync::HubTime(*floor);
        ready_ = true;
        look();
      });
}

Result<bool> CommandRunner::end_interrupted(UnitOfWork& work) const {
  for (const CommandRow& row : storage::open_commands(work.connection(), node_)) {
    if (!storage::command_started(work.connection(), row.command.id)) continue;
    const bool done = ends_the_process(row.command.verb);
    const auto ended =
        end(work, row, done ? CommandOutcome::kDone : CommandOutcome::kFailed,
            done ? "" : "the agent ended while it was at it; nobody knows whether it was done");
    if (!ended) return fail(ended.error());
  }
  return true;
}

void CommandRunner::heard(const sync::NodeSync::HubSaid& said) {
  if (!ready_) return;  // the next answer is soon
  time_.heard(said.time, said.asked, env_.clock.mono_now());
  writer_->submit<bool>(
      [last = said.last_stamp](UnitOfWork& work) -> Result<bool> {
        if (!storage::load_number(work.connection(), storage::kDatabaseSince)) {
          storage::save_number(work.connection(), storage::kDatabaseSince, last.value);
        }
        return true;
      },
      [this](const Result<bool>&) { look(); });
}

void CommandRunner::look() {
  if (!ready_) return;
  if (std::exchange(look_in_work_, true)) {
    look_again_ = true;
    return;
  }
  writer_->submit<Look>([this](UnitOfWork& work) { return look_at_all(work); },
                        [this](const Result<Look>& seen) {
                          look_in_work_ = false;
                          if (!seen) {
                            env_.log.error("commands_stopped", {{"why", seen.error().message}});
                            return;
                          }
                          if (seen->begun) {
                            before_(seen->mark);
                            carry_out(*seen->begun);
                          }
                          look_later(*seen);
                          if (std::exchange(look_again_, false)) look();
                        });
}

Result<CommandRunner::Look> CommandRunner::look_at_all(UnitOfWork& work) {
  Look seen;
  const auto all = storage::open_commands(work.connection(), node_);
  const auto latest = latest_of_kinds(all);
  domain::CommandSituation situation;
  situation.hub_time = time_.now(env_.clock.mono_now());
  situation.at_least = time_.floor();
  if (const auto since = storage::load_number(work.connection(), storage::kDatabaseSince)) {
    situation.database_since = Hlc{*since};
  }
  const auto sync = sync_->status();
  situation.online = sync.link == sync::LinkState::kLive;
  situation.caught_up = situation.online && sync.behind == 0 && situation.database_since;
  situation.config_version = config_version_;
  for (const CommandRow& row : all) {
    if (storage::command_started(work.connection(), row.command.id)) continue;
    situation.later_one_waits = !latest.contains(row.command.id);
    const auto judgement = domain::judge(row.command, row.issued, situation);
    if (const auto* const over = std::get_if<domain::CommandIsOver>(&judgement)) {
      if (auto ok = end(work, row, over->outcome, over->why); !ok) return fail(ok.error());
      continue;
    }
    seen.waiting = true;
    UtcTime next = row.command.expires;
    if (const auto* const waits = std::get_if<domain::CommandWaits>(&judgement)) {
      if (waits->until) next = std::min(next, *waits->until);
    } else if (!running_ && !seen.begun) {
      storage::note_command_started(work.connection(), row.command.id, work.now());
      if (row.command.verb == CommandVerb::kRebuild) {
        storage::save_number(work.connection(), "rebuild", 1);
      }
      seen.begun = row.command;
      seen.mark = guard_mark(work);
    }
    seen.next = std::min(seen.next.value_or(next), next);
  }
  if (!all.empty()) {
    storage::save_number(work.connection(), storage::kHubTimeFloor,
                         static_cast<std::uint64_t>(std::max<std::int64_t>(0, time_.floor().us)));
  }
  return seen;
}

Result<> CommandRunner::end(UnitOfWork& work, const CommandRow& row, CommandOutcome outcome,
                            const std::string& detail) const {
  const SiteId& site = work.replica().identity().site;
  const auto written =
      work.record({domain::DeviceEvent(domain::NodeCommandEnded{row.command.id, outcome, detail}),
                   domain::node_key(node_),
                   site,
                   UserId{},
                   {},
                   {}});
  if (!written) return fail(written.error());
  return {};
}

void CommandRunner::carry_out(const domain::NodeCommand& command) {
  running_ = command.id;
  env_.log.info("command", {{"verb", std::string(name_of(command.verb))},
                            {"argument", command.argument},
                            {"command", command.id.value().text()}});
  const auto now = time_.now(env_.clock.mono_now());
  if (!now || *now >= command.expires) {  // the commit took its time
    return finish(command.id, CommandOutcome::kExpired, "");
  }
  const auto act = acts_.find(command.verb);
  if (act == acts_.end()) {
    return finish(command.id, CommandOutcome::kFailed, "this device cannot do that");
  }
  act->second(command, [this, id = command.id](const Result<std::string>& done) {
    if (running_ != id) return;  // said twice
    finish(id, done ? CommandOutcome::kDone : CommandOutcome::kFailed,
           done ? *done : done.error().message);
  });
}

void CommandRunner::finish(domain::CommandId command, CommandOutcome outcome, std::string detail) {
  detail = cut(std::move(detail));
  writer_->submit<bool>(
      [this, command, outcome, detail](UnitOfWork& work) -> Result<bool> {
        const auto row = storage::find_command_row(work.connection(), command);
        if (!row || row->end) return true;  // its rows were made anew meanwhile
        // Begun in the records and then too late: it must not be done by the next start either.
        if (outcome == CommandOutcome::kExpired) {
          storage::forget_number(work.connection(), "rebuild");
        }
        if (auto ok = end(work, *row, outcome, detail); !ok) return fail(ok.error());
        return true;
      },
      [this, command, outcome, detail](const Result<bool>& saved) {
        if (!saved) {  // a full disk: nobody else will ever say how it went
          env_.log.error("command_not_ended", {{"why", saved.error().message}});
          env_.executor.after(
              kEndAgain, [this, command, outcome, detail] { finish(command, outcome, detail); });
          return;
        }
        running_.reset();
        look();
      });
}

void CommandRunner::look_later(const Look& seen) {
  if (timer_) env_.executor.cancel(*timer_);
  timer_.reset();
  if (!seen.waiting) return;
  Duration wait = kLookAgain;
  const auto now = time_.now(env_.clock.mono_now());
  if (now && seen.next) wait = std::min(wait, Duration(seen.next->us - now->us));
  timer_ = env_.executor.after(std::max(kLookSoonest, wait), [this] {
    timer_.reset();
    look();
  });
}

}  // namespace cairn::agent
