#include "core/program/hand_over_note.h"

#include "core/domain/key.h"
#include "core/wire/event_codec.h"
#include "core/wire/record.h"

#include <algorithm>
#include <variant>
#include <vector>

namespace cairn::program {

std::optional<HandOverNote> hand_over_note(storage::Connection& connection, ShipGroupId group) {
  std::vector<HandOverNote> given;
  const Bytes key = domain::ship_group_key(group).bytes();
  constexpr char kBeforeAny = '\x00';
  for (const storage::LogRow& row : storage::key_rows(connection, key, key + kBeforeAny)) {
    const auto record = wire::decode_record(row.record);
    if (!record) continue;
    const auto event = wire::decode_event(record->type, record->sv, record->payload);
    if (!event) continue;
    const auto* const about_group = std::get_if<domain::ShipGroupEvent>(&*event);
    if (about_group == nullptr) continue;
    if (std::holds_alternative<domain::HandedOver>(*about_group)) {
      given.push_back({row.ref, record->hlc, record->actor});
    } else if (const auto* const undone = std::get_if<domain::HandOverUndone>(about_group)) {
      std::erase_if(given,
                    [undone](const HandOverNote& one) { return one.ref == undone->hand_over; });
    }
  }
  if (given.empty()) return std::nullopt;
  return given.front();
}

}  // namespace cairn::program
