// The part of Replica that writes records again under other numbers (docs/protocol.md, repair).

#include "core/base/assert.h"
#include "core/domain/event_refs.h"
#include "core/domain/registry.h"
#include "core/storage/original_receipts.h"
#include "core/storage/replica.h"
#include "core/storage/salvage.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/event_codec.h"

#include <map>
#include <utility>
#include <vector>

namespace cairn::storage {
void Replica::renew(Incarnation fresh, Beginning why) {
  begin_incarnation(*writer_, fresh, why, clock_.now());
  forget_number(*writer_, kDatabaseSince);
  identity_.inc = fresh;
}

/// An own record that is taken back, and where it was.
struct Replica::Original {
  EventRef ref;
  Bytes octets;
  crypto::Hash128 chain{};
};

std::vector<Replica::Original> Replica::cut_originals(Incarnation forked, std::uint64_t common) {
  std::vector<Original> originals;
  bool begun = false;
  for (const OwnIncarnation& own : own_incarnations(*writer_)) {
    begun = begun || own.inc == forked;
    if (!begun) continue;
    Author& author = event_log_.author(identity_.node, own.inc);
    std::uint64_t seq = own.inc == forked ? common : 0;
    // A neighbour gave back an earlier one's records when this one's were at the hub already.
    if (own.inc != forked && event_log_.confirmed_after(author, 0)) continue;
    for (Bytes& octets : event_log_.cut(author, seq)) {
      const auto& before = originals.empty() || originals.back().ref.inc != own.inc
                               ? author.chain
                               : originals.back().chain;
      const auto chain = crypto::chain_next(before, octets);
      originals.push_back({{identity_.node, own.inc, ++seq}, std::move(octets), chain});
    }
    settle_incarnation(*writer_, own.inc);
  }
  return originals;
}

/// Writes the original's event again, under the next number of the incarnation that writes. What it
/// says of other originals it says of their new numbers.
void Replica::append_reissue(const Original& original,
                             const std::map<EventRef, std::uint64_t>& renamed) {
  const auto rename = [this, &renamed](EventRef& ref) {
    if (const auto found = renamed.find(ref); found != renamed.end()) {
      ref = {identity_.node, identity_.inc, found->second};
    }
  };
  const std::uint64_t seq = renamed.at(original.ref);
  auto record = wire::decode_record(original.octets);
  CAIRN_ASSERT(record.has_value(), "this device wrote it");
  for (EventRef& cause : record->causes) rename(cause);
  for (EventRef& before : record->follows) rename(before);
  for (const std::uint32_t back : std::exchange(record->own_causes, {})) {
    EventRef cause{original.ref.node, original.ref.inc, original.ref.seq - back};
    rename(cause);
    if (cause.inc == identity_.inc) {
      record->own_causes.push_back(static_cast<std::uint32_t>(seq - cause.seq));
    } else {
      record->causes.push_back(cause);
    }
  }
  record->reissue_of = original.ref;
  record->reissue_hash = crypto::to_bytes(original.chain);
  if (auto event = wire::decode_event(record->type, record->sv, record->payload)) {
    domain::each_ref(*event, rename);
    record->sv = domain::find_event_type(record->type)->version;
    record->payload = wire::encode_payload(*event);
  }
  const auto octets = wire::encode_record(*record);
  CAIRN_ASSERT(octets.has_value(), "it was small enough before");
  Author& author = event_log_.author(identity_.node, identity_.inc);
  event_log_.append(author, *record, *octets, std::nullopt);
  if (!record->biz_key.empty()) {
    writer_
        ->prepare("INSERT OR IGNORE INTO business_key (biz_key, author, seq) VALUES (?1, ?2, ?3)")
        .bind(Blob{record->biz_key}, author.id, seq)
        .run();
  }
  writer_
      ->prepare(
          "INSERT INTO superseded_record (inc, seq, record, by_inc, by_seq)"
          " VALUES (?1, ?2, ?3, ?4, ?5)")
      .bind(original.ref.inc.value(), original.ref.seq, Blob{original.octets},
            identity_.inc.value(), seq)
      .run();
  remember_reissue(*record, {identity_.node, identity_.inc, seq});
}

Result<std::size_t> Replica::reissue(Incarnation forked, std::uint64_t common, Incarnation fresh) {
  if (event_log_.confirmed_after(event_log_.author(identity_.node, forked), common)) {
    return fail(
        ErrorCode::kConflict, "confirmed_records",
        "the hub has confirmed records that it says it does not have: it is another hub, or "
        "was itself restored");
  }
  const auto originals = cut_originals(forked, common);
  renew(fresh, Beginning::kForked);
  std::map<EventRef, std::uint64_t> renamed;
  for (const Original& original : originals) {
    renamed.emplace(original.ref, renamed.size() + 1);
  }
  for (const Original& original : originals) append_reissue(original, renamed);
  end_reissue();
  return originals.size();
}

/// Every view follows from the log as it is now.
void Replica::end_reissue() {
  event_log_.flush();
  rebuild();
  changes_.own_head = event_log_.author(identity_.node, identity_.inc).head;
  changes_.own_inc = identity_.inc;
  forgo_originals(*writer_, identity_.inc, changes_.own_head);
  all_changed();
}

/// After every view was made anew.
void Replica::all_changed() {
  Statement& groups = writer_->prepare("SELECT DISTINCT id FROM ship_group");
  groups.bind();
  while (groups.step()) changes_.ship_groups.emplace(groups.uuid(0));
  changes_.stock = true;
  changes_.returns = true;
}

Replica::Salvaged Replica::salvage(Incarnation inc) {
  Salvaged done;
  const auto task = salvage_task(*writer_, inc);
  if (!task) return done;
  end_salvage(*writer_, inc);
  std::vector<Original> originals;
  std::uint64_t next = task->hub_has + 1;
  const auto missing_before = [this, inc, &next, &done](std::uint64_t seq) {
    if (next < seq) {
      save_lost(*writer_, {inc, next, seq - 1});
      done.lost += seq - next;
    }
    next = seq + 1;
  };
  for (SalvagedRecord& record :
       storage::salvage(task->aside, identity_.node, inc, task->hub_has, task->last)) {
    if (!wire::decode_record(record.octets)) continue;
    missing_before(record.ref.seq);
    originals.push_back({record.ref, std::move(record.octets), record.chain});
  }
  missing_before(task->last + 1);
  if (originals.empty()) return done;
  std::map<EventRef, std::uint64_t> renamed;
  const std::uint64_t head = event_log_.author(identity_.node, identity_.inc).head;
  for (const Original& original : originals) {
    renamed.emplace(original.ref, head + renamed.size() + 1);
  }
  for (const Original& original : originals) append_reissue(original, renamed);
  end_reissue();
  done.records = originals.size();
  return done;
}

}  // namespace cairn::storage
