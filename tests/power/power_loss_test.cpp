// I1, I2, I3: after a power loss at any moment the database is that of a commit, of the last one
// that was answered at least, and the program starts on it and goes on.

#include "core/storage/folded_log.h"
#include "core/storage/log_folding.h"
#include "core/wire/feed_name.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/core/storage/support/old_schema.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/power/support/device.h"
#include "tests/support/catch.h"

#include <functional>
#include <set>

namespace cairn::power::power_loss_test {
namespace {

using storage::UnitOfWork;
using storage::test::group_id;
using storage::test::GroupHub;
using storage::test::pieces;
using storage::test::TempFolder;
using storage::test::user;

const char* const kBench = "bench-1";

Device::Job perform(std::uint64_t group, domain::ShipGroupCommand command) {
  return [group, command = std::move(command)](UnitOfWork& work) -> Result<bool> {
    const auto done = work.perform(group_id(group), command, user(4));
    if (!done) return fail(done.error());
    return true;
  };
}

Device::Job pick(std::uint64_t group, std::int64_t units) {
  return perform(group,
                 domain::ConfirmPick{kBench, LineNo(1), pieces(units), storage::test::bin("B-1")});
}

Device::Job take_feed(const wire::FeedFrame& frame) {
  return [frame](UnitOfWork& work) -> Result<bool> {
    const auto applied = work.replica().take_feed(frame);
    if (!applied) return fail(applied.error());
    return true;
  };
}

/// Undone, alone in its group commit.
Device::Job refused() {
  return [](UnitOfWork& work) -> Result<bool> {
    if (auto ok = Device::receive()(work); !ok) return ok;
    return fail(ErrorCode::kRejected, "no", "no");
  };
}

/// Folds one run of old records; everything counts as old and safe here.
Device::Job fold() {
  return [](UnitOfWork& work) -> Result<bool> {
    storage::FoldRule rule;
    rule.after = Duration(0);
    rule.records = 6;
    rule.least = 2;
    rule.confirmed_only = false;
    const auto step = storage::fold_some(
        work.connection(), 0, [](const storage::Author& author) { return author.head; }, rule,
        UtcTime{work.now().us + 3'600'000'000});
    if (step.records == 0) return fail(ErrorCode::kRejected, "nothing", "nothing to fold");
    return true;
  };
}

/// A hub that has given groups to the site.
struct Office : GroupHub {
  explicit Office(std::uint64_t groups) {
    append(domain::ReferenceEvent(domain::ProductDefined{storage::test::product("A1", 1)}),
           domain::product_key(storage::test::sku("A1")), {});
    for (std::uint64_t group = 1; group <= groups; ++group) {
      allocate(group, "store", {{1, "A1", 9}});
    }
  }
  wire::FeedFrame catalogue() { return frame_of(wire::kCatalogueFeed); }
  wire::FeedFrame site() { return frame_of(wire::site_feed(storage::test::site("store"))); }
};

/// A short life: first start, group commits, the hub's feed, two checkpoints (the log is begun anew
/// after each), an orderly end, another start. `with`: done to each new connection.
History short_life(const std::string& path,
                   const std::function<void(storage::Connection&)>& with = {}) {
  Office office(1);
  WatchedDisk disk(path, true);
  History history;
  history.first = disk.first();
  const auto start = [&] {
    auto device = Device::start(path);
    REQUIRE(device);
    if (with) with((*device)->connection());
    return *std::move(device);
  };
  std::unique_ptr<Device> device = start();
  history.note(disk, *device);
  const auto commit = [&](const std::vector<Device::Job>& jobs, int done) {
    REQUIRE(device->commit(jobs) == done);
    history.note(disk, *device);
  };
  commit({Device::receive(), refused(), Device::receive(), Device::receive()}, 3);
  commit({take_feed(office.catalogue()), take_feed(office.site())}, 2);
  commit({perform(1, domain::ClaimTask{kBench})}, 1);
  commit({pick(1, 2), pick(1, 1), pick(1, 99)}, 2);
  device->connection().checkpoint();
  commit({pick(1, 2)}, 1);
  commit({Device::receive(), pick(1, 1)}, 2);
  device->connection().checkpoint();
  commit({Device::receive()}, 1);
  device.reset();
  device = start();
  commit({Device::receive(), Device::receive()}, 2);
  device.reset();
  history.trace = disk.trace();
  return history;
}

/// A long life with many checkpoints.
History long_life(const std::string& path, std::uint64_t seed) {
  sim::SimRandom random(seed);
  Office office(12);
  WatchedDisk disk(path, true);
  History history;
  history.first = disk.first();
  auto started = Device::start(path);
  REQUIRE(started);
  std::unique_ptr<Device> device = *std::move(started);
  device->connection().execute("PRAGMA wal_autocheckpoint=40");
  history.note(disk, *device);
  device->commit({take_feed(office.catalogue()), take_feed(office.site())});
  history.note(disk, *device);
  for (int i = 0; i < 150; ++i) {
    std::vector<Device::Job> jobs;
    for (auto left = random.between(1, 6); left > 0; --left) {
      const auto group = static_cast<std::uint64_t>(random.between(1, 12));
      jobs.push_back(random.one_in(3)   ? Device::receive()
                     : random.one_in(3) ? perform(group, domain::ClaimTask{kBench})
                                        : pick(group, 1));
    }
    if (device->commit(jobs) > 0) history.note(disk, *device);
  }
  device.reset();
  history.trace = disk.trace();
  return history;
}

/// The first problem of images at chosen moments. Each image is looked at once.
class Trial {
 public:
  Trial(const History& history, std::string path)
      : history_(&history), path_(std::move(path)), model_(history.first) {}

  /// Goes on to the moment before operation `n`.
  void go_to(std::uint64_t n) {
    for (; at_ < n; ++at_) model_.apply(history_->trace[at_]);
  }
  std::string problem(const Loss& loss) {
    const Image image = model_.after_power_loss(loss, random_);
    const std::size_t answered = history_->answered_before(at_);
    std::size_t hash = answered;
    for (const auto& [name, octets] : image) {
      hash = hash * 31 + std::hash<std::string>()(name + octets);
    }
    if (!seen_.insert(hash).second) return "";
    return problem_of(image, *history_, answered, path_);
  }
  sim::SimRandom& random() { return random_; }
  [[nodiscard]] std::size_t images() const { return seen_.size(); }

 private:
  const History* history_;
  std::string path_;
  DiskModel model_;
  std::uint64_t at_ = 0;
  sim::SimRandom random_{4711};
  std::set<std::size_t> seen_;
};

/// Every moment: all that was not synced is lost, nothing is, and some of it, `times` times.
std::string first_problem(const History& history, const std::string& path, int times,
                          std::uint64_t from = 0) {
  Trial trial(history, path);
  for (std::uint64_t n = from; n <= history.trace.size(); ++n) {
    trial.go_to(n);
    std::vector<Loss> losses = {{Loss::Kind::kEverything}, {Loss::Kind::kNothing}};
    for (int i = 0; i < times; ++i) losses.push_back(some_loss(trial.random()));
    for (const Loss& loss : losses) {
      const std::string problem = trial.problem(loss);
      if (!problem.empty()) return "before operation " + std::to_string(n) + ": " + problem;
    }
  }
  CHECK(trial.images() > history.trace.size());
  return "";
}

TEST_CASE("power loss: at every moment of a short life", "[power]") {
  const TempFolder folder;
  const History history = short_life(folder.file("db"));
  // Deleted names, cut lengths and syncs: else the disk saw nothing of what it is for.
  std::set<DiskOp::Kind> kinds;
  for (const DiskOp& op : history.trace) kinds.insert(op.kind);
  CHECK(kinds.size() >= 5);
  CHECK(first_problem(history, folder.file("left"), 1) == "");
}

TEST_CASE("power loss: at every moment while old records are folded", "[power]") {
  const TempFolder folder;
  const std::string path = folder.file("db");
  Office office(4);
  History history;
  {
    WatchedDisk disk(path, true);
    history.first = disk.first();
    const auto device = Device::start(path);
    REQUIRE(device);
    history.note(disk, **device);
    const auto commit = [&](const std::vector<Device::Job>& jobs) {
      REQUIRE((*device)->commit(jobs) == static_cast<int>(jobs.size()));
      history.note(disk, **device);
    };
    commit({take_feed(office.catalogue()), take_feed(office.site())});
    commit({perform(1, domain::ClaimTask{kBench}), pick(1, 2), pick(1, 1), pick(1, 2)});
    commit({Device::receive(), Device::receive(), Device::receive(), Device::receive()});
    commit({fold()});
    commit({Device::receive(), fold()});
    (*device)->connection().checkpoint();
    commit({pick(1, 1), Device::receive()});
    commit({fold()});
    CHECK(history.commits.back().rows.find("log_segment") != std::string::npos);
    const auto folded = storage::folded_totals((*device)->connection());
    CHECK(folded.segments == 3);
    CHECK(folded.records > 12);
    history.trace = disk.trace();
  }
  CHECK(first_problem(history, folder.file("left"), 1) == "");
}

TEST_CASE("power loss: a disk that is not synced at each commit is caught", "[power]") {
  const TempFolder folder;
  for (const char* const weaker : {"PRAGMA synchronous=NORMAL", "PRAGMA synchronous=OFF"}) {
    CAPTURE(weaker);
    const History history =
        short_life(folder.file(weaker),
                   [weaker](storage::Connection& connection) { connection.execute(weaker); });
    const std::string problem =
        first_problem(history, folder.file("left"), 1, history.commits[0].operations);
    CAPTURE(problem);
    CHECK(problem.find("I1") != std::string::npos);
  }
}

TEST_CASE("power loss: at moments of a long life with many checkpoints", "[power]") {
  const TempFolder folder;
  const History history = long_life(folder.file("db"), 1);
  CHECK(history.commits.size() > 100);
  Trial trial(history, folder.file("left"));
  std::set<std::uint64_t> moments;
  while (moments.size() < 250) {
    moments.insert(static_cast<std::uint64_t>(
        trial.random().between(0, static_cast<std::int64_t>(history.trace.size()))));
  }
  for (const std::uint64_t n : moments) {
    trial.go_to(n);
    CAPTURE(n);
    REQUIRE(trial.problem(some_loss(trial.random())) == "");
  }
}

TEST_CASE("power loss: at every write of the migration of an older database", "[power]") {
  const TempFolder folder;
  const std::string path = folder.file("db");
  {
    Office office(2);
    const auto device = Device::start(folder.file("newer"));
    REQUIRE(device);
    const int done =
        (*device)->commit({take_feed(office.catalogue()), take_feed(office.site()),
                           perform(1, domain::ClaimTask{kBench}), pick(1, 2), Device::receive()});
    REQUIRE(done == 5);
  }
  {
    auto older = storage::Connection::open_writer(path, storage::Connection::Durability::kFull);
    REQUIRE(older);
    storage::test::make_old_database(*older, 5);
    storage::test::copy_log(*older, folder.file("newer"));
  }
  History history;
  {
    WatchedDisk disk(path, true);
    history.first = disk.first();
    const auto device = Device::start(path);
    REQUIRE(device);
    history.note(disk, **device);
    CHECK(history.commits[0].rows.find("LinePicked") == std::string::npos);
    history.trace = disk.trace();
  }
  CHECK(history.commits[0].operations > 50);
  CHECK(first_problem(history, folder.file("left"), 1) == "");
}

TEST_CASE("power loss: a disk that fails at any operation: nothing is called saved that is not",
          "[power]") {
  const TempFolder folder;
  std::uint64_t last = 0;
  int answered_at_all = 0;
  for (std::uint64_t n = 1; last == 0 || n < last; n += 7) {
    CAPTURE(n);
    const std::string path = folder.file("db" + std::to_string(n));
    Image left;
    int answered = 0;
    {
      WatchedDisk disk(path);
      disk.cut_after(n);
      const auto device = Device::start(path);
      if (device) {
        for (int i = 0; i < 12; ++i) {
          answered += (*device)->commit({Device::receive(), Device::receive()});
          if (i == 5) (*device)->connection().checkpoint();
        }
        CHECK((*device)->fatal().empty() == (answered == 24));
      }
      sim::SimRandom random(n);
      left = disk.model().after_power_loss({Loss::Kind::kEverything}, random);
      if (!disk.is_cut()) last = n;
    }
    WatchedDisk::put(folder.file("left"), left);
    const auto again = Device::start(folder.file("left"));
    REQUIRE(again);
    const auto& own = (*again)->replica().identity();
    CHECK((*again)->replica().log().author(own.node, own.inc).head ==
          static_cast<std::uint64_t>(answered));
    answered_at_all += answered;
  }
  CHECK(answered_at_all > 0);
}

}  // namespace
}  // namespace cairn::power::power_loss_test
