#pragma once
// A device's database with its real writer and replica on a virtual loop, and what it was at each
// commit: what power-loss tests compare images with.

#include "core/program/database.h"
#include "tests/power/support/watched_disk.h"
#include "tests/sim/sim_time.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cairn::power {

/// Every row of every table, and the schema's version: equal texts, equal databases.
std::string dump_everything(storage::Connection& connection);

class Device {
 public:
  using Job = storage::Writer::Job<bool>;

  /// As at a start of the program. Errors: those of program::Database::open().
  static Result<std::unique_ptr<Device>> start(const std::string& path);

  /// The jobs are one group commit. Returns how many were answered as done.
  int commit(const std::vector<Job>& jobs);
  /// One piece of an article received into bin B-1.
  static Job receive();

  storage::Connection& connection() { return database_->replica().connection(); }
  storage::Replica& replica() { return database_->replica(); }
  [[nodiscard]] const std::vector<Error>& fatal() const { return fatal_; }

 private:
  Device() = default;

  sim::Timeline timeline_;
  sim::SimClock clock_{timeline_, Duration(0)};
  sim::SimExecutor executor_{timeline_};
  sim::SimRandom random_{1};
  NullLog log_;
  Metrics metrics_;
  std::vector<Error> fatal_;
  std::unique_ptr<program::Database> database_;
};

/// What was done to a disk, and what the database was after each commit that was answered.
struct History {
  struct Commit {
    std::uint64_t operations = 0;  ///< on the disk when it was answered
    std::string rows;              ///< dump_everything()
  };
  Image first;
  std::vector<DiskOp> trace;
  std::vector<Commit> commits;

  void note(const WatchedDisk& disk, Device& device) {
    commits.push_back({disk.operations(), dump_everything(device.connection())});
  }
  /// The last commit that was answered before operation `n`. The first one counts always.
  [[nodiscard]] std::size_t answered_before(std::uint64_t n) const;
};

/// Puts the image where `path` is and starts a device on it. What is wrong with it; empty: nothing.
/// It has to be the database of commit `answered` or, if that was under way, the one after it;
/// sound (integrity, numbers, chains); and it has to go on working.
std::string problem_of(const Image& image, const History& history, std::size_t answered,
                       const std::string& path);

}  // namespace cairn::power
