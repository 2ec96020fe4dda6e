#pragma once
// Notices that a database was put back to an earlier state: a small file outside the data directory
// remembers a record that was committed, and how many commands were begun. The file is written some
// seconds after the commit (at once if it began a command) and never before: a database that has
// not got these is an older one. What the file is too late for is found by comparing chains with
// the hub (docs/protocol.md, repair). The hub guards its database the same way: its incarnations
// are its generations, its head all records that it has. Any thread.

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/storage/own_incarnations.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

/// How much later than the commit it may be written.
inline constexpr Duration kGuardDelay = std::chrono::seconds(10);

/// What the file says.
struct GuardMark {
  Incarnation inc;
  std::uint64_t head = 0;      ///< last record, of `inc`, that was committed
  std::uint64_t labels = 0;    ///< hub: serials of labels below may have been given out
  std::uint64_t commands = 0;  ///< device: how many commands it had begun, ever
  friend bool operator==(const GuardMark&, const GuardMark&) = default;
};

/// Whether a database with these incarnations, the last one's log ending at `head`, in which
/// `commands` were begun, is older than the mark. None: it was made just now, and is new, not old.
/// An incarnation without records is no sign of that: it may be a copy from before it had any, and
/// its numbers have been used since.
bool is_older(const std::vector<OwnIncarnation>& incarnations, std::uint64_t head,
              std::uint64_t commands, const GuardMark& mark);

class RollbackGuard {
 public:
  /// `file` empty: nothing is guarded.
  RollbackGuard(std::string file, NodeId node) : file_(std::move(file)), node_(node) {}

  [[nodiscard]] bool enabled() const { return !file_.empty(); }
  /// Nothing if there is no file, if it cannot be understood, or if it is another device's.
  [[nodiscard]] std::optional<GuardMark> read() const;
  /// Durably, all or nothing. Errors: kUnavailable "guard_file".
  [[nodiscard]] Result<> write(const GuardMark& mark) const;

 private:
  std::string file_;
  NodeId node_;
};

}  // namespace cairn::storage
