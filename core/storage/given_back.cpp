// The part of Replica that follows a hub whose database was put back (docs/protocol.md,
// generations): the hub takes back what nodes kept of its feeds, a site follows another generation.

#include "core/base/assert.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/replica.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/feed_name.h"

#include <algorithm>
#include <utility>

namespace cairn::storage {

void Replica::begin_generation(HubGeneration fresh, Noticed noticed) {
  storage::begin_generation(*writer_, fresh, noticed, clock_.now());
  identity_.inc = Incarnation(fresh.value());
  event_log_.forget();
}

/// Kept to be looked at, without effect.
void Replica::give_up(const EventRef& ref, const Bytes& octets) {
  writer_
      ->prepare(
          "INSERT OR IGNORE INTO superseded_record (inc, seq, record, by_inc, by_seq)"
          " VALUES (?1, ?2, ?3, ?1, ?2)")
      .bind(ref.inc.value(), ref.seq, Blob{octets})
      .run();
}

namespace {

constexpr std::string_view kHoldsUnknown = "holds_unknown";

/// A definition of which only the last one counts.
bool is_definition(const Interpretation& found) {
  if (!found.event) return false;
  if (const auto* const lease = std::get_if<domain::LeaseEvent>(&*found.event)) {
    return std::holds_alternative<domain::LeasePolicyDefined>(*lease);
  }
  const auto* const reference = std::get_if<domain::ReferenceEvent>(&*found.event);
  return reference != nullptr && !std::holds_alternative<domain::LabelBlockGranted>(*reference);
}

}  // namespace

// ---- the hub takes back ----

Replica::Gift Replica::take_gift(const wire::HubItem& item, Feed& feed, const IsOurs& is_ours) {
  const EventRef ref{identity_.node, item.inc, item.seq};
  if (item.inc == identity_.inc || !is_ours(feed.name, item)) return Gift::kRefused;
  if (const auto held = event_log_.read(ref)) {
    return held->record == item.record ? Gift::kKnown : Gift::kRefused;
  }
  const SiteId site =
      feed.name.starts_with("site:") ? *SiteId::parse(feed.name.substr(5)) : SiteId{};
  const Interpretation found = interpret({ref, true, site}, item.record);
  // Since it was put back the hub may have said something newer, or done the same once more.
  const bool superseded =
      is_definition(found) && event_log_.latest_stamp(found.record.key) > found.record.hlc;
  if (superseded || has_effect(found.record.biz_key)) return Gift::kRefused;
  clock_.observe(found.meta.hlc);
  Author& author = event_log_.author(identity_.node, item.inc);
  event_log_.append_sparse(author, item.seq, found.record, item.record,
                           FeedPosition{feed.id, ++feed.head}, item.seal);
  project_remote(found, author, true);
  return Gift::kTaken;
}

Replica::Gift Replica::take_gift(const wire::AuthorItem& item, Feed& feed, const SiteId& site,
                                 Given& given) {
  const auto known = find_node(*writer_, item.ref.node);
  if (item.ref.node == identity_.node || (known && known->site != site)) return Gift::kRefused;
  const Author* const held = event_log_.find_author(item.ref.node, item.ref.inc);
  const std::uint64_t head = held == nullptr ? 0 : held->head;
  if (item.ref.seq <= head) {
    const auto record = event_log_.read(item.ref);
    if (record && record->record == item.record) return Gift::kKnown;
    give_up(item.ref, item.record);
    return Gift::kRefused;
  }
  const crypto::Hash128 before =
      held == nullptr ? crypto::chain_start(item.ref.node, item.ref.inc) : held->chain;
  const auto told = crypto::hash_from_bytes(item.chain);
  const bool goes_on =
      item.ref.seq == head + 1 && told && crypto::chain_next(before, item.record) == *told;
  if (!goes_on) {
    give_up(item.ref, item.record);
    return Gift::kRefused;
  }
  const Interpretation found = interpret({item.ref, false, site}, item.record);
  clock_.observe(found.meta.hlc);
  Author& author = event_log_.author(item.ref.node, item.ref.inc);
  append_next(author, found, item.record, FeedPosition{feed.id, ++feed.head});
  project_remote(found, author, true);
  given.authors.insert(item.ref.node);
  if (found.event) given.understood.push_back({found.meta, *found.event});
  return Gift::kTaken;
}

Result<Replica::Given> Replica::take_given(const wire::FeedFrame& copy, const SiteId& site,
                                           const IsOurs& is_ours) {
  const auto bad = [](const char* why) { return fail(ErrorCode::kInvalid, "bad_gift", why); };
  if (copy.hub_node != identity_.node) return bad("another hub's");
  if (copy.hub_gen.value() == identity_.inc.value()) return bad("it is of the generation of now");
  const bool of_site = copy.feed == wire::site_feed(site);
  Feed& feed = event_log_.feed(copy.feed);
  feed.hub_gen = HubGeneration(identity_.inc.value());
  const std::uint64_t before = feed.head;
  Given given;
  for (const wire::FeedItem& item : copy.items) {
    Gift gift = Gift::kRefused;
    if (const auto* const own = std::get_if<wire::HubItem>(&item)) {
      wire::HubItem named = *own;
      if (named.inc == Incarnation{}) named.inc = Incarnation(copy.hub_gen.value());
      gift = take_gift(named, feed, is_ours);
    } else if (const auto* const of_node = std::get_if<wire::AuthorItem>(&item);
               of_node && of_site) {
      gift = take_gift(*of_node, feed, site, given);
    } else {
      return bad("it holds what does not belong there");
    }
    if (gift == Gift::kTaken) ++given.taken;
    if (gift == Gift::kRefused) ++given.refused;
  }
  if (feed.head != before) {
    event_log_.mark_changed(feed);
    changes_.feeds.insert(feed.name);
    count_given_back(*writer_, feed.hub_gen, given.taken);
  }
  return given;
}

// ---- a site follows ----

bool Replica::enter_generation(HubGeneration gen, const std::vector<wire::FeedHead>& feeds) {
  bool taken_back = false;
  for (const wire::FeedHead& told : feeds) {
    Feed& feed = event_log_.feed(told.feed);
    if (feed.hub_gen == gen) continue;
    if (feed.hub_gen != HubGeneration{}) {
      const std::uint64_t common = std::min(told.common, feed.head);
      leave_generation(*writer_, feed.name, feed.hub_gen, common);
      taken_back = event_log_.unconfirm(feed, common) || taken_back;
      feed.head = common;
    }
    feed.hub_gen = gen;
    event_log_.mark_changed(feed);
  }
  unsettle_incarnations(*writer_);
  if (!taken_back) return false;
  save_number(*writer_, kHoldsUnknown, 1);
  event_log_.flush();
  rebuild();
  all_changed();
  return true;
}

bool Replica::holds_unknown() { return load_number(*writer_, kHoldsUnknown).value_or(0) != 0; }

std::size_t Replica::drop_unknown() {
  save_number(*writer_, kHoldsUnknown, 0);
  const auto unknown = event_log_.cut_unconfirmed(identity_.hub);
  if (unknown.empty()) return 0;
  for (const LoggedRecord& row : unknown) give_up(row.ref, row.record);
  event_log_.flush();
  rebuild();
  all_changed();
  return unknown.size();
}

}  // namespace cairn::storage
