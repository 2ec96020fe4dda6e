#include "core/storage/replica.h"

#include "core/base/assert.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/stock_book.h"
#include "core/wire/event_codec.h"
#include "core/wire/feed_name.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::storage {
namespace {

/// The clock as it was: behind the own last stamp, and behind what others' last records told, as
/// far as they are believed. An author's stamps only grow, so its last record has its greatest.
HybridClock restored_clock(Connection& connection, const Identity& identity, const Clock& clock) {
  Statement& select = connection.prepare(
      "SELECT e.hlc, a.node, a.inc FROM author a JOIN event_log e"
      " ON e.author = a.id AND e.seq = a.head");
  Hlc own;
  std::vector<Hlc> others;
  select.bind();
  while (select.step()) {
    const Hlc stamp{select.unsigned_integer(0)};
    // The hub has another incarnation at each start; its stamps go on.
    const bool ours =
        NodeId(select.uuid(1)) == identity.node &&
        (identity.role == Role::kHub || Incarnation(select.unsigned_integer(2)) == identity.inc);
    if (ours) own = std::max(own, stamp);
    others.push_back(stamp);
  }
  HybridClock restored(clock, own);
  for (const Hlc stamp : others) restored.observe(stamp);
  return restored;
}

/// Records whose effect could not be: (author, seq).
std::set<std::pair<std::int64_t, std::uint64_t>> failed_records(Connection& connection) {
  Statement& select =
      connection.prepare("SELECT author, seq FROM quarantine WHERE kind = 'FAILED'");
  std::set<std::pair<std::int64_t, std::uint64_t>> failed;
  select.bind();
  while (select.step()) failed.emplace(select.integer(0), select.unsigned_integer(1));
  return failed;
}

/// What a key is of; kNone for an empty one.
domain::AggregateKind kind_of(const Bytes& key) {
  return key.empty() ? domain::AggregateKind::kNone
                     : static_cast<domain::AggregateKind>(key.front());
}

template <class Event>
std::optional<Event> event_as(const Interpretation& found) {
  return found.event ? std::optional(std::get<Event>(*found.event)) : std::nullopt;
}

tl::unexpected<Error> forked(const EventRef& ref) {
  return fail(ErrorCode::kConflict, "forked",
              fmt::format("the hub holds another record than ours as {}", ref.text()));
}

/// The site a site feed is of; empty for the others.
SiteId site_of_feed(const std::string& feed) {
  constexpr std::string_view kPrefix = "site:";
  if (!feed.starts_with(kPrefix)) return {};
  const auto site = SiteId::parse(std::string_view(feed).substr(kPrefix.size()));
  return site ? *site : SiteId{};
}

}  // namespace

bool Changes::any() const {
  return own_head != 0 || !authors.empty() || !feeds.empty() || !ship_groups.empty() ||
         !payments.empty() || !orders.empty() || returns || stock || devices || stock_anew ||
         leases;
}

void Changes::merge(Changes other) {
  if (other.own_head != 0) {
    own_head = other.own_head;
    own_inc = other.own_inc;
  }
  authors.merge(other.authors);
  feeds.merge(other.feeds);
  ship_groups.merge(other.ship_groups);
  payments.merge(other.payments);
  orders.merge(other.orders);
  returns = returns || other.returns;
  stock = stock || other.stock;
  stock_cells.merge(other.stock_cells);
  stock_anew = stock_anew || other.stock_anew;
  devices = devices || other.devices;
  leases = leases || other.leases;
}

Replica::Replica(Connection& writer, Identity identity, const Clock& clock, Log& log,
                 Interpreter interpreter)
    : writer_(&writer),
      interpret_(interpreter),
      identity_(std::move(identity)),
      committed_hub_(identity_.hub),
      committed_inc_(identity_.inc),
      logger_(&log),
      clock_(restored_clock(writer, identity_, clock)),
      event_log_(writer),
      reference_(writer),
      node_control_(writer),
      stock_(writer),
      leases_(writer),
      groups_(writer, event_log_,
              [this](const LoggedRecord& logged) {
                return read_record<domain::ShipGroupEvent>(logged);
              }),
      ledgers_(
          writer, event_log_,
          [this](const LoggedRecord& logged) { return read_record<domain::ReturnEvent>(logged); }),
      orders_(writer),
      payments_(writer),
      promises_(writer),
      rule_sets_(writer),
      promotions_(writer) {}

Provenance Replica::provenance(const EventRef& ref, const SiteId& site) const {
  return {ref, ref.node == identity_.hub, site};
}

Interpretation Replica::read_logged(const LoggedRecord& logged) const {
  const SiteId site = identity_.role == Role::kSite ? identity_.site : site_of_feed(logged.feed);
  return interpret_(provenance(logged.ref, site), logged.record);
}

template <class Event>
std::optional<ViewRecord<Event>> Replica::read_record(const LoggedRecord& logged) const {
  Interpretation found = read_logged(logged);
  if (found.kind == Interpretation::Kind::kInadmissible) return std::nullopt;
  ViewRecord<Event> record{found.meta, std::nullopt, std::move(found.record.follows),
                           found.record.reissue_of};
  if (found.event) record.event = std::get<Event>(*std::move(found.event));
  return record;
}

const domain::ShipGroup& Replica::ship_group(ShipGroupId group) {
  return groups_.state(domain::ship_group_key(group).bytes());
}

ShipGroupId Replica::group_of(const EventRef& group_event) {
  const auto logged = event_log_.read(group_event);
  CAIRN_ASSERT(logged.has_value(), "the record is in the log");
  const auto record = wire::decode_record(logged->record);
  CAIRN_ASSERT(record.has_value(), "what was understood once can be read");
  return domain::group_of_key(record->key);
}

bool Replica::knows_more_at_site(ShipGroupId group) {
  return groups_.waiting(domain::ship_group_key(group).bytes()) > 0;
}

std::set<std::pair<ShipGroupId, SiteId>> Replica::ledgers_caught_up() {
  std::set<std::pair<ShipGroupId, SiteId>> caught_up;
  for (const Bytes& key : std::set(groups_.caught_up())) {
    const domain::ShipGroup& group = groups_.state(key);
    if (!group.lines.empty()) caught_up.emplace(group.id, group.site);
  }
  for (const Bytes& key : std::set(ledgers_.caught_up())) {
    const domain::ReturnLedger& ledger = ledgers_.state(key);
    if (!ledger.taken.empty()) caught_up.emplace(ledger.group, ledger.site);
  }
  return caught_up;
}

const domain::ReturnLedger& Replica::return_ledger(ShipGroupId group, const SiteId& site) {
  return ledgers_.state(domain::return_ledger_key(group, site).bytes());
}

std::optional<domain::Order> Replica::order(OrderId order) {
  std::optional<domain::Order> state;
  for (const LoggedRecord& logged : event_log_.read_key(domain::order_key(order).bytes())) {
    const Interpretation found = interpret_(provenance(logged.ref, {}), logged.record);
    if (!found.event) break;
    state = domain::evolve(std::move(state), std::get<domain::OrderEvent>(*found.event));
  }
  return state;
}

bool Replica::has_effect(const Bytes& biz_key) {
  if (biz_key.empty()) return false;
  Statement& select = writer_->prepare("SELECT 1 FROM business_key WHERE biz_key = ?1");
  const bool found = select.bind(Blob{biz_key}).step();
  select.reset();
  return found;
}

void Replica::begin_transaction() {
  stock_written_.clear();
  all_stock_written_ = false;
}

void Replica::note_stock(const SiteId& site, const Sku& sku) {
  changes_.stock_cells.emplace(site, sku);
  stock_written_.insert(sku);
}

std::vector<SiteStock> Replica::stock_by_site(const Sku& sku) {
  if (stock_book_ == nullptr || all_stock_written_ || stock_written_.contains(sku)) {
    return storage::stock_by_site(*writer_, sku);
  }
  return stock_book_->by_site(sku);
}

const std::vector<domain::Facility>& Replica::facilities() {
  if (!facilities_) facilities_ = storage::facilities(*writer_);
  return *facilities_;
}

std::optional<FeedPosition> Replica::place_own(const domain::EventType& type,
                                               const NewEvent& event) {
  if (identity_.role == Role::kSite || type.feed == domain::HubFeed::kNone) return std::nullopt;
  std::string name = wire::kCatalogueFeed;
  if (type.feed == domain::HubFeed::kSite) {
    if (event.site.empty()) return std::nullopt;  // head office's own staff goes nowhere
    name = wire::site_feed(event.site);
  }
  if (type.feed == domain::HubFeed::kNode) {
    name = wire::node_feed(NodeId(*Uuid::from_bytes(event.key.id)));
  }
  Feed& feed = event_log_.feed(name);
  feed.hub_gen = HubGeneration(identity_.inc.value());
  ++feed.head;
  event_log_.mark_changed(feed);
  changes_.feeds.insert(name);
  return FeedPosition{feed.id, feed.head};
}

/// What others did to this aggregate, as far as it is known here and not to the hub.
std::vector<EventRef> Replica::seen_of_others(const Bytes& key) {
  if (identity_.role == Role::kHub) return {};
  switch (kind_of(key)) {
    case domain::AggregateKind::kShipGroup:
      return groups_.unconfirmed_but_of(key, identity_.node, identity_.inc);
    case domain::AggregateKind::kReturnLedger:
      return ledgers_.unconfirmed_but_of(key, identity_.node, identity_.inc);
    default:
      return {};
  }
}

Result<EventRef> Replica::append(const NewEvent& event) {
  const auto type = domain::find_event_type(domain::type_of(event.event));
  CAIRN_ASSERT(type.has_value(), "every event is in the registry");
  CAIRN_ASSERT(type->aggregate == event.key.kind, "the key fits the event");
  wire::Record record;
  record.hlc = clock_.tick();
  record.type = type->id;
  record.sv = type->version;
  record.actor = event.actor;
  record.site = event.site;
  record.key = event.key.bytes();
  record.own_causes = event.own_causes;
  record.biz_key = event.biz_key;
  record.follows = seen_of_others(record.key);
  record.payload = wire::encode_payload(event.event);
  const auto octets = wire::encode_record(record);
  if (!octets) return fail(octets.error());

  Author& author = event_log_.author(identity_.node, identity_.inc);
  const auto position = place_own(*type, event);
  Interpretation found;
  found.kind = Interpretation::Kind::kUnderstood;
  found.meta = {
      {identity_.node, identity_.inc, author.head + 1}, record.hlc, event.actor, event.site};
  found.record = std::move(record);
  found.event = event.event;
  append_next(author, found, *octets, position);
  project(found, author, position.has_value());
  changes_.own_head = author.head;
  changes_.own_inc = author.inc;
  return found.meta.ref;
}

void Replica::append_next(Author& author, const Interpretation& found, const Bytes& octets,
                          std::optional<FeedPosition> position) {
  const std::uint64_t seq = event_log_.append(author, found.record, octets, position);
  CAIRN_ASSERT(seq == found.meta.ref.seq, "records are taken in their author's order");
}

/// Somebody else's record must not stop the others: what its effect cannot be is undone and set
/// aside. True: it took effect.
bool Replica::project_remote(const Interpretation& found, const Author& author, bool confirmed) {
  bool took_effect = found.kind == Interpretation::Kind::kUnderstood;
  if (!effect_savepoints_) {
    project(found, author, confirmed);
    return took_effect;
  }
  writer_->execute("SAVEPOINT effect");
  try {
    project(found, author, confirmed);
  } catch (const SqlFailure& failure) {
    if (failure.kind != SqlFailure::Kind::kConstraint) throw;
    writer_->execute("ROLLBACK TO effect");
    Interpretation failed = found;
    failed.reason = failure.message;
    quarantine(failed, author, "FAILED");
    took_effect = false;
  }
  writer_->execute("RELEASE effect");
  return took_effect;
}

void Replica::project(const Interpretation& found, const Author& author, bool confirmed) {
  if (!found.record.biz_key.empty()) {
    writer_
        ->prepare("INSERT OR IGNORE INTO business_key (biz_key, author, seq) VALUES (?1, ?2, ?3)")
        .bind(Blob{found.record.biz_key}, author.id, found.meta.ref.seq)
        .run();
  }
  if (found.kind == Interpretation::Kind::kInadmissible) {
    quarantine(found, author, "INADMISSIBLE");
    return;
  }
  if (found.kind == Interpretation::Kind::kParked) quarantine(found, author, "PARKED");
  if (project_ordered(found, confirmed)) return;
  if (!found.event) return;
  project_stock(found, author);
  if (const auto* const reference = std::get_if<domain::ReferenceEvent>(&*found.event)) {
    reference_.apply(found.meta, *reference);
    facilities_.reset();
  }
  if (const auto* const device = std::get_if<domain::DeviceEvent>(&*found.event)) {
    if (const auto id = Uuid::from_bytes(BytesView(found.record.key).substr(1))) {
      node_control_.apply(found.meta, NodeId(*id), *device);
      changes_.devices = true;
    }
  }
  if (const auto* const promise = std::get_if<domain::PromiseEvent>(&*found.event)) {
    promises_.apply(found.record.key, *promise);
  }
  if (const auto* const routing = std::get_if<domain::RoutingEvent>(&*found.event)) {
    rule_sets_.apply(found.meta, *routing);
  }
  if (const auto* const promotion = std::get_if<domain::PromotionEvent>(&*found.event)) {
    promotions_.apply(*promotion);
  }
  if (const auto* const order = std::get_if<domain::OrderEvent>(&*found.event)) {
    const OrderId id(*Uuid::from_bytes(BytesView(found.record.key).substr(1)));
    orders_.apply(id, *order);
    changes_.orders.insert(id);
    // Its ship groups may be here before it: the hub was put back, and the order came once more.
    if (std::holds_alternative<domain::OrderPlaced>(*order) ||
        std::holds_alternative<domain::OrderLineAdded>(*order)) {
      orders_.refresh_routed(id);
    }
  }
  project_money(found);
}

void Replica::project_stock(const Interpretation& found, const Author& author) {
  if (const auto* const stock = std::get_if<domain::StockEvent>(&*found.event)) {
    stock_.apply({found.meta, *stock}, author.id);
    changes_.stock = true;
    if (identity_.role == Role::kHub) {
      note_stock(found.meta.site, std::visit([](const auto& e) { return e.sku; }, *stock));
    }
    if (const auto* const moved = std::get_if<domain::StockMoved>(stock)) {
      leases_.apply_sale(found.meta, *moved);
      changes_.leases = changes_.leases || moved->lease != StockLeaseId{};
    }
  }
  if (const auto* const lease = std::get_if<domain::LeaseEvent>(&*found.event)) {
    const auto cell = leases_.apply(found.meta, found.record.key, *lease);
    if (cell && identity_.role == Role::kHub) note_stock(cell->first, cell->second);
    changes_.leases = true;
  }
}

void Replica::project_money(const Interpretation& found) {
  const auto id = [&found] { return *Uuid::from_bytes(BytesView(found.record.key).substr(1)); };
  if (const auto* const payment = std::get_if<domain::PaymentEvent>(&*found.event)) {
    payments_.apply(PaymentId(id()), {found.meta, *payment});
    changes_.payments.insert(PaymentId(id()));
  }
  if (const auto* const value = std::get_if<domain::StoredValueEvent>(&*found.event)) {
    payments_.apply(StoredValueId(id()), *value);
  }
}

/// True if the record belongs to an aggregate whose view is a fold.
bool Replica::project_ordered(const Interpretation& found, bool confirmed) {
  const auto add = [this, &found, confirmed]<class Event>(auto& views, std::optional<Event> event) {
    if (bulk_) return note_key(found.record.key);
    const ViewRecord<Event> record{found.meta, std::move(event), found.record.follows,
                                   found.record.reissue_of};
    if (confirmed) {
      views.add_confirmed(found.record.key, record);
    } else {
      views.add_unconfirmed(found.record.key, record);
    }
  };
  switch (kind_of(found.record.key)) {
    case domain::AggregateKind::kShipGroup: {
      const auto event = event_as<domain::ShipGroupEvent>(found);
      if (event && std::holds_alternative<domain::LabelAssigned>(*event)) {
        reference_.note_label(found.meta.ref.node, found.meta.ref.inc);
      }
      add(groups_, event);
      return true;
    }
    case domain::AggregateKind::kReturnLedger:
      add(ledgers_, event_as<domain::ReturnEvent>(found));
      return true;
    default:
      return false;
  }
}

Result<Replica::Taken> Replica::take_uplink(const EventRef& first, const SiteId& site,
                                            const std::vector<Bytes>& records) {
  const auto& [node, inc, seq] = first;
  Feed& feed = event_log_.feed(wire::site_feed(site));
  feed.hub_gen = HubGeneration(identity_.inc.value());
  Author& author = event_log_.author(node, inc);
  if (seq != author.head + 1) {
    return fail(ErrorCode::kConflict, "uplink_gap",
                fmt::format("record {} of {} does not follow {}, the last one held", seq,
                            node.value().text(), author.head));
  }
  Taken understood;
  for (const Bytes& octets : records) {
    const Interpretation found = interpret_({{node, inc, author.head + 1}, false, site}, octets);
    clock_.observe(found.meta.hlc);
    append_next(author, found, octets, FeedPosition{feed.id, ++feed.head});
    if (project_remote(found, author, true)) understood.push_back({found.meta, *found.event});
  }
  event_log_.mark_changed(feed);
  changes_.feeds.insert(feed.name);
  return understood;
}

Result<> Replica::check_hub(const wire::FeedFrame& frame, Feed& feed) {
  if (identity_.hub == NodeId{}) {
    identity_.hub = frame.hub_node;
    save_hub(*writer_, frame.hub_node);
  }
  if (feed.hub_gen == HubGeneration{}) {
    feed.hub_gen = frame.hub_gen;
    event_log_.mark_changed(feed);
  }
  if (identity_.hub != frame.hub_node || feed.hub_gen != frame.hub_gen) {
    return fail(ErrorCode::kConflict, "unknown_hub",
                "the feed comes from another hub, or from a hub that was restored from a backup");
  }
  return {};
}

Result<Replica::Applied> Replica::take_feed(const wire::FeedFrame& frame) {
  Feed& feed = event_log_.feed(frame.feed);
  if (auto ok = check_hub(frame, feed); !ok) return fail(ok.error());
  if (frame.base_fseq > feed.head + 1) return Applied{feed.head, Applied::End::kBeyondGap};
  std::uint64_t fseq = frame.base_fseq;
  for (const wire::FeedItem& item : frame.items) {
    const std::uint64_t last = fseq + positions_of(item) - 1;
    if (last > feed.head) {
      const auto taken = std::visit([this, &frame, at = FeedPosition{feed.id, fseq}](
                                        const auto& i) { return take_item(i, frame, at); },
                                    item);
      if (!taken) return fail(taken.error());
      if (!*taken) return Applied{feed.head, Applied::End::kRecordsMissing};
      feed.head = last;
      event_log_.mark_changed(feed);
      changes_.feeds.insert(feed.name);
    }
    fseq = last + 1;
  }
  return Applied{feed.head, Applied::End::kAll};
}

Result<bool> Replica::take_item(const wire::HubItem& item, const wire::FeedFrame& frame,
                                FeedPosition at) {
  const Incarnation inc = item.inc == Incarnation{} ? Incarnation(frame.hub_gen.value()) : item.inc;
  Author& hub = event_log_.author(frame.hub_node, inc);
  if (item.seq <= hub.head) {
    // Held from an earlier generation of the hub, which has taken it back since.
    if (const auto held = event_log_.read({hub.node, hub.inc, item.seq})) {
      if (held->record != item.record) return forked(held->ref);
      confirm(hub, item.seq, at);
      return true;
    }
  }
  const Interpretation found =
      interpret_({{frame.hub_node, inc, item.seq}, true, site_of_feed(frame.feed)}, item.record);
  clock_.observe(found.meta.hlc);
  event_log_.append_sparse(hub, item.seq, found.record, item.record, at, item.seal);
  project_remote(found, hub, true);
  return true;
}

Result<bool> Replica::take_item(const wire::AuthorItem& item, const wire::FeedFrame& frame,
                                FeedPosition at) {
  Author& author = event_log_.author(item.ref.node, item.ref.inc);
  if (item.ref.seq <= author.head) {
    const auto held = event_log_.read(item.ref);
    if (!held || held->record == item.record) {
      confirm(author, item.ref.seq, at);
      return true;
    }
    // Ours are mended with the hub; what a neighbour said others wrote gives way to what the hub
    // has.
    if (item.ref.node == identity_.node || event_log_.confirmed_after(author, item.ref.seq - 1)) {
      return forked(item.ref);
    }
    set_aside(author, item.ref.seq - 1);
  }
  // What an earlier incarnation of this device wrote is somebody else's: its database is gone.
  const bool own = item.ref.node == identity_.node && item.ref.inc == identity_.inc;
  if (own || item.ref.seq != author.head + 1) {
    return fail(ErrorCode::kCorrupt, "author_gap",
                fmt::format("feed {} brings record {} of {}, {} are held here", frame.feed,
                            item.ref.seq, item.ref.node.value().text(), author.head));
  }
  const Interpretation found = interpret_({item.ref, false, site_of_feed(frame.feed)}, item.record);
  clock_.observe(found.meta.hlc);
  if (found.record.reissue_of) note_reissue(found.record, item.ref);
  append_next(author, found, item.record, at);
  project_remote(found, author, true);
  return true;
}

Result<bool> Replica::take_item(const wire::AuthorRun& item, const wire::FeedFrame&,
                                FeedPosition at) {
  const Author* const author = event_log_.find_author(item.first.node, item.first.inc);
  if (author == nullptr || author->head < item.last_seq) return false;
  if (const auto theirs = crypto::hash_from_bytes(item.chain);
      theirs && event_log_.chain_at(*author, item.last_seq) != *theirs) {
    return false;  // ours are other records: the hub's own tell where they part
  }
  // Positions before the cursor were confirmed by an earlier frame; confirming is idempotent.
  for (std::uint64_t seq = item.first.seq; seq <= item.last_seq; ++seq, ++at.fseq) {
    confirm(*author, seq, at);
  }
  return true;
}

void Replica::confirm(const Author& author, std::uint64_t seq, FeedPosition at) {
  if (!event_log_.confirm(author, seq, at)) return;
  Statement& select = writer_->prepare(
      "SELECT e.key FROM event_log e WHERE e.author = ?1 AND e.seq = ?2"
      " AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.author = e.author AND q.seq = e.seq"
      " AND q.kind = 'INADMISSIBLE')");
  if (!select.bind(author.id, seq).step()) return;
  const Bytes key = select.blob(0);
  select.reset();
  if (bulk_) return note_key(key);
  const EventRef ref{author.node, author.inc, seq};
  if (kind_of(key) == domain::AggregateKind::kShipGroup) groups_.confirm(key, ref);
  if (kind_of(key) == domain::AggregateKind::kReturnLedger) ledgers_.confirm(key, ref);
}

/// The view is made anew at the end of the installation.
void Replica::note_key(const Bytes& key) {
  if (kind_of(key) == domain::AggregateKind::kShipGroup) bulk_->groups.insert(key);
  if (kind_of(key) == domain::AggregateKind::kReturnLedger) bulk_->ledgers.insert(key);
}

void Replica::save_views() {
  for (const Bytes& key : groups_.save_changed()) {
    const ShipGroupId group(*Uuid::from_bytes(BytesView(key).substr(1)));
    if (identity_.role == Role::kHub) {
      const domain::ShipGroup& state = ship_group(group);
      orders_.refresh_routed(state.order);
      for (const domain::ShipGroupLineState& line : state.lines) {
        note_stock(state.site, line.line.sku);
      }
    }
    changes_.ship_groups.insert(group);
  }
  changes_.returns = !ledgers_.save_changed().empty() || changes_.returns;
}

Changes Replica::finish_job() {
  event_log_.flush();
  changes_.authors = event_log_.take_touched();
  save_views();
  groups_.end_job();
  ledgers_.end_job();
  committed_hub_ = identity_.hub;
  committed_inc_ = identity_.inc;
  return std::exchange(changes_, {});
}

void Replica::forget_job() {
  facilities_.reset();
  identity_.hub = committed_hub_;
  identity_.inc = committed_inc_;
  event_log_.forget();
  groups_.forget_job();
  ledgers_.forget_job();
  changes_ = {};
}

void Replica::reload() {
  facilities_.reset();
  reload_identity(*writer_, identity_);
  committed_hub_ = identity_.hub;
  committed_inc_ = identity_.inc;
  event_log_.forget();
  groups_.forget_all();
  ledgers_.forget_all();
  changes_ = {};
}

/// Aggregates met while the log is read again.
struct Replica::RebuildKeys {
  std::set<Bytes> groups;
  std::set<Bytes> ledgers;
  std::set<std::pair<std::int64_t, std::uint64_t>> without_effect;
};

void Replica::rebuild_one(const EventRef& ref, RebuildKeys& keys) {
  const auto logged = event_log_.read(ref);
  if (!logged) return;  // the hub's log has holes at a site
  const Interpretation found = read_logged(*logged);
  const Bytes& key = found.record.key;
  if (kind_of(key) == domain::AggregateKind::kShipGroup) {
    keys.groups.insert(key);
    const auto event = event_as<domain::ShipGroupEvent>(found);
    if (event && std::holds_alternative<domain::LabelAssigned>(*event)) {
      reference_.note_label(ref.node, ref.inc);
    }
  } else if (kind_of(key) == domain::AggregateKind::kReturnLedger) {
    keys.ledgers.insert(key);
  } else if (found.kind == Interpretation::Kind::kUnderstood) {
    const Author& author = event_log_.author(ref.node, ref.inc);
    if (keys.without_effect.contains({author.id, ref.seq})) return;
    project(found, author, logged->fseq != 0);
  }
}

void Replica::rebuild() {
  facilities_.reset();
  reference_.reset();
  node_control_.reset();
  stock_.reset();
  leases_.reset();
  orders_.reset();
  payments_.reset();
  promises_.reset();
  rule_sets_.reset();
  promotions_.reset();
  changes_.stock_anew = true;
  all_stock_written_ = true;
  RebuildKeys keys;
  keys.without_effect = failed_records(*writer_);
  for (const Author& author : event_log_.authors()) {
    if (author.node == identity_.hub) continue;
    for (std::uint64_t seq = 1; seq <= author.head; ++seq) {
      rebuild_one({author.node, author.inc, seq}, keys);
    }
  }
  // Of what the hub defines the last one holds, whichever generation wrote it.
  for (const EventRef& ref : event_log_.effect_order(identity_.hub)) rebuild_one(ref, keys);
  groups_.rebuild(keys.groups);
  ledgers_.rebuild(keys.ledgers);
  Statement& orders = writer_->prepare("SELECT DISTINCT order_id FROM ship_group");
  std::vector<OrderId> routed;
  orders.bind();
  while (orders.step()) routed.emplace_back(orders.uuid(0));
  for (const OrderId order : routed) orders_.refresh_routed(order);
}

}  // namespace cairn::storage
