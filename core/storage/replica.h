#pragma once
// A replica: the log and every state that follows from it, kept together. The same class is a
// site's copy and the hub's; they differ in who confirms a record. Everything here happens inside
// the writer's open transaction. Loop only; errors as in sqlite/connection.h.

#include "core/base/hlc.h"
#include "core/base/log.h"
#include "core/domain/event.h"
#include "core/domain/registry.h"
#include "core/storage/event_log.h"
#include "core/storage/generations.h"
#include "core/storage/identity.h"
#include "core/storage/interpret.h"
#include "core/storage/ordered_views.h"
#include "core/storage/own_incarnations.h"
#include "core/storage/projections/node_control.h"
#include "core/storage/projections/orders.h"
#include "core/storage/projections/payments.h"
#include "core/storage/projections/promises.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/projections/rule_sets.h"
#include "core/storage/projections/stock_leases.h"
#include "core/storage/projections/stock_on_hand.h"
#include "core/storage/promotions.h"
#include "core/wire/feed_frame.h"
#include "core/wire/snapshot.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cairn::storage {

class StockBook;

/// What happened in a job, for those who act after the commit.
struct Changes {
  std::uint64_t own_head = 0;                        ///< last own record, if any was written
  Incarnation own_inc;                               ///< whose it is
  std::set<std::pair<NodeId, Incarnation>> authors;  ///< whose logs are not what they were
  std::set<std::string> feeds;                       ///< feeds that grew
  std::set<ShipGroupId> ship_groups;                 ///< groups whose rows changed
  std::set<PaymentId> payments;                      ///< payments whose rows changed
  std::set<OrderId> orders;                          ///< orders of which something was written
  bool returns = false;                              ///< rows of returns changed
  bool stock = false;
  std::set<std::pair<SiteId, Sku>> stock_cells;  ///< what is there, or promised, is another figure
  bool stock_anew = false;                       ///< all of it was made anew
  bool leases = false;                           ///< rows of stock leases changed
  bool devices = false;  ///< commands or configurations of devices, or what they answered

  [[nodiscard]] bool any() const;
  /// `other`: of a later job.
  void merge(Changes other);
};

/// An event this process wants to write.
struct NewEvent {
  domain::Event event;
  domain::Key key;  ///< kNone for stock
  SiteId site;
  UserId actor;
  std::vector<std::uint32_t> own_causes;
  Bytes biz_key;
};

class Replica {
 public:
  Replica(Connection& writer, Identity identity, const Clock& clock, Log& log,
          Interpreter interpreter = interpret);

  [[nodiscard]] const Identity& identity() const { return identity_; }
  [[nodiscard]] HybridClock& clock() { return clock_; }
  /// For queries of projections inside a job.
  [[nodiscard]] Connection& connection() { return *writer_; }
  [[nodiscard]] EventLog& log() { return event_log_; }

  /// The group's view; status kNone if it is not known here. Good until the next call or write.
  const domain::ShipGroup& ship_group(ShipGroupId group);
  /// Which group a record of the log tells of.
  ShipGroupId group_of(const EventRef& group_event);
  /// The group's site knows more of it than has come here: a device wrote what follows from
  /// another's records that are still on their way.
  bool knows_more_at_site(ShipGroupId group);
  /// Return ledgers about which this job brought what had been missing, of themselves or of their
  /// groups.
  std::set<std::pair<ShipGroupId, SiteId>> ledgers_caught_up();
  /// What came back of a group at a site; empty if nothing did.
  const domain::ReturnLedger& return_ledger(ShipGroupId group, const SiteId& site);
  /// The order as its own events tell it. Hub only.
  std::optional<domain::Order> order(OrderId order);
  /// True if an event with this biz_key was recorded.
  bool has_effect(const Bytes& biz_key);

  /// Hub: what no transaction has under way is asked of this book, which follows every commit.
  void read_stock_from(const StockBook& book) { stock_book_ = &book; }
  /// What every site has of an article, by site; with what this transaction wrote and saved.
  std::vector<SiteStock> stock_by_site(const Sku& sku);
  /// All sites, kept in memory until one is written. Good until the next write.
  const std::vector<domain::Facility>& facilities();
  /// A transaction begins, and has written nothing yet.
  void begin_transaction();

  /// Writes an own event: stamps, encodes, chains, logs, projects. At the hub it is confirmed at
  /// once and enters its feed. Errors: kInvalid "record_too_large".
  Result<EventRef> append(const NewEvent& event);

  /// Site: `fresh` writes from now on. The earlier incarnations keep what they wrote.
  void renew(Incarnation fresh, Beginning why);
  /// Site: the hub holds other records than ours of `forked` after `common`. Issues ours again as
  /// `fresh`, together with all that later incarnations wrote: nothing of these is at the hub.
  /// Every view is made anew. Returns how many records. Errors: kConflict "confirmed_records" (a
  /// hub that does not know what it has confirmed).
  Result<std::size_t> reissue(Incarnation forked, std::uint64_t common, Incarnation fresh);
  /// Site: of an incarnation whose records are in a damaged database (damage.h), those that the hub
  /// lacks and that can still be read are issued again; what cannot is noted as lost. The hub takes
  /// nothing under their old numbers any more. How many.
  struct Salvaged {
    std::size_t records = 0;
    std::uint64_t lost = 0;
  };
  Salvaged salvage(Incarnation inc);

  /// Hub: takes records from `first` on, in order, into the log and the site's feed. What cannot be
  /// understood or applied is quarantined; it is never refused. Returns those that took effect.
  /// Errors: kConflict "uplink_gap" (`first` does not follow what is held).
  using Taken = std::vector<domain::Recorded<domain::Event>>;
  Result<Taken> take_uplink(const EventRef& first, const SiteId& site,
                            const std::vector<Bytes>& records);

  /// Asks again what is in quarantine, because this program may understand more than the one that
  /// set it aside: what can be applied takes effect at its own place, as if it had been understood
  /// at once, and what waited behind it counts. Returns what took effect.
  Taken replay_quarantine();

  /// Hub: `fresh` is its generation from now on; to be called at each start, before anything else.
  void begin_generation(HubGeneration fresh, Noticed noticed);

  /// What became of a part of a feed that a node gave back.
  struct Given {
    std::uint64_t taken = 0;    ///< records that were not here
    std::uint64_t refused = 0;  ///< not believed, or something newer is known
    std::set<NodeId> authors;   ///< nodes of which records were taken
    Taken understood;           ///< of the nodes' records
  };
  /// Says whether the hub wrote this.
  using IsOurs = std::function<bool(const std::string& feed, const wire::HubItem& item)>;
  /// Hub: takes back, at the end of the feed, what it lacks of a copy that a device of `site` has
  /// kept. Own records only with their seal, records of nodes of the site only where their chain
  /// goes on. Taking it again changes nothing. Errors: kInvalid "bad_gift" (runs, another site's
  /// feed, or the generation of now).
  Result<Given> take_given(const wire::FeedFrame& copy, const SiteId& site, const IsOurs& is_ours);

  /// Site: the hub is in another generation, and this replica's copy of a feed is its own up to
  /// FeedHead::common. What was confirmed beyond is unconfirmed from now on, and every own
  /// incarnation is compared with the hub again. True: something was.
  bool enter_generation(HubGeneration gen, const std::vector<wire::FeedHead>& feeds);
  /// Site: gives up records of the hub that it does not know any more, once everything it does know
  /// is here. Returns how many.
  std::size_t drop_unknown();
  /// Site: whether there may be such records.
  bool holds_unknown();

  /// How far a feed frame could be applied.
  struct Applied {
    enum class End : std::uint8_t {
      kAll,             ///< to the end of the frame
      kRecordsMissing,  ///< a run names records not held here: fetch from `cursor`, verbatim
      kBeyondGap,       ///< nothing of it: positions before the frame are not here
    };
    std::uint64_t cursor = 0;
    End end = End::kAll;
  };
  /// Site: applies the frame's positions after the feed's cursor. Errors: kCorrupt "author_gap";
  /// kConflict "unknown_hub" (another hub or generation than the feed's), "forked" (the hub holds
  /// another record than ours under the same number).
  Result<Applied> take_feed(const wire::FeedFrame& frame);

  /// Site: takes the feeds of a snapshot to their ends, from parts that are in the database
  /// (snapshot_parts.h), and drops these. What is here already stays as after the feeds themselves.
  /// Errors: those of take_feed() and wire::decode_part(), kNotFound "part_missing", kCorrupt
  /// "bad_snapshot".
  Result<> install(const wire::SnapshotManifest& manifest);

  /// How far records from a neighbour could be taken.
  struct FromPeer {
    enum class End : std::uint8_t {
      kAll,         ///< to the last one
      kGap,         ///< none: records before the first are not here
      kParted,      ///< none: ours are others under these numbers
      kSuperseded,  ///< up to one that was issued again: it, and what follows it, never applies
    };
    End end = End::kAll;
    std::uint64_t head = 0;  ///< of that author, now
    crypto::Hash128 chain{};
    bool own = false;  ///< an earlier incarnation's of this device: they go up to the hub from here
  };
  /// Site: takes the author's records from `first` on, whose chain before is `chain_before`, as a
  /// neighbour has them. They stay unconfirmed until the hub's feed brings them. What is here
  /// already is passed over. Not for the incarnation that writes.
  FromPeer take_from_peer(const EventRef& first, const crypto::Hash128& chain_before,
                          const std::vector<Bytes>& records);

  /// While it lives, a remote record whose effect breaks a constraint ends the job with SqlFailure,
  /// to be run again without this: a savepoint for each effect takes as long as the effect.
  class WithoutSavepoints {
   public:
    explicit WithoutSavepoints(Replica& replica) : replica_(&replica) {
      replica_->effect_savepoints_ = false;
    }
    WithoutSavepoints(const WithoutSavepoints&) = delete;
    WithoutSavepoints& operator=(const WithoutSavepoints&) = delete;
    ~WithoutSavepoints() { replica_->effect_savepoints_ = true; }

   private:
    Replica* replica_;
  };

  /// Makes the rows agree with the views now, for a job whose later part reads them.
  void save_views();
  /// Ends a job well; to be called before its savepoint, if it has one, is released.
  Changes finish_job();
  /// Ends a job that was rolled back.
  void forget_job();
  /// Drops all that is kept in memory: jobs that had ended well were rolled back with their group.
  void reload();

  /// Empties every projection and makes it anew from the log: for checks and migrations.
  void rebuild();

 private:
  [[nodiscard]] Provenance provenance(const EventRef& ref, const SiteId& site) const;
  struct RebuildKeys;
  template <class Event>
  std::optional<ViewRecord<Event>> read_record(const LoggedRecord& logged) const;
  std::optional<FeedPosition> place_own(const domain::EventType& type, const NewEvent& event);
  void append_next(Author& author, const Interpretation& found, const Bytes& octets,
                   std::optional<FeedPosition> position);
  void project(const Interpretation& found, const Author& author, bool confirmed);
  void project_money(const Interpretation& found);
  void project_stock(const Interpretation& found, const Author& author);
  bool project_ordered(const Interpretation& found, bool confirmed);
  bool project_remote(const Interpretation& found, const Author& author, bool confirmed);
  [[nodiscard]] Interpretation read_logged(const LoggedRecord& logged) const;
  void quarantine(const Interpretation& found, const Author& author, std::string_view kind);

  std::vector<EventRef> seen_of_others(const Bytes& key);
  bool superseded(const EventRef& ref, const crypto::Hash128& chain);
  void remember_reissue(const wire::Record& record, const EventRef& by);
  void note_reissue(const wire::Record& record, const EventRef& by);
  void set_aside(Author& author, std::uint64_t after);
  void all_changed();

  struct Original;
  std::vector<Original> cut_originals(Incarnation forked, std::uint64_t common);
  void append_reissue(const Original& original, const std::map<EventRef, std::uint64_t>& renamed);
  void end_reissue();
  Result<> check_hub(const wire::FeedFrame& frame, Feed& feed);
  Result<bool> take_item(const wire::HubItem& item, const wire::FeedFrame& frame, FeedPosition at);
  Result<bool> take_item(const wire::AuthorItem& item, const wire::FeedFrame& frame,
                         FeedPosition at);
  Result<bool> take_item(const wire::AuthorRun& item, const wire::FeedFrame& frame,
                         FeedPosition at);
  void confirm(const Author& author, std::uint64_t seq, FeedPosition at);

  Result<> install_feed(const wire::SnapshotManifest& manifest, const wire::SnapshotFeed& from);
  void note_key(const Bytes& key);

  enum class Gift : std::uint8_t { kTaken, kKnown, kRefused };
  Gift take_gift(const wire::HubItem& item, Feed& feed, const IsOurs& is_ours);
  Gift take_gift(const wire::AuthorItem& item, Feed& feed, const SiteId& site, Given& given);
  void rebuild_one(const EventRef& ref, RebuildKeys& keys);
  void give_up(const EventRef& ref, const Bytes& octets);

  Connection* writer_;
  Interpreter interpret_;
  Identity identity_;
  NodeId committed_hub_;       ///< identity_.hub as the database has it
  Incarnation committed_inc_;  ///< identity_.inc, likewise
  Log* logger_;
  HybridClock clock_;
  EventLog event_log_;
  ReferenceData reference_;
  NodeControl node_control_;
  StockOnHand stock_;
  StockLeases leases_;
  GroupViews groups_;
  LedgerViews ledgers_;
  Orders orders_;
  Payments payments_;
  Promises promises_;
  RuleSets rule_sets_;
  Promotions promotions_;
  Changes changes_;
  void note_stock(const SiteId& site, const Sku& sku);
  const StockBook* stock_book_ = nullptr;
  std::unordered_set<Sku> stock_written_;  ///< by this transaction; also what it took back
  bool all_stock_written_ = false;
  std::optional<std::vector<domain::Facility>> facilities_;  ///< nothing: to be read
  bool effect_savepoints_ = true;
  /// While a snapshot is installed: the ordered views are made once, at its end.
  struct Bulk {
    std::set<Bytes> groups;
    std::set<Bytes> ledgers;
  };
  std::optional<Bulk> bulk_;
};

}  // namespace cairn::storage
