#pragma once
// A device among its neighbours on the site's LAN (docs/protocol.md, LAN): what it tells them, what
// it asks of whom, and what to do with what they say. It knows no leader and trusts no message to
// arrive: own records are pushed once, digests say what each holds, whoever lacks something asks
// one of those who have it. Pure: no I/O, clock or chance; the driver (sync/store/lan_sync) does
// what the outputs say.

#include "core/base/time.h"
#include "core/wire/frame.h"
#include "core/wire/lan_message.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::sync {

using LanAuthor = std::pair<NodeId, Incarnation>;

/// How much is held of an author.
struct LanHead {
  std::uint64_t seq = 0;
  crypto::Hash128 chain{};
  friend bool operator==(const LanHead&, const LanHead&) = default;
};

struct LanLimits {
  Duration digest_every = std::chrono::seconds(2);
  Duration digest_least = std::chrono::milliseconds(200);  ///< between two
  Duration answer_timeout = std::chrono::seconds(1);       ///< then somebody else is asked
  Duration refused_again = std::chrono::seconds(30);  ///< records that cannot be taken: not before
  Duration peer_gone = std::chrono::seconds(10);      ///< a silent neighbour is not asked
  std::size_t peers_most = 64;
  std::size_t authors_most = 1024;
  std::size_t in_work_most = 32;           ///< frames on their way to the disk; more are dropped
  std::uint64_t push_behind_most = 2'048;  ///< further behind, neighbours fetch at their own pace
};

/// A question to a neighbour.
struct LanQuestion {
  NodeId peer;
  wire::LanFetch fetch;
};

class LanSession {
 public:
  /// `own`: under which the device writes. `jitter`: any number that differs from node to node.
  LanSession(LanLimits limits, const LanAuthor& own, std::uint64_t jitter)
      : limits_(limits), own_(own), jitter_(jitter) {}

  // ---- inputs ----

  void connected(MonoTime now);
  void disconnected();
  /// So much of the author is committed here.
  void held(const LanAuthor& author, const LanHead& head, MonoTime now);
  /// The device writes under another incarnation.
  void writes_as(const LanAuthor& own);
  /// What is applied of the shared feeds, and of each what of it earlier generations of the hub
  /// brought; `hub_live`: the hub brings them itself.
  void feeds_at(std::vector<wire::FeedCursor> cursors, bool hub_live,
                std::vector<wire::FeedCursor> past = {});

  void digest_arrived(NodeId peer, const wire::LanDigest& digest, MonoTime now);

  enum class What : std::uint8_t {
    kTake,      ///< to the log with it; then say taken()
    kKnown,     ///< held already, if its chain is ours at its end: else say parted()
    kNothing,   ///< on its way to the log already, or too much at once
    kGap,       ///< records before it are missing: asked for by and by
    kRestored,  ///< a neighbour has more of what we write than we do: our database is an older one
    kParted,    ///< the same numbers with other contents, ours or theirs: reported, not taken
  };
  /// The peer holds other records of the author than we do, under the same numbers.
  void parted(const LanAuthor& author, NodeId peer, MonoTime now);
  What frame_arrived(NodeId peer, const wire::Frame& frame, MonoTime now);
  /// The frame is in the log as far as it could be; `refused`: not to its end.
  void taken(const LanAuthor& author, const LanHead& head, bool refused, bool parted, NodeId peer,
             MonoTime now);
  void not_taken(const LanAuthor& author);

  void digest_sent(MonoTime now);
  void asked(const LanQuestion& question, MonoTime now);
  /// Whether the peer has followed the hub from where we are in the feed into the generation `to`,
  /// so that what comes behind our cursor there is what comes next for us.
  [[nodiscard]] bool leads_on(NodeId peer, const wire::FeedCursor& mine, HubGeneration to) const;
  /// Gives up questions that nobody answered.
  void on_time(MonoTime now);
  /// Own records up to here were pushed.
  void pushed(std::uint64_t last);

  // ---- outputs ----

  [[nodiscard]] bool digest_wanted(MonoTime now) const;
  [[nodiscard]] wire::LanDigest digest() const;
  [[nodiscard]] std::vector<LanQuestion> questions(MonoTime now) const;
  /// The first own record to be pushed.
  [[nodiscard]] std::optional<std::uint64_t> push_wanted() const;
  /// When to look again at the latest.
  [[nodiscard]] std::optional<MonoTime> deadline() const;

  [[nodiscard]] bool is_connected() const { return connected_; }
  struct Peer {
    NodeId node;
    Incarnation writing_inc;
    Duration silent{0};
    std::uint64_t lacked = 0;  ///< records it has and we have not
    std::uint64_t lacks = 0;   ///< records we have and it has not, as it last said
  };
  [[nodiscard]] std::vector<Peer> peers(MonoTime now) const;
  struct Parted {
    LanAuthor author;
    NodeId peer;  ///< who said it last
  };
  [[nodiscard]] std::vector<Parted> parted() const;

 private:
  struct State {
    LanHead head;                 ///< committed
    std::uint64_t submitted = 0;  ///< handed out for the log
    std::size_t in_work = 0;
    std::optional<NodeId> asked;
    MonoTime asked_until;
    unsigned attempt = 0;
    MonoTime refused_until;
    std::optional<NodeId> parted;
  };
  struct Neighbour {
    MonoTime heard;
    Incarnation writing_inc;
    std::map<LanAuthor, LanHead> vv;
    std::map<std::string, wire::FeedCursor> cursors;
    std::vector<wire::FeedCursor> past;
  };
  struct FeedAsked {
    bool open = false;
    MonoTime until;
    unsigned attempt = 0;
  };

  [[nodiscard]] std::uint64_t own_head() const;
  Neighbour* neighbour(NodeId peer, MonoTime now);
  State* state(const LanAuthor& author);
  void refuse(State& state, std::optional<NodeId> parted_by, MonoTime now);
  [[nodiscard]] bool live(const Neighbour& peer, MonoTime now) const {
    return now - peer.heard < limits_.peer_gone;
  }
  [[nodiscard]] NodeId choose(const std::vector<NodeId>& have, NodeId author,
                              unsigned attempt) const;
  void want_records(std::map<NodeId, wire::LanFetch>& wanted, MonoTime now) const;
  void want_feeds(std::map<NodeId, wire::LanFetch>& wanted, MonoTime now) const;

  LanLimits limits_;
  LanAuthor own_;
  std::uint64_t jitter_;
  bool connected_ = false;
  bool hub_live_ = false;
  MonoTime digest_at_;
  MonoTime digest_sent_;
  std::uint64_t pushed_ = 0;
  std::map<LanAuthor, State> authors_;
  std::map<NodeId, Neighbour> neighbours_;
  std::vector<wire::FeedCursor> past_;
  std::vector<wire::FeedCursor> cursors_;
  std::map<std::string, FeedAsked> feeds_asked_;
  std::size_t in_work_ = 0;
};

}  // namespace cairn::sync
