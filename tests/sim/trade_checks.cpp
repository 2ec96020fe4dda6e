// The invariants of trade: stock, units of ship groups, labels, refunds, orders. The figures are
// made anew from the events and compared with the rows.

#include "core/domain/invariants.h"
#include "core/domain/label/label_numbers.h"
#include "core/storage/sqlite/statement.h"
#include "tests/sim/checks.h"
#include "tests/sim/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

namespace cairn::sim {
namespace {

using storage::Connection;
using storage::Statement;
using History = std::vector<HeldEvent>;

void expect_none(World& world, Endpoint& endpoint, const char* invariant, const char* what,
                 const std::string& sql) {
  const auto found = number(endpoint.replica().connection(), sql);
  if (found == 0) return;
  world.violation(fmt::format("{}: endpoint {}: {} {}", invariant, endpoint.number, found, what));
}

/// I10, from the events themselves: the rule applied to the whole set at once.
void check_cells(World& world, Endpoint& endpoint, const History& history) {
  using Cell = std::tuple<std::string, std::string, std::string>;
  std::map<Cell, std::pair<std::vector<domain::CellCount>, std::vector<domain::CellMovement>>>
      cells;
  for (const HeldEvent& held : history) {
    const std::string site = held.meta.site.text();
    const domain::StockPosition at{held.meta.hlc, held.meta.ref};
    if (const auto* const counted = as<domain::StockCounted, domain::StockEvent>(held)) {
      cells[{site, counted->sku.text(), counted->location.text()}].first.push_back(
          {at, counted->quantity.milli});
    }
    const auto* const moved = as<domain::StockMoved, domain::StockEvent>(held);
    if (moved == nullptr) continue;
    const auto move = [&](const LocationCode& location, std::int64_t delta) {
      if (location.empty()) return;
      cells[{site, moved->sku.text(), location.text()}].second.push_back({at, delta});
    };
    move(moved->from, -moved->quantity.milli);
    move(moved->to, moved->quantity.milli);
  }
  for (const auto& [cell, events] : cells) {
    const auto& [site, sku, location] = cell;
    Statement& row = endpoint.replica().connection().prepare(
        "SELECT on_hand_milli FROM stock_cell WHERE site = ?1 AND sku = ?2 AND location = ?3");
    const std::int64_t shown = row.bind(site, sku, location).step() ? row.integer(0) : 0;
    row.reset();
    const std::int64_t expected = domain::on_hand_milli(events.first, events.second);
    if (shown != expected) {
      world.violation(fmt::format("I10: endpoint {}: {} {} {} shows {}, events say {}",
                                  endpoint.number, site, sku, location, shown, expected));
    }
  }
}

/// What the events of trade, not those of stock, say about one article of a site.
struct Opening {
  std::int64_t counted = 0;  ///< imported
  std::int64_t left = 0;     ///< shipped, handed over or lost
  std::int64_t came = 0;     ///< returned
  bool recounted = false;    ///< a bin was found empty: the sum says nothing any more
};

std::map<std::pair<std::string, std::string>, Opening> openings(Endpoint& endpoint,
                                                                const History& history) {
  std::map<std::pair<std::string, std::string>, Opening> all;
  for (const HeldEvent& held : history) {
    const std::string site = held.meta.site.text();
    if (const auto* const counted = as<domain::StockCounted, domain::StockEvent>(held)) {
      Opening& opening = all[{site, counted->sku.text()}];
      if (counted->source == domain::CountSource::kImport) {
        opening.counted += counted->quantity.milli;
      } else {
        opening.recounted = true;
      }
    }
    if (const auto* const taken = as<domain::ReturnTaken, domain::ReturnEvent>(held)) {
      for (const auto& line : taken->lines) {
        all[{site, line.sku.text()}].came += line.quantity.milli;
      }
    }
    const auto leave = [&](const std::vector<domain::LineUnits>& lines) {
      const domain::ShipGroup& group = endpoint.replica().ship_group(group_of(held));
      for (const domain::LineUnits& units : lines) {
        const auto* const line = group.find(units.line);
        if (line != nullptr) all[{site, line->line.sku.text()}].left += units.milli;
      }
    };
    if (const auto* const e = as_group_event<domain::ShipGroupShipped>(held)) leave(e->lines);
    if (const auto* const e = as_group_event<domain::HandedOver>(held)) leave(e->lines);
    const auto* const moved = as<domain::StockMoved, domain::StockEvent>(held);
    if (moved != nullptr && moved->reason == domain::MovementReason::kIssueUndone) {
      all[{site, moved->sku.text()}].left -= moved->quantity.milli;
    }
    const auto* const shorted = as_group_event<domain::LineShorted>(held);
    if (shorted != nullptr && domain::effect_of(shorted->reason) == domain::ShortEffect::kLose) {
      leave({{shorted->line, shorted->milli}});
    }
  }
  return all;
}

/// I3, I10: what was there = what is there + what left - what came back.
void check_opening(World& world, Endpoint& endpoint, const History& history) {
  for (const auto& [article, opening] : openings(endpoint, history)) {
    if (opening.recounted) continue;
    Statement& select = endpoint.replica().connection().prepare(
        "SELECT coalesce(sum(on_hand_milli), 0) FROM stock_cell WHERE site = ?1 AND sku = ?2");
    const std::int64_t shown =
        select.bind(article.first, article.second).step() ? select.integer(0) : 0;
    select.reset();
    const std::int64_t expected = opening.counted - opening.left + opening.came;
    if (shown == expected) continue;
    world.violation(
        fmt::format("I3/I10: endpoint {}: {} has {} of {}, {} were counted, {} left, {}"
                    " came back",
                    endpoint.number, article.first, shown, article.second, opening.counted,
                    opening.left, opening.came));
  }
}

/// What the events say about the units of one line of a group.
struct LineFacts {
  std::int64_t picked = 0;
  std::int64_t put_back = 0;
  std::int64_t undone = 0;  ///< of the picked
};
using GroupLine = std::pair<ShipGroupId, LineNo>;
struct Facts {
  std::map<GroupLine, LineFacts> lines;
  std::set<ShipGroupId> came_back;  ///< groups of which somebody took units back
  std::set<EventRef> undone;        ///< hand-overs that were a mistake: they gave nothing away

  [[nodiscard]] LineFacts of(ShipGroupId group, LineNo line) const {
    const auto found = lines.find({group, line});
    return found == lines.end() ? LineFacts{} : found->second;
  }
};

Facts facts_of(const History& history) {
  Facts facts;
  for (const HeldEvent& held : history) {
    if (const auto* const e = as_group_event<domain::LinePicked>(held)) {
      facts.lines[{group_of(held), e->line}].picked += e->milli;
    }
    if (const auto* const e = as_group_event<domain::PickUndone>(held)) {
      facts.lines[{group_of(held), e->line}].undone += e->milli;
    }
    if (const auto* const e = as_group_event<domain::PutBackDone>(held)) {
      facts.lines[{group_of(held), e->line}].put_back += e->milli;
    }
    if (const auto* const e = as_group_event<domain::HandOverUndone>(held)) {
      facts.undone.insert(e->hand_over);
    }
    if (as_group_event<domain::UnitsReturned>(held) != nullptr) {
      facts.came_back.insert(group_of(held));
    }
  }
  return facts;
}

bool is_issue(domain::ShipGroupException::Kind kind) {
  using Kind = domain::ShipGroupException::Kind;
  return kind == Kind::kShippedUnpicked || kind == Kind::kShippedAfterCancel ||
         kind == Kind::kHandedAfterCancel || kind == Kind::kDuplicateHandOver;
}

/// Of what undoing says went back: what was known to be in the tote, or too much of it.
std::int64_t taken_back(const domain::ShipGroup& group, LineNo line) {
  std::int64_t sum = 0;
  for (const domain::PickedUnits& pick : group.picks) {
    if (pick.line == line) sum += pick.taken_back_milli;
  }
  return sum;
}

/// I13: every unit taken into a tote and not back by an undo is on its way to the customer, or with
/// him, or in a put-back.
void check_surplus(World& world, Endpoint& endpoint, const domain::ShipGroup& group,
                   const Facts& facts) {
  for (const auto& line : group.lines) {
    const std::int64_t picked = facts.of(group.id, line.line.line).picked;
    std::int64_t known = line.in.picked_milli + line.in.packed_milli + line.in.shipped_milli +
                         line.in.handed_over_milli + line.in.returned_milli +
                         taken_back(group, line.line.line);
    for (const domain::PutBack& back : group.put_backs) {
      if (back.line == line.line.line) known += back.milli;
    }
    if (known == picked) continue;
    world.violation(fmt::format(
        "I13: endpoint {}: {} line {}: {} were picked, {} are accounted for", endpoint.number,
        group.id.value().text(), line.line.line.value(), picked, known));
  }
}

/// Of a hand-over that was a mistake units came back all the same: two people say what cannot both
/// be, and the tote believes both until somebody counts.
bool returned_meanwhile(const domain::ShipGroup& group, const Facts& facts) {
  return facts.came_back.contains(group.id) &&
         std::ranges::any_of(group.hand_overs, &domain::HandOver::undone);
}

/// I10, I12: the tote holds what the group says is in it. Units that left without being known to
/// be there, and what was put back or undone twice, are missing from it: the exceptions say so.
void check_tote(World& world, Endpoint& endpoint, const domain::ShipGroup& group,
                const Facts& facts) {
  std::map<std::string, std::int64_t> expected;
  for (const auto& line : group.lines) {
    std::int64_t milli = line.in.picked_milli + line.in.packed_milli;
    for (const domain::PutBack& back : group.put_backs) {
      if (back.line == line.line.line) milli += back.milli;
    }
    const LineFacts said = facts.of(group.id, line.line.line);
    milli -= said.put_back + said.undone - taken_back(group, line.line.line);
    for (const domain::ShipGroupException& exception : group.exceptions) {
      if (exception.line == line.line.line && is_issue(exception.kind) &&
          !facts.undone.contains(exception.cause)) {
        milli -= exception.milli;
      }
    }
    expected[line.line.sku.text()] += milli;
  }
  for (const auto& [sku, milli] : expected) {
    Statement& row = endpoint.replica().connection().prepare(
        "SELECT on_hand_milli FROM stock_cell WHERE site = ?1 AND sku = ?2 AND location = ?3");
    const std::int64_t shown =
        row.bind(group.site.text(), sku, domain::tote_of(group.id).text()).step() ? row.integer(0)
                                                                                  : 0;
    row.reset();
    if (shown == milli || returned_meanwhile(group, facts)) continue;
    world.violation(
        fmt::format("I10/I12: endpoint {}: {} of {} are in the tote of {}, the group"
                    " says {}",
                    endpoint.number, shown, sku, group.id.value().text(), milli));
  }
}

std::vector<ShipGroupId> groups_of(Endpoint& endpoint) {
  Statement& select = endpoint.replica().connection().prepare("SELECT id FROM ship_group");
  select.bind();
  std::vector<ShipGroupId> groups;
  while (select.step()) groups.emplace_back(select.uuid(0));
  return groups;
}

/// I12: eight buckets that sum up, in the rows and in the views; a package holds what is packed.
void check_buckets(World& world, Endpoint& endpoint) {
  expect_none(world, endpoint, "I12", "lines whose buckets are wrong",
              "SELECT count(*) FROM ship_group_line WHERE min(open_milli, picked_milli,"
              " packed_milli, shipped_milli, handed_over_milli, short_milli, cancelled_milli,"
              " returned_milli) < 0 OR open_milli + picked_milli + packed_milli + shipped_milli +"
              " handed_over_milli + short_milli + cancelled_milli + returned_milli"
              " <> ordered_milli");
  expect_none(world, endpoint, "I12", "lines with more packed than their packages hold",
              "SELECT count(*) FROM ship_group_line l WHERE l.packed_milli > (SELECT"
              " coalesce(sum(p.milli), 0) FROM package_line p WHERE p.group_id = l.group_id"
              " AND p.line = l.line)");
  expect_none(world, endpoint, "I13", "put-backs with more done than there was",
              "SELECT count(*) FROM put_back WHERE done_milli > milli OR milli <= 0");
}

void check_groups(World& world, Endpoint& endpoint, const History& history) {
  const Facts facts = facts_of(history);
  for (const ShipGroupId id : groups_of(endpoint)) {
    const domain::ShipGroup group = endpoint.replica().ship_group(id);
    if (const auto ok = domain::check_unit_buckets(group); !ok) {
      world.violation(ok.error().message);
    }
    check_surplus(world, endpoint, group, facts);
    check_tote(world, endpoint, group, facts);
  }
}

/// Over all devices: every label has sound numbers, and no number is used twice.
void check_numbers(World& world, const History& history) {
  // Two devices with one identity have the same block: nothing can keep them apart.
  if (world.clones() > 0) return;
  std::set<std::string> seen;
  for (const HeldEvent& held : history) {
    const auto* const label = as_group_event<domain::LabelAssigned>(held);
    if (label == nullptr) continue;
    if (!domain::is_sscc(label->sscc) || !domain::is_tracking_number(label->tracking)) {
      world.violation("labels: " + label->sscc + " is no SSCC, or has no tracking number");
    }
    if (!seen.insert(label->sscc).second || !seen.insert(label->tracking).second) {
      world.violation("labels: number " + label->sscc + " is on two packages");
    }
  }
}

/// A label is printed again only after somebody looked: between two prints of a package lies a
/// failure or a look. Devices can do it without knowing of each other, also of whose print it was
/// that failed; then the group says so.
void check_prints(World& world, const Workload& workload) {
  // A device that forgot that it printed prints again; a copy of one prints the same.
  if (world.clones() > 0 || world.devices_restored() > 0) return;
  for (const auto& [package, print] : workload.printed()) {
    if (print.times <= 1) continue;
    const domain::ShipGroup& group = world.hub().replica().ship_group(print.group);
    const bool told = std::ranges::any_of(group.exceptions, [](const auto& exception) {
      return exception.kind == domain::ShipGroupException::Kind::kDuplicateLabel;
    });
    if (told) continue;
    world.violation(fmt::format("labels: that of {} of {} came out of {} devices {} times",
                                package.text(), print.group.value().text(), print.nodes.size(),
                                print.times));
  }
}

/// Per line of a group, over all sites: what was taken back, and what of it is contested.
struct Refunds {
  std::int64_t taken = 0;
  std::int64_t exceptions = 0;
  std::int64_t money = 0;
};

/// I14: nobody is owed more than was paid; what was taken twice is an exception, once.
void check_refunds(World& world) {
  // With the hub and a device both put back a refund may be gone that another is contested for.
  if (world.hub().restored > 0 && world.devices_restored() > 0) return;
  Connection& hub = world.hub().replica().connection();
  std::map<GroupLine, Refunds> lines;
  Statement& taken = hub.prepare("SELECT group_id, line, milli, refund_minor FROM return_line");
  taken.bind();
  while (taken.step()) {
    Refunds& line =
        lines[{ShipGroupId(taken.uuid(0)), LineNo(static_cast<std::uint32_t>(taken.integer(1)))}];
    line.taken += taken.integer(2);
    line.money += taken.integer(3);
  }
  Statement& contested = hub.prepare("SELECT group_id, line, milli FROM refund_exception");
  contested.bind();
  while (contested.step()) {
    lines[{ShipGroupId(contested.uuid(0)),
           LineNo(static_cast<std::uint32_t>(contested.integer(1)))}]
        .exceptions += contested.integer(2);
  }
  for (const auto& [at, refunds] : lines) {
    const domain::ShipGroup& group = world.hub().replica().ship_group(at.first);
    const auto* const known = group.find(at.second);
    if (known == nullptr) {
      world.violation(
          fmt::format("I14/I20: {} came back, and nobody knows it", at.first.value().text()));
      continue;
    }
    const auto& line = *known;
    const std::int64_t sold =
        line.in.shipped_milli + line.in.handed_over_milli + line.in.returned_milli;
    const std::int64_t twice = std::max<std::int64_t>(0, refunds.taken - sold);
    const std::int64_t owed =
        refunds.money - refunds.exceptions / kMilliPerUnit * line.line.unit_price.minor;
    const std::int64_t paid = sold / kMilliPerUnit * line.line.unit_price.minor;
    // What is handed over again after a mistake was contested while it was a mistake.
    const bool undone = std::ranges::any_of(group.hand_overs, &domain::HandOver::undone);
    const bool once = undone ? refunds.exceptions >= twice : refunds.exceptions == twice;
    const bool counted = undone ? line.in.returned_milli <= refunds.taken - twice
                                : line.in.returned_milli == refunds.taken - twice;
    if (once && counted && owed <= paid) continue;
    world.violation(
        fmt::format("I14: {} line {}: {} sold, {} taken back, {} contested, {} counted"
                    " as returned, {} owed of {} paid",
                    group.id.value().text(), at.second.value(), sold, refunds.taken,
                    refunds.exceptions, line.in.returned_milli, owed, paid));
  }
}

/// The order's lines are the sums of its groups, and nothing is promised twice.
void check_orders(World& world) {
  constexpr const char* kSum =
      "(SELECT coalesce(sum(l.{0}), 0) FROM ship_group g JOIN ship_group_line l"
      " ON l.group_id = g.id WHERE g.order_id = o.order_id AND l.line = o.line)";
  const auto sum = [kSum](const char* column) { return fmt::format(fmt::runtime(kSum), column); };
  expect_none(world, world.hub(), "orders", "lines are not the sum of their groups",
              "SELECT count(*) FROM order_line o WHERE o.group_cancelled_milli <> " +
                  sum("cancelled_milli") + " OR o.routed_milli <> " + sum("ordered_milli") + " - " +
                  sum("short_milli") + " - " + sum("cancelled_milli"));
  expect_none(world, world.hub(), "orders", "queues are not the sum of what waits",
              "WITH lines AS (SELECT sku, pickup_site, sum(waiting_milli) AS milli,"
              " sum(waiting_pickup_milli) AS pickup_milli FROM order_line WHERE waiting_milli > 0"
              " GROUP BY sku, pickup_site) SELECT"
              " (SELECT count(*) FROM (SELECT * FROM lines EXCEPT SELECT * FROM article_queue)) +"
              " (SELECT count(*) FROM (SELECT * FROM article_queue EXCEPT SELECT * FROM lines))");
  // An order that a hub had lost and was sent again is routed anew before the devices that fill it
  // are heard: an exception for a person.
  if (world.hub().restored > 0) return;
  expect_none(world, world.hub(), "orders", "lines are promised or cancelled twice",
              "SELECT count(*) FROM order_line WHERE unrouted_milli < 0 OR waiting_milli < 0 OR"
              " cancelled_milli > ordered_milli");
}

}  // namespace

void check_trade(World& world, const Workload& workload) {
  for (auto& endpoint : world.endpoints()) {
    const History history = history_of(world, *endpoint);
    check_cells(world, *endpoint, history);
    check_opening(world, *endpoint, history);
    check_buckets(world, *endpoint);
    check_groups(world, *endpoint, history);
    if (endpoint->number == kHub) check_numbers(world, history);
  }
  check_prints(world, workload);
  check_refunds(world);
  check_orders(world);
}

std::map<std::string, std::int64_t> count_at_rest(World& world) {
  Connection& hub = world.hub().replica().connection();
  std::map<std::string, std::int64_t> counts;
  const auto count = [&hub, &counts](const std::string& what, const std::string& sql) {
    counts[what] = number(hub, sql);
  };
  count("given back", "SELECT coalesce(sum(given_back), 0) FROM hub_generation");
  for (const auto& endpoint : world.endpoints()) {
    counts[endpoint->number == kHub ? "folded at the hub" : "folded at devices"] += number(
        endpoint->replica().connection(), "SELECT coalesce(sum(records), 0) FROM log_segment");
  }
  count("groups", "SELECT count(*) FROM ship_group");
  count("groups shipped", "SELECT count(*) FROM ship_group WHERE status = 'SHIPPED'");
  count("groups handed over", "SELECT count(*) FROM ship_group WHERE status = 'HANDED_OVER'");
  count("groups cancelled", "SELECT count(*) FROM ship_group WHERE status = 'CANCELLED'");
  count("groups rejected", "SELECT count(*) FROM ship_group WHERE status = 'REJECTED'");
  count("packages", "SELECT count(*) FROM package");
  count("labels", "SELECT count(*) FROM package WHERE label = 'PRINTED'");
  count("label blocks", "SELECT count(*) FROM label_block");
  count("units short", "SELECT coalesce(sum(short_milli), 0) / 1000 FROM ship_group_line");
  count("units cancelled in groups",
        "SELECT coalesce(sum(cancelled_milli), 0) / 1000 FROM ship_group_line");
  count("units cancelled before",
        "SELECT coalesce(sum(own_cancelled_milli), 0) / 1000 FROM order_line");
  count("units converted", "SELECT coalesce(sum(converted_milli), 0) / 1000 FROM order_line");
  count("put-backs", "SELECT count(*) FROM put_back");
  count("put-backs done", "SELECT count(*) FROM put_back WHERE done_milli = milli");
  count("returns", "SELECT count(*) FROM return_taken");
  count("returns of other sites' sales",
        "SELECT count(*) FROM return_taken r JOIN ship_group g ON g.id = r.group_id"
        " WHERE g.site <> r.site");
  count("refunds above the limit",
        "SELECT count(*) FROM return_taken WHERE approved_by <> zeroblob(16)");
  count("refunds twice here", "SELECT count(*) FROM refund_exception WHERE elsewhere = 0");
  count("refunds contested", "SELECT count(*) FROM refund_exception WHERE elsewhere = 1");
  for (const char* const kind :
       {"LOST_CLAIM", "SHIPPED_UNPICKED", "PACKED_UNPICKED", "SHIPPED_AFTER_CANCEL",
        "HANDED_AFTER_CANCEL", "DUPLICATE_HANDOVER", "DUPLICATE_LABEL", "UNDONE_UNPICKED"}) {
    count(kind, fmt::format("SELECT count(*) FROM ship_group_exception WHERE kind = '{}'", kind));
  }
  return counts;
}

}  // namespace cairn::sim
