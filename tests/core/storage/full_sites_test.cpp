#include "core/storage/full_sites.h"

#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::storage::full_sites_test {
namespace {

using domain::ShortReason;
using test::site;

struct Hub : test::GroupHub {
  UtcTime at(std::int64_t second) const { return {begin.us + second * 1'000'000}; }
  /// "york STORE_BUSY 10, ...": who is full, why, and since which second.
  std::string full() {
    std::string all;
    for (const auto& [name, said] : full_sites(connection())) {
      all += (all.empty() ? "" : ", ") + name.text() + " " + std::string(name_of(said.reason)) +
             " " + std::to_string((said.since.us - begin.us) / 1'000'000);
    }
    return all;
  }
  const UtcTime begin = clock.now;
};

TEST_CASE("full sites: STORE_BUSY and NO_CAPACITY hold until somebody resets them",
          "[storage][routing]") {
  Hub hub;
  CHECK(hub.full().empty());
  note_full(hub.connection(), site("york"), ShortReason::kStoreBusy, hub.at(10));
  note_full(hub.connection(), site("bath"), ShortReason::kNoCapacity, hub.at(20));
  CHECK(hub.full() == "bath NO_CAPACITY 20, york STORE_BUSY 10");
  reset_full(hub.connection(), site("york"), hub.at(30));
  reset_full(hub.connection(), site("leeds"), hub.at(30));
  CHECK(hub.full() == "bath NO_CAPACITY 20");
  // What it said before, and the hub hears of now, is over; what it says afterwards is not.
  note_full(hub.connection(), site("york"), ShortReason::kNoCapacity, hub.at(29));
  CHECK(hub.full() == "bath NO_CAPACITY 20");
  note_full(hub.connection(), site("york"), ShortReason::kNoCapacity, hub.at(31));
  CHECK(hub.full() == "bath NO_CAPACITY 20, york NO_CAPACITY 31");
}

TEST_CASE("full sites: or until so much time has passed since they said so last",
          "[storage][routing]") {
  Hub hub;
  note_full(hub.connection(), site("york"), ShortReason::kStoreBusy, hub.at(10));
  note_full(hub.connection(), site("york"), ShortReason::kNoCapacity, hub.at(50));
  note_full(hub.connection(), site("york"), ShortReason::kStoreBusy, hub.at(40));
  CHECK(hub.full() == "york NO_CAPACITY 50");
  forget_full(hub.connection(), hub.at(49));
  CHECK(hub.full() == "york NO_CAPACITY 50");
  forget_full(hub.connection(), hub.at(50));
  CHECK(hub.full().empty());
}

}  // namespace
}  // namespace cairn::storage::full_sites_test
