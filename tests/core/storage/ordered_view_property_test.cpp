// The view against what it promises to show, worked out from scratch every time, over random
// histories of both kinds of aggregate.

#include "core/storage/ordered_view.h"
#include "tests/core/domain/support/any_story.h"
#include "tests/core/domain/support/returns.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

namespace cairn::storage::ordered_view_property_test {
namespace {

using domain::ReturnEvent;
using domain::ReturnLedger;
using domain::ShipGroup;
using domain::ShipGroupEvent;
using sim::SimRandom;
namespace facts = domain::test;

/// What a view has to show.
template <class State, class Event>
struct Naive {
  using Record = ViewRecord<Event>;
  std::vector<Record> confirmed;
  std::vector<Record> unconfirmed;

  struct View {
    State state;
    bool parked = false;
  };
  [[nodiscard]] View view() const {
    std::vector<Record> all = confirmed;
    std::vector<Record> rest = unconfirmed;
    std::ranges::sort(rest, {}, [](const Record& r) {
      return std::tuple(r.meta.hlc.value, r.meta.ref.node.value(), r.meta.ref.inc.value(),
                        r.meta.ref.seq);
    });
    all.insert(all.end(), rest.begin(), rest.end());
    View view;
    for (const Record& record : all) {
      view.parked = view.parked || !record.event;
      if (!view.parked) domain::evolve(view.state, {record.meta, *record.event});
    }
    return view;
  }
};

// ---- events of either kind ----

std::uint8_t any_octet(SimRandom& random) {
  return static_cast<std::uint8_t>(random.between(0, 255));
}

ShipGroupEvent any_event(SimRandom& random, const std::vector<EventRef>& seen, ShipGroup*) {
  const facts::RawEvent raw{any_octet(random), any_octet(random), any_octet(random),
                            any_octet(random), any_octet(random)};
  return facts::event_of(raw, seen);
}

ReturnEvent any_event(SimRandom& random, const std::vector<EventRef>& seen, ReturnLedger*) {
  const auto line = static_cast<std::uint32_t>(random.between(1, 3));
  if (!seen.empty() && random.one_in(5)) {
    const auto most = static_cast<std::int64_t>(seen.size()) - 1;
    return domain::RefundContested{seen[static_cast<std::size_t>(random.between(0, most))],
                                   LineNo(line), 1000};
  }
  domain::ReturnTaken taken;
  taken.group = facts::kGroup;
  taken.lines = {facts::came_back(line, 1000 * random.between(1, 3), 1000 * random.between(1, 5))};
  return taken;
}

template <class State, class Event>
class History {
 public:
  using Record = ViewRecord<Event>;

  explicit History(std::uint64_t seed) : random_(seed) {}

  void step() {
    const auto dice = random_.between(0, 99);
    if (dice < 50) {
      Record record = next_record();
      view.add_unconfirmed(record);
      naive.unconfirmed.push_back(record);
    } else if (dice < 70) {
      const Record record = next_record();
      view.add_confirmed(record);
      naive.confirmed.push_back(record);
    } else if (!naive.unconfirmed.empty()) {
      const auto most = static_cast<std::int64_t>(naive.unconfirmed.size()) - 1;
      const auto chosen = naive.unconfirmed.begin() + random_.between(0, most);
      view.confirm(chosen->meta.ref);
      naive.confirmed.push_back(*chosen);
      naive.unconfirmed.erase(chosen);
    }
  }

  OrderedView<State, Event> view;
  Naive<State, Event> naive;

 private:
  Record next_record() {
    const NodeId author = cairn::test::node(static_cast<std::uint8_t>(random_.between(1, 3)));
    const EventRef ref{author, Incarnation(1), ++seq_};
    // Stamps of different authors often collide; an author's own are not in order here either, as
    // after a bad clock.
    const Hlc stamp{static_cast<std::uint64_t>(random_.between(0, 20))};
    Record record{{ref, stamp, UserId{}, cairn::test::site("store")}, std::nullopt};
    if (!random_.one_in(60)) record.event = next_event();
    seen_.push_back(ref);
    return record;
  }
  Event next_event() {
    // Half of the histories of a group begin as they should.
    if constexpr (std::is_same_v<State, ShipGroup>) {
      if (seen_.empty() && random_.one_in(2)) return facts::event_of({0, 0, 0, 3, 0}, seen_);
    }
    return any_event(random_, seen_, static_cast<State*>(nullptr));
  }

  SimRandom random_;
  std::vector<EventRef> seen_;
  std::uint64_t seq_ = 0;
};

/// Runs many histories and compares after every step; `look` sees the end of each.
template <class State, class Event, class Look>
void check_histories(Look look) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    History<State, Event> history(seed);
    for (int i = 0; i < 30; ++i) {
      history.step();
      const auto expected = history.naive.view();
      if (history.view.state() == expected.state && history.view.parked() == expected.parked) {
        continue;
      }
      CAPTURE(seed, i);
      REQUIRE(history.view.state() == expected.state);
      REQUIRE(history.view.parked() == expected.parked);
    }
    look(history.view);
  }
}

TEST_CASE("group view: it always shows what sorting and folding everything would show",
          "[storage][ordered_view][property]") {
  int parked = 0;
  int put_backs = 0;
  int packages = 0;
  int hand_overs = 0;
  int exceptions = 0;
  check_histories<ShipGroup, ShipGroupEvent>([&](const GroupView& view) {
    parked += view.parked() ? 1 : 0;
    put_backs += view.state().put_backs.empty() ? 0 : 1;
    packages += view.state().packages.empty() ? 0 : 1;
    hand_overs += view.state().hand_overs.empty() ? 0 : 1;
    exceptions += view.state().exceptions.empty() ? 0 : 1;
  });
  // The histories really contain what the rules are for.
  CHECK(parked > 100);
  CHECK(put_backs > 500);
  CHECK(packages > 500);
  CHECK(hand_overs > 500);
  CHECK(exceptions > 500);
}

TEST_CASE("ledger view: it always shows what sorting and folding everything would show",
          "[storage][ordered_view][property]") {
  int parked = 0;
  int twice = 0;
  int contested = 0;
  check_histories<ReturnLedger, ReturnEvent>([&](const LedgerView& view) {
    parked += view.parked() ? 1 : 0;
    for (const auto& exception : view.state().exceptions) {
      (exception.elsewhere ? contested : twice) += 1;
    }
  });
  CHECK(parked > 100);
  CHECK(twice > 500);
  CHECK(contested > 500);
}

/// A set of events reaches many views, each in its own order: until the feed says otherwise all
/// show the same.
template <class State, class Event>
void check_permutations() {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    SimRandom random(seed);
    std::vector<EventRef> seen;
    std::vector<ViewRecord<Event>> records;
    for (std::uint64_t seq = 1; seq <= 25; ++seq) {
      const EventRef ref{cairn::test::node(static_cast<std::uint8_t>(random.between(1, 3))),
                         Incarnation(1), seq};
      const Hlc stamp{static_cast<std::uint64_t>(random.between(0, 9))};
      records.push_back({{ref, stamp, UserId{}, cairn::test::site("store")},
                         any_event(random, seen, static_cast<State*>(nullptr))});
      seen.push_back(ref);
    }
    std::optional<State> first;
    for (int order = 0; order < 10; ++order) {
      for (std::size_t i = records.size(); i > 1; --i) {
        std::swap(records[i - 1], records[random.next() % i]);
      }
      OrderedView<State, Event> view;
      for (const auto& record : records) view.add_unconfirmed(record);
      if (!first) first = view.state();
      REQUIRE(view.state() == *first);
    }
  }
}

TEST_CASE("views: the order in which unconfirmed records arrive changes nothing",
          "[storage][ordered_view][property]") {
  check_permutations<ShipGroup, ShipGroupEvent>();
  check_permutations<ReturnLedger, ReturnEvent>();
}

}  // namespace
}  // namespace cairn::storage::ordered_view_property_test
