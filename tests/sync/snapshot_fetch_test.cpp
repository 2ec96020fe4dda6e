#include "sync/snapshot_fetch.h"

#include "tests/support/catch.h"

namespace cairn::sync::snapshot_fetch_test {
namespace {

using std::chrono::seconds;
using Numbers = std::vector<std::uint32_t>;
using Stage = SnapshotFetch::Stage;

MonoTime at(std::int64_t second) { return MonoTime{second * 1'000'000}; }

Numbers ask(SnapshotFetch& fetch, MonoTime now) {
  const Numbers wanted = fetch.wanted(now);
  for (const std::uint32_t number : wanted) fetch.asked(number, now);
  return wanted;
}

TEST_CASE("snapshot fetch: the manifest first, then the parts, four at a time",
          "[sync][snapshot]") {
  SnapshotFetch fetch;
  CHECK(ask(fetch, at(1)).empty());
  CHECK_FALSE(fetch.deadline());
  fetch.begin(at(1));
  CHECK(ask(fetch, at(1)) == Numbers{0});
  CHECK(ask(fetch, at(1)).empty());
  fetch.have_manifest(std::vector<bool>(6), at(2));
  CHECK(fetch.parts() == 6);
  CHECK(ask(fetch, at(2)) == Numbers{1, 2, 3, 4});
  fetch.arrived(2);
  CHECK(ask(fetch, at(2)) == Numbers{5});
  fetch.saved(2);
  CHECK(fetch.done() == 1);
  for (const std::uint32_t number : {1U, 3U, 4U, 5U}) {
    fetch.arrived(number);
    fetch.saved(number);
  }
  CHECK(ask(fetch, at(2)) == Numbers{6});
  CHECK(fetch.stage() == Stage::kParts);
  fetch.arrived(6);
  CHECK_FALSE(fetch.deadline());
  fetch.saved(6);
  CHECK(fetch.stage() == Stage::kComplete);
  CHECK(ask(fetch, at(9)).empty());
}

TEST_CASE("snapshot fetch: what is here is not asked for", "[sync][snapshot]") {
  SnapshotFetch fetch;
  fetch.begin(at(1));
  fetch.have_manifest({true, false, true}, at(1));
  CHECK(fetch.done() == 2);
  CHECK(ask(fetch, at(1)) == Numbers{2});
  fetch.have_manifest({true, true}, at(1));
  CHECK(fetch.stage() == Stage::kComplete);
}

TEST_CASE("snapshot fetch: what does not come is asked for again, later each time, then no more",
          "[sync][snapshot]") {
  SnapshotFetch fetch({seconds(2), seconds(8), 1, 4});
  fetch.begin(at(0));
  fetch.have_manifest({false, false}, at(0));
  CHECK(ask(fetch, at(0)) == Numbers{1});
  CHECK(fetch.deadline() == at(2));
  CHECK(ask(fetch, at(1)).empty());
  CHECK(ask(fetch, at(2)) == Numbers{1});
  CHECK(fetch.deadline() == at(6));
  // One that came and cannot be kept waits for its time, too.
  fetch.arrived(1);
  fetch.useless(1);
  CHECK(ask(fetch, at(6)) == Numbers{1});
  CHECK(ask(fetch, at(14)) == Numbers{1});
  CHECK_FALSE(fetch.hopeless(at(21)));
  CHECK(fetch.hopeless(at(22)));
  fetch.begin(at(22));
  CHECK_FALSE(fetch.hopeless(at(22)));
  fetch.stop();
  CHECK(fetch.stage() == Stage::kNone);
}

}  // namespace
}  // namespace cairn::sync::snapshot_fetch_test
