#include "tests/sim/history.h"

#include "core/domain/registry.h"
#include "core/storage/interpret.h"
#include "tests/sim/replica_dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>
#include <variant>

namespace cairn::sim {

std::vector<HeldEvent> history_of(World& world, Endpoint& endpoint) {
  auto rows = all_records(endpoint.replica().connection());
  std::ranges::sort(rows, {}, &storage::LogRow::ref);
  std::vector<HeldEvent> history;
  for (const storage::LogRow& row : rows) {
    const EventRef& ref = row.ref;
    const bool by_hub = ref.node == world.hub().node;
    const Bytes& record = row.record;
    const auto site = storage::interpret({ref, by_hub, {}}, record).meta.site;
    auto found = storage::interpret({ref, by_hub, site}, record);
    if (!found.event) continue;
    history.push_back({found.meta, found.record.key, *std::move(found.event)});
  }
  return history;
}

namespace {

std::string units_of(const std::vector<domain::LineUnits>& lines) {
  std::string text;
  for (const domain::LineUnits& units : lines) {
    text += fmt::format(" {}x{}", units.line.value(), units.milli);
  }
  return text;
}

/// Line and quantity of an event, as far as it has any.
std::string figures(const domain::Event& event) {
  const auto text = [](const auto& e) -> std::string {
    if constexpr (requires {
                    e.line.value();
                    e.milli + 1;
                  }) {
      return fmt::format(" {}x{}", e.line.value(), e.milli);
    } else if constexpr (requires {
                           e.lines.front().milli + 1;
                           e.lines.front().line.value();
                         }) {
      return units_of(e.lines);
    } else if constexpr (requires {
                           e.lines.front().quantity;
                           e.lines.front().line;
                         }) {
      std::string all;
      for (const auto& l : e.lines) {
        if constexpr (requires {
                        l.quantity;
                        l.sold_milli;
                      }) {
          all += fmt::format(" {}x{} of {}", l.line.value(), l.quantity.milli, l.sold_milli);
        }
      }
      return all;
    } else if constexpr (requires {
                           e.from.text();
                           e.to.text();
                         }) {
      return fmt::format(" {} {} > {} {}", e.sku.text(), e.from.text(), e.to.text(),
                         e.quantity.milli);
    } else {
      return "";
    }
  };
  return std::visit(
      [&text](const auto& family) {
        if constexpr (requires { std::variant_size<std::decay_t<decltype(family)>>::value; }) {
          return std::visit(text, family);
        } else {
          return text(family);
        }
      },
      event);
}

}  // namespace

std::string story_of(World& world, ShipGroupId group) {
  std::map<EventRef, HeldEvent> history;
  for (HeldEvent& held : history_of(world, world.hub())) history.emplace(held.meta.ref, held);
  auto rows = all_records(world.hub().replica().connection());
  std::ranges::sort(rows, {}, [](const auto& row) { return std::pair(row.feed, row.fseq); });
  std::string text;
  for (const storage::LogRow& row : rows) {
    const EventRef& ref = row.ref;
    if (row.feed.empty()) continue;
    const auto found = history.find(ref);
    if (found == history.end()) continue;
    const HeldEvent& held = found->second;
    const auto* const moved = as<domain::StockMoved, domain::StockEvent>(held);
    const bool about = moved != nullptr ? moved->ship_group == group
                                        : held.key.find(group.value().bytes()) != Bytes::npos;
    if (!about) continue;
    int at = 0;
    for (const auto& endpoint : world.endpoints()) {
      if (endpoint->node == ref.node) at = endpoint->number;
    }
    text += fmt::format("{} {:>4}: {} wrote {} at {}: {}{}\n", row.feed, row.fseq, at, ref.seq,
                        held.meta.hlc.utc().us / 1000 % 10'000'000,
                        domain::find_event_type(domain::type_of(held.event))->name,
                        figures(held.event));
  }
  return text;
}

ShipGroupId group_of(const HeldEvent& held) {
  return ShipGroupId(*Uuid::from_bytes(BytesView(held.key).substr(1)));
}

}  // namespace cairn::sim
