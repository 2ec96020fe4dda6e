#include "tools/bench/probes/commit_probe.h"

#include "core/storage/unit_of_work.h"
#include "core/wire/event_codec.h"
#include "core/wire/record.h"
#include "tools/bench/probes/pick_store.h"
#include "tools/bench/probes/report.h"
#include "tools/bench/raw/raw_rows.h"

#include <filesystem>
#include <functional>
#include <semaphore>
#include <thread>
#include <utility>
#include <vector>

namespace cairn::bench {
namespace {

constexpr std::uint64_t kAlone = 1'000;     // picks of one caller in a round
constexpr std::uint64_t kTogether = 6'000;  // of sixteen
constexpr std::uint64_t kCallers = 16;

/// What one caller, or some at a time, got done.
struct Work {
  double seconds = 0;
  std::vector<double> latencies_ms;
};

/// Hands a pick to the writer; `done` runs when it is in the database for good. Loop only.
void submit(program::Database& database, const Pick& pick, std::function<void()> done) {
  database.writer().submit<std::vector<EventRef>>(
      [pick](storage::UnitOfWork& work) {
        return work.perform(
            pick.group_id(),
            domain::ConfirmPick{kStation, LineNo(pick.line), kMilliPerUnit, pick.bin()}, picker());
      },
      [done = std::move(done)](const Result<std::vector<EventRef>>& written) {
        must(written);
        done();
      });
}

/// One caller on the loop itself: each pick follows the commit of the one before.
class Alone {
 public:
  Alone(Machine& machine, program::Database& database, std::atomic<std::uint64_t>& next_group)
      : machine_(&machine), database_(&database), picks_(next_group) {}

  Work run() {
    const double us = us_of(machine_->clock(), [this] {
      must(machine_->loop().post([this] { next(); }));
      done_.acquire();
    });
    work_.seconds = us / 1e6;
    return std::move(work_);
  }

 private:
  void next() {
    if (work_.latencies_ms.size() == kAlone) return done_.release();
    const MonoTime begin = machine_->clock().mono_now();
    submit(*database_, picks_.next(), [this, begin] {
      const Duration took = machine_->clock().mono_now() - begin;
      work_.latencies_ms.push_back(static_cast<double>(took.count()) / 1000);
      next();
    });
  }

  Machine* machine_;
  program::Database* database_;
  Picks picks_;
  Work work_;
  std::binary_semaphore done_{0};
};

/// Blocks its thread until the unit is in the database for good.
void confirm(Machine& machine, program::Database& database, const Pick& pick) {
  std::binary_semaphore done(0);
  must(machine.loop().post([&] { submit(database, pick, [&done] { done.release(); }); }));
  done.acquire();
}

/// So many callers on threads of their own, each waiting for each of its picks.
Work confirm_many(Machine& machine, program::Database& database,
                  std::atomic<std::uint64_t>& next_group, std::uint64_t callers,
                  std::uint64_t picks) {
  std::vector<std::vector<double>> latencies(callers);
  std::vector<std::thread> threads;
  Work work;
  work.seconds =
      us_of(machine.clock(),
            [&] {
              for (std::uint64_t i = 0; i < callers; ++i) {
                threads.emplace_back([&, i] {
                  Picks mine(next_group);
                  for (std::uint64_t k = 0; k < picks / callers; ++k) {
                    const Pick pick = mine.next();
                    latencies[i].push_back(
                        us_of(machine.clock(), [&] { confirm(machine, database, pick); }) / 1000);
                  }
                });
              }
              for (std::thread& thread : threads) thread.join();
            }) /
      1e6;
  for (const auto& some : latencies) {
    work.latencies_ms.insert(work.latencies_ms.end(), some.begin(), some.end());
  }
  return work;
}

/// A record of the size that the event's has.
Bytes sample(const domain::Event& event, const Bytes& key) {
  wire::Record record;
  record.hlc = Hlc{1'780'000'000'000ULL << 16U};
  record.type = domain::type_of(event);
  record.sv = 1;
  record.actor = picker();
  record.site = pick_site();
  record.key = key;
  record.payload = wire::encode_payload(event);
  return must(wire::encode_record(record));
}

/// The rows of a pick by prepared statements, one transaction each.
class RawPicks {
 public:
  explicit RawPicks(const std::string& file)
      : database_(file), rows_(database_), picks_(database_) {}

  Work run(const Clock& clock, std::atomic<std::uint64_t>& next_group) {
    Picks picks(next_group);
    Work work;
    work.seconds =
        us_of(clock,
              [&] {
                for (std::uint64_t i = 0; i < kAlone; ++i) {
                  const Pick pick = picks.next();
                  const Prepared prepared = prepare(pick);
                  work.latencies_ms.push_back(us_of(clock, [&] { write(prepared); }) / 1000);
                }
              }) /
        1e6;
    return work;
  }

 private:
  struct Prepared {
    raw::LogRow picked;
    raw::LogRow moved;
    raw::CellRow from;
    raw::CellRow to;
    Bytes group;
    std::int64_t line = 0;
    std::int64_t picked_milli = 0;
  };

  Prepared prepare(const Pick& pick) {
    const domain::LinePicked event{LineNo(pick.line), kMilliPerUnit, pick.bin()};
    const domain::StockMoved moved{numbered_sku(pick.sku()),         pick.bin(),
                                   domain::tote_of(pick.group_id()), Quantity::pieces(1),
                                   domain::MovementReason::kPick,    pick.group_id()};
    Prepared prepared;
    prepared.group = pick.group_id().value().bytes();
    const Bytes key = domain::ship_group_key(pick.group_id()).bytes();
    const Bytes chain(16, 'c');
    prepared.picked = {kAuthor, ++seq_, ++hlc_, domain::LinePicked::kTypeId,
                       key,     0,      0,      sample(domain::ShipGroupEvent(event), key),
                       chain};
    prepared.moved = {kAuthor, ++seq_, ++hlc_, domain::StockMoved::kTypeId,
                      {},      0,      0,      sample(domain::StockEvent(moved), {}),
                      chain};
    prepared.from = {
        pick_site().text(), moved.sku.text(), moved.from.text(), -kMilliPerUnit, 1, false};
    prepared.to = {pick_site().text(), moved.sku.text(), moved.to.text(), kMilliPerUnit, 1, false};
    prepared.line = pick.line;
    prepared.picked_milli = pick.before_milli + kMilliPerUnit;
    return prepared;
  }

  void write(const Prepared& prepared) {
    database_.execute("BEGIN IMMEDIATE");
    rows_.log(prepared.picked);
    rows_.log(prepared.moved);
    rows_.cell(prepared.moved, prepared.from, {});
    rows_.cell(prepared.moved, prepared.to, {});
    rows_.author(kAuthor, seq_, prepared.moved.chain);
    picks_.group(prepared.group, hlc_);
    picks_.line(prepared.group, prepared.line, prepared.picked_milli);
    database_.execute("COMMIT");
  }

  static constexpr std::int64_t kAuthor = 2;  // the hub's rows came first
  raw::Database database_;
  raw::Rows rows_;
  raw::PickRows picks_;
  std::int64_t seq_ = 1'000'000;
  std::int64_t hlc_ = std::int64_t{1'800'000'000'000} << 16U;
};

}  // namespace

void commit_probe(const std::string& folder, std::uint64_t rounds) {
  Machine machine;
  const std::string file = folder + "/product.sqlite";
  const std::uint64_t in_round = 2 + (kAlone + kTogether) / Picks::kPerGroup + kCallers + 1;
  {
    const auto prepared = open_database(machine, file, site_identity(pick_node(), pick_site()));
    set_up_picks(*prepared, (rounds + 1) * in_round);
    prepared->replica().connection().checkpoint();
  }
  std::filesystem::copy_file(file, folder + "/raw.sqlite");
  const auto database = open_database(machine, file, site_identity(pick_node(), pick_site()));
  RawPicks raw(folder + "/raw.sqlite");
  machine.run();
  std::atomic<std::uint64_t> next_group = 0;
  std::atomic<std::uint64_t> next_raw_group = 0;
  for (std::uint64_t round = 0; round <= rounds; ++round) {
    const Work bare = raw.run(machine.clock(), next_raw_group);
    const Work alone = Alone(machine, *database, next_group).run();
    const Work together = confirm_many(machine, *database, next_group, kCallers, kTogether);
    if (round == 0) continue;  // warm-up
    auto value = json::Value::object();
    value.set("raw_rate", static_cast<double>(kAlone) / bare.seconds)
        .set("raw_p99_ms", percentile(bare.latencies_ms, 99))
        .set("raw_p50_ms", percentile(bare.latencies_ms, 50))
        .set("alone_rate", static_cast<double>(kAlone) / alone.seconds)
        .set("alone_p99_ms", percentile(alone.latencies_ms, 99))
        .set("alone_p50_ms", percentile(alone.latencies_ms, 50))
        .set("together_rate", static_cast<double>(together.latencies_ms.size()) / together.seconds)
        .set("together_p99_ms", percentile(together.latencies_ms, 99));
    report(value);
  }
  machine.stop();
}

}  // namespace cairn::bench
