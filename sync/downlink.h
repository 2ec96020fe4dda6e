#pragma once
// Downlink of a node: which feed positions to apply, which to fetch (docs/protocol.md, downlink).
// Frames are pushed by the hub and may be lost; what is missing is fetched by cursor. Pure: no I/O,
// clock or chance.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/wire/message.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::sync {

struct DownlinkLimits {
  Duration reply_timeout = std::chrono::seconds(2);
  Duration reply_timeout_most = std::chrono::seconds(30);
  Duration failed_again = std::chrono::seconds(10);
  Duration push_grace =
      std::chrono::milliseconds(200);  ///< a head without its frame is fetched after this
};

/// A question to the hub.
struct FetchWanted {
  std::string feed;
  std::uint64_t after = 0;
  bool verbatim = false;
  std::uint64_t correlation = 0;
};

class Downlink {
 public:
  Downlink(DownlinkLimits limits, const std::vector<wire::FeedCursor>& cursors);

  // ---- inputs ----

  void opened(HubGeneration hub_gen, const std::vector<wire::FeedHead>& heads, MonoTime now);
  void closed();
  /// Doorbell: heads without data.
  void heads(HubGeneration hub_gen, const std::vector<wire::FeedHead>& heads, MonoTime now);

  /// A feed frame is here, pushed or fetched. True: apply it, then say applied() or apply_failed().
  [[nodiscard]] bool frame_arrived(const std::string& feed, HubGeneration hub_gen,
                                   std::uint64_t base, std::uint64_t last, MonoTime now);
  void applied(const std::string& feed, std::uint64_t cursor, bool records_missing, MonoTime now);
  /// Tried again later, from the cursor.
  void apply_failed(const std::string& feed, MonoTime now);

  /// The answer to a fetch is here (its frame, if any, goes through frame_arrived()).
  void fetch_answered(const std::string& feed, std::uint64_t correlation, std::uint64_t head);
  void fetch_sent(const FetchWanted& fetch, MonoTime now);

  /// These come as a whole, by a snapshot: until told otherwise they are not fetched.
  void hold(std::set<std::string> feeds) { held_ = std::move(feeds); }
  /// A snapshot has brought the feed up to the cursor.
  void jumped(const wire::FeedCursor& to, MonoTime now);

  // ---- outputs ----

  [[nodiscard]] std::vector<FetchWanted> wanted(MonoTime now) const;
  [[nodiscard]] std::optional<MonoTime> deadline() const;
  [[nodiscard]] std::vector<wire::FeedCursor> cursors() const;
  /// Positions known to exist and not applied yet, over all feeds.
  [[nodiscard]] std::uint64_t behind() const;
  /// Something of another generation than the cursors' was here: late, or the hub was started
  /// again. Until HELLO tells which, nothing is fetched.
  [[nodiscard]] bool generation_in_doubt() const { return generation_in_doubt_; }

 private:
  struct Feed {
    HubGeneration hub_gen;
    std::uint64_t cursor = 0;            ///< applied and committed
    std::uint64_t submitted = 0;         ///< handed out for applying
    std::uint64_t head = 0;              ///< known to exist
    bool verbatim = false;               ///< the next fetch must bring whole records
    std::optional<std::uint64_t> asked;  ///< correlation of the open fetch
    unsigned attempt = 0;
    MonoTime ask_again;  ///< with an open fetch: its time-out; without: not before this
  };

  [[nodiscard]] bool lacks(const Feed& feed) const;

  DownlinkLimits limits_;
  bool open_ = false;
  bool generation_in_doubt_ = false;
  std::map<std::string, Feed> feeds_;
  std::set<std::string> held_;
  std::uint64_t next_correlation_ = 1;
};

}  // namespace cairn::sync
