#pragma once
// What a disk may hold after the power failed. Fed with what a program does to its files; from it
// come images: everything that was synced, and of the rest any part, in sectors, in any order.
//
// Legal after a loss, as SQLite's documents and POSIX have it:
//  - a write that no sync of its file followed has happened, or not, or in part: each sector of
//    it by itself; what was there before it, or (junk) anything at all, stands in the rest;
//  - a length that was not synced is the old one or the new one;
//  - a name that was created or deleted without a sync of its folder is there, or not.
// Octets outside of a write are never harmed (SQLITE_IOCAP_POWERSAFE_OVERWRITE, which SQLite's unix
// VFS claims).

#include "tests/sim/sim_random.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace cairn::power {

struct DiskOp {
  enum class Kind : std::uint8_t {
    kCreate,
    kDelete,
    kWrite,     ///< `octets` at offset `at`
    kTruncate,  ///< to `at` octets
    kSync,
    kSyncFolder,
  };
  Kind kind = Kind::kWrite;
  std::string name;
  std::uint64_t at = 0;
  std::string octets;
  std::thread::id by{};
};

/// Files by their names.
using Image = std::map<std::string, std::string>;

/// How much of what was not synced reaches the disk.
struct Loss {
  enum class Kind : std::uint8_t { kEverything, kNothing, kSome };
  Kind kind = Kind::kEverything;
  // Of kSome:
  std::size_t sector = 512;            ///< octets that are written together
  std::uint64_t reaches_percent = 50;  ///< chance of each sector
  std::uint64_t junk_percent = 0;      ///< chance of junk in a sector that does not
};
/// A kSome of its own kind.
Loss some_loss(sim::SimRandom& random);

class DiskModel {
 public:
  /// The files are there and synced.
  explicit DiskModel(Image synced = {});

  void apply(const DiskOp& op);
  [[nodiscard]] bool has(const std::string& name) const { return names_.contains(name); }
  /// What programs see now, and what stays if nothing is lost.
  [[nodiscard]] Image written() const;
  [[nodiscard]] Image after_power_loss(const Loss& loss, sim::SimRandom& random) const;

 private:
  struct Change {
    bool truncates = false;
    std::uint64_t at = 0;
    std::string octets;
  };
  struct File {
    std::string synced;
    std::vector<Change> unsynced;
  };
  using FilePtr = std::shared_ptr<File>;
  struct Naming {
    std::string name;
    FilePtr file;  ///< none: deleted
  };

  static std::string content(const File& file, const Loss& loss, sim::SimRandom& random);

  std::map<std::string, FilePtr> names_;
  std::map<std::string, FilePtr> synced_names_;
  std::vector<Naming> unsynced_names_;
};

}  // namespace cairn::power
