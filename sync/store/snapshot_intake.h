#pragma once
// A node that is far behind gets its site's feeds as a snapshot (docs/protocol.md, snapshot):
// fetches the parts, keeps them in the database, so that a restart goes on where it was, and
// installs them in one transaction. Whatever goes wrong, the feeds are read as ever. Loop only.

#include "core/base/env.h"
#include "core/storage/writer.h"
#include "core/wire/message.h"
#include "core/wire/snapshot.h"
#include "sync/snapshot_fetch.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::sync {

class SnapshotIntake {
 public:
  /// What the driver of the session does for it.
  struct Driver {
    std::function<void(const wire::Part&)> ask;
    /// The feeds are here up to these.
    std::function<void(const std::vector<wire::FeedCursor>&)> installed;
    /// Something is wanted, or feeds may be read again.
    std::function<void()> changed;
  };

  SnapshotIntake(Env env, storage::Writer& writer, Driver driver);

  /// The hub of this generation has answered a HELLO. `offer`: with a snapshot.
  void greeted(HubGeneration hub_gen, bool offer);
  /// The hub is not in conversation any more.
  void closed();
  void answered(const wire::PartReply& reply);
  /// Asks what is to be asked now.
  void on_time();
  [[nodiscard]] std::optional<MonoTime> deadline() const { return fetch_.deadline(); }

  /// While this is true the feeds that the site shares are not fetched: they come as a whole.
  [[nodiscard]] bool holds_feeds() const { return open_ && active_; }

  struct Progress {
    std::size_t parts = 0;  ///< that are here
    std::size_t of = 0;     ///< 0: the hub has not told yet
  };
  /// Nothing: no snapshot is on its way.
  [[nodiscard]] std::optional<Progress> progress() const;

 private:
  void take_manifest(const wire::PartReply& reply);
  void sort_parts();
  void take_part(const wire::PartReply& reply);
  void install();
  void installed(MonoTime begun, const std::vector<wire::FeedCursor>& cursors);
  void begin();
  /// No snapshot for a while. `why`: for people.
  void give_up(const std::string& why);
  void drop_parts();

  Env env_;
  storage::Writer* writer_;
  Driver driver_;
  SnapshotFetch fetch_;
  bool open_ = false;
  bool active_ = false;   ///< a snapshot is on its way
  bool sorting_ = false;  ///< the manifest is compared with what is here
  bool installing_ = false;
  bool swept_ = false;  ///< no parts are left that an earlier life had fetched in vain
  HubGeneration hub_gen_;
  crypto::Hash128 id_{};
  wire::SnapshotManifest manifest_;
  std::vector<wire::SnapshotPart> parts_;
  unsigned vain_ = 0;  ///< snapshots that the hub did not have any more, since the last part
  std::uint64_t course_ =
      0;  ///< grows with each begin: answers of jobs for an earlier one are late
  MonoTime begun_;
  std::optional<MonoTime> not_before_;  ///< after a failure
};

}  // namespace cairn::sync
