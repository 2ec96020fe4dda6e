#include "tests/sim/world.h"

#include "core/base/id_source.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::sim {
namespace {

constexpr std::size_t kViolationsKept = 20;

SiteId site(const char* text) { return *SiteId::parse(text); }

/// Records fold while the world is still at work, a few at a time.
program::FoldConfig fold_config() {
  program::FoldConfig config;
  config.rule.after = std::chrono::seconds(3);
  config.rule.records = 12;
  config.rule.least = 2;
  config.idle = std::chrono::milliseconds(20);
  config.rest = std::chrono::seconds(2);
  return config;
}

/// Small blocks, so that devices come to ask for another.
central::LabelConfig label_config() { return {*domain::Gs1Prefix::parse("9521234"), 8}; }

}  // namespace

World::World(std::uint64_t seed, std::filesystem::path directory, WorldOptions options)
    : directory_(std::move(directory)),
      options_(options),
      random_(seed),
      network_(timeline_, random_),
      lan_(timeline_, random_) {
  std::filesystem::remove_all(directory_);
  std::filesystem::create_directories(directory_);
  const std::vector<SiteId> sites = {SiteId{}, site("store"), site("store"), site("depot"),
                                     site("store")};
  for (int i = 0; i < static_cast<int>(sites.size()); ++i) {
    // Clocks of sites are wrong by up to two minutes; the hub's is the reference.
    const Duration skew(i == kHub ? 0 : random_.between(-120'000'000, 120'000'000));
    auto endpoint = std::make_unique<Endpoint>(i, timeline_, random_.next(), skew);
    endpoint->database = (directory_ / fmt::format("{}.sqlite", i)).string();
    endpoint->guard = endpoint->database + ".guard";
    endpoint->node = NodeId(IdSource(endpoint->clock, random_).next());
    endpoint->site = sites[static_cast<std::size_t>(i)];
    endpoints_.push_back(std::move(endpoint));
  }
  watch_acks();
  for (auto& endpoint : endpoints_) {
    if (endpoint->number == kHub || endpoint->number != options_.late) start(*endpoint);
  }
}

World::~World() {
  endpoints_.clear();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void World::start(Endpoint& endpoint) {
  ++endpoint.lives;
  endpoint.executor = std::make_unique<SimExecutor>(timeline_);
  endpoint.reader = std::make_unique<SimReader>(endpoint.database, *endpoint.executor);
  endpoint.transport = network_.attach(endpoint.number);
  endpoint.disk = std::make_unique<power::WatchedDisk>(endpoint.database);
  const auto fatal = [this, &endpoint](const Error& error) {
    if (endpoint.disk->is_cut()) return;  // it is switched off before anything else happens
    violation(fmt::format("endpoint {} failed: {}", endpoint.number, error.message));
  };
  constexpr auto kDurability = storage::Connection::Durability::kFull;
  if (endpoint.number == kHub) {
    central::HubCoreConfig config{endpoint.database, kDurability,    endpoint.node,
                                  label_config(),    endpoint.guard, endpoint.reader.get()};
    config.snapshot_records = options_.snapshot_records;
    config.fold = fold_config();
    auto hub = central::HubCore::open(config, endpoint.env(), *endpoint.transport, fatal);
    if (!hub) return violation("hub does not start: " + hub.error().message);
    endpoint.hub = *std::move(hub);
    timeline_.at(timeline_.now() + std::chrono::milliseconds(1500), [this] { copy_hub(); });
  } else {
    endpoint.lan = lan_.attach(endpoint.number);
    agent::AgentCoreConfig config{endpoint.database,    kDurability,        endpoint.node,
                                  endpoint.site,        12 * kMilliPerUnit, endpoint.guard,
                                  endpoint.reader.get()};
    config.fold = fold_config();
    auto agent = agent::AgentCore::open(config, endpoint.env(), *endpoint.transport, fatal,
                                        endpoint.lan.get());
    if (!agent) return violation("agent does not start: " + agent.error().message);
    endpoint.agent = *std::move(agent);
    endpoint.sales = std::make_unique<agent::SaleSearch>(*endpoint.agent);
    set_verbs(endpoint);
  }
}

void World::begin_late() {
  if (options_.late == 0) return;
  Endpoint& late = *endpoints_[static_cast<std::size_t>(options_.late)];
  if (late.lives == 0) start(late);
}

/// Every verb is noted when it is carried out; what follows takes its time, or ends the process.
void World::set_verbs(Endpoint& endpoint) {
  using domain::CommandVerb;
  for (const CommandVerb verb :
       {CommandVerb::kPrintTestLabel, CommandVerb::kResync, CommandVerb::kRebuild,
        CommandVerb::kRestart, CommandVerb::kSendLog}) {
    endpoint.agent->commands().set(
        verb, [this, &endpoint](const domain::NodeCommand& command,
                                const agent::CommandRunner::Finish& finish) {
          const bool ends =
              command.verb == CommandVerb::kRebuild || command.verb == CommandVerb::kRestart;
          carried_out_.emplace(command.id, CarriedOut{endpoint.number, hub().clock.utc_now(),
                                                      command.expires, ends});
          if (ends) throw PowerCut{endpoint.number};
          endpoint.executor->after(Duration(random_.between(1, 800'000)),
                                   [finish] { finish(std::string("done")); });
        });
  }
}

void World::crash(Endpoint& endpoint) {
  if (!endpoint.running()) return;
  ++crashes_;
  if (endpoint.disk->is_cut()) ++crashes_in_writes_;
  const power::Image left =
      endpoint.disk->model().after_power_loss(power::some_loss(random_), random_);
  network_.detach(endpoint.number);
  lan_.detach(endpoint.number);
  endpoint.sales.reset();
  endpoint.agent.reset();
  endpoint.hub.reset();
  endpoint.transport.reset();
  endpoint.lan.reset();
  endpoint.reader.reset();
  endpoint.executor.reset();
  endpoint.disk.reset();
  power::WatchedDisk::put(endpoint.database, left);
  timeline_.at(timeline_.now() + Duration(random_.between(1'000, 3'000'000)),
               [this, &endpoint] { start(endpoint); });
}

/// A second copy of what the hub has committed now, verified a moment later, then the next.
void World::copy_hub() {
  const int life = hub().lives;
  if (!hub().running()) return;
  std::vector<EventRef> marks;
  for (const storage::Author& author : hub().replica().log().authors()) {
    marks.push_back({author.node, author.inc, author.head});
  }
  timeline_.at(timeline_.now() + std::chrono::milliseconds(700), [this, life, marks] {
    for (const EventRef& mark : marks) {
      auto& safe = safe_[{mark.node, mark.inc}];
      safe = std::max(safe, mark.seq);
    }
    if (!hub().running() || hub().lives != life) return;
    hub().hub->note_safe(marks);
    timeline_.at(timeline_.now() + std::chrono::milliseconds(1500), [this, life] {
      if (hub().lives == life) copy_hub();
    });
  });
}

std::uint64_t World::safe(NodeId node, Incarnation inc) const {
  const auto found = safe_.find({node, inc});
  return found == safe_.end() ? 0 : found->second;
}

void World::fill_disk(Endpoint& endpoint, Duration duration, bool ballast) {
  if (!endpoint.running()) return;
  const auto set_room = [&endpoint](const char* pages) {
    endpoint.replica().connection().execute(fmt::format("PRAGMA max_page_count={}", pages).c_str());
  };
  constexpr const char* kNoMore = "1";  // as many as there are
  constexpr const char* kPlenty = "1000000";
  set_room(kNoMore);
  endpoint.writer().on_full([this, set_room, left = ballast]() mutable {
    ++full_disks_;
    if (left) set_room(kPlenty);
    return std::exchange(left, false);
  });
  timeline_.at(timeline_.now() + duration, [&endpoint, set_room, life = endpoint.lives] {
    if (endpoint.running() && endpoint.lives == life) set_room(kPlenty);
  });
}

namespace {

constexpr std::array<const char*, 2> kDatabaseParts = {"", "-wal"};

void copy_database(const std::string& from, const std::string& to) {
  for (const char* const part : {"", "-wal", "-shm"}) std::filesystem::remove(to + part);
  for (const char* const part : kDatabaseParts) {
    if (!std::filesystem::exists(from + part)) continue;
    std::filesystem::copy_file(from + part, to + part);
  }
}

}  // namespace

void World::back_up(Endpoint& endpoint, const std::filesystem::path& to) {
  copy_database(endpoint.database, to.string());
}

void World::restore(Endpoint& endpoint, const std::filesystem::path& from) {
  crash(endpoint);
  ++endpoint.restored;
  copy_database(from.string(), endpoint.database);
}

Endpoint& World::clone(Endpoint& endpoint) {
  const int number = static_cast<int>(endpoints_.size());
  auto copy = std::make_unique<Endpoint>(number, timeline_, random_.next(), Duration(0));
  copy->database = (directory_ / fmt::format("{}.sqlite", number)).string();
  copy->node = endpoint.node;
  copy->site = endpoint.site;
  copy_database(endpoint.database, copy->database);
  if (!endpoint.guard.empty()) {
    copy->guard = copy->database + ".guard";
    if (std::filesystem::exists(endpoint.guard)) {
      std::filesystem::copy_file(endpoint.guard, copy->guard);
    }
  }
  lan_.set_link(number, lan_.link_up(endpoint.number));
  endpoints_.push_back(std::move(copy));
  start(*endpoints_.back());
  return *endpoints_.back();
}

int World::devices_restored() const {
  int sum = 0;
  for (const auto& endpoint : endpoints_) sum += endpoint->number == kHub ? 0 : endpoint->restored;
  return sum;
}

void World::crash_in_commit(Endpoint& endpoint, bool before) {
  if (!endpoint.running()) return;
  const int number = endpoint.number;
  endpoint.writer().submit<bool>(
      [number, before](storage::UnitOfWork&) -> Result<bool> {
        if (before) throw PowerCut{number};
        return true;
      },
      [number](const Result<bool>&) { throw PowerCut{number}; });
}

void World::crash_in_write(Endpoint& endpoint) {
  if (!endpoint.running()) return;
  endpoint.disk->cut_after(static_cast<std::uint64_t>(random_.between(0, 80)));
}

void World::crash_where_cut() {
  for (auto& endpoint : endpoints_) {
    if (endpoint->running() && endpoint->disk->is_cut()) crash(*endpoint);
  }
}

void World::run(MonoTime until) {
  for (;;) {
    try {
      if (!timeline_.run_one(until)) return;
    } catch (const PowerCut& cut) {
      crash(*endpoints_[static_cast<std::size_t>(cut.endpoint)]);
    }
    crash_where_cut();
    if (violations_.size() >= kViolationsKept) return;
  }
}

void World::violation(const std::string& what) {
  if (violations_.size() < kViolationsKept) violations_.push_back(what);
}

/// I5: an ack names only what another connection to the hub's file can see committed.
void World::watch_acks() {
  network_.on_publish = [this](int endpoint, const sync::BusMessage& message) {
    if (endpoint != kHub || !message.topic.ends_with("/ack")) return;
    const auto ack = wire::decode_ack(message.payload);
    if (!ack || ack->hwm == 0) return;
    auto reader = storage::Connection::open_reader(hub().database);
    if (!reader) return violation("I5: the hub's file cannot be read");
    auto& select = reader->prepare("SELECT coalesce(max(head), 0) FROM author WHERE inc = ?1");
    select.bind(ack->inc.value()).step();
    const std::uint64_t committed = select.unsigned_integer(0);
    if (ack->hwm > committed) {
      violation(fmt::format("I5: acknowledged up to {}, committed up to {}", ack->hwm, committed));
    }
  };
}

}  // namespace cairn::sim
