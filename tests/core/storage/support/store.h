#pragma once
// A replica on a database of its own, and the jobs that a Writer would run on it.

#include "core/base/assert.h"
#include "core/storage/replica.h"
#include "core/storage/unit_of_work.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cairn::storage::test {

/// A clock that is set by hand.
class TestClock final : public Clock {
 public:
  [[nodiscard]] UtcTime utc_now() const override { return now; }
  [[nodiscard]] MonoTime mono_now() const override { return {now.us - 1'790'000'000'000'000}; }
  void advance(Duration by) { now.us += by.count(); }

  UtcTime now{1'790'000'000'000'000};
};

/// Remembers the names of what was logged.
class RecordingLog final : public Log {
 public:
  void write(LogLevel, std::string_view event, std::initializer_list<Field>) override {
    events.emplace_back(event);
  }
  std::vector<std::string> events;
};

Identity site_identity(NodeId node, const SiteId& site, std::uint64_t inc = 1);
Identity hub_identity(NodeId node, std::uint64_t inc = 77);

class Store {
 public:
  /// In memory unless a path is given.
  explicit Store(const Identity& identity,
                 const std::string& path = ":memory:", Interpreter interpreter = interpret);
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  TestClock clock;
  RecordingLog log;

  Connection& connection() { return connection_; }
  Replica& replica() { return *replica_; }

  /// Runs `work(UnitOfWork&)`, which returns a Result, as one job in a transaction of its own; an
  /// error undoes it.
  template <class Work>
  auto job(Work work) {
    connection_.execute("BEGIN IMMEDIATE");
    UnitOfWork unit(*replica_);
    auto outcome = work(unit);
    if (outcome) {
      changes = replica_->finish_job();
      connection_.execute("COMMIT");
    } else {
      connection_.execute("ROLLBACK");
      replica_->forget_job();
    }
    return outcome;
  }
  /// Of the last good job.
  Changes changes;

  /// Writes an own event, which must succeed.
  EventRef append(const domain::Event& event, const domain::Key& key, const SiteId& site);
  /// Hub: takes the next records of a node.
  void take_uplink(NodeId node, Incarnation inc, const SiteId& site,
                   const std::vector<Bytes>& records);
  /// Site: applies a feed frame.
  Result<Replica::Applied> take_feed(const wire::FeedFrame& frame);
  /// Every position of a feed after `after`, as items with whole records.
  wire::FeedFrame frame_of(const std::string& feed, std::uint64_t after = 0);
  /// Makes every projection anew, in a transaction that is kept.
  void rebuild();

  std::int64_t number(const std::string& sql);
  /// The rows of a query: columns joined by "|", rows by line ends.
  std::string rows(const std::string& sql, int columns);

 private:
  Connection connection_;
  std::unique_ptr<Replica> replica_;
};

/// Rows of any connection, as Store::rows().
std::string rows_of(Connection& connection, const std::string& sql, int columns);

}  // namespace cairn::storage::test
