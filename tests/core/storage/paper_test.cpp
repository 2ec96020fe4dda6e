// What this device knows of the paper that it prints: kept over a restart, never replicated.

#include "core/storage/original_receipts.h"
#include "core/storage/waiting_labels.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

namespace cairn::storage::paper_test {
namespace {

using test::node;
using test::site;

Identity self(std::uint64_t inc = 1) { return test::site_identity(node(1), site("store"), inc); }
EventRef own(std::uint64_t seq, std::uint64_t inc = 1) { return {node(1), Incarnation(inc), seq}; }

struct Paper {
  explicit Paper(const std::string& path) : store(self(), path) {}
  bool take(const EventRef& act, std::uint64_t inc = 1) {
    const auto taken = store.job([&](UnitOfWork& work) -> Result<bool> {
      return take_original(work.connection(), self(inc), act);
    });
    REQUIRE(taken);
    return *taken;
  }
  void give_back(const EventRef& act) {
    REQUIRE(store.job([&](UnitOfWork& work) -> Result<bool> {
      give_back_original(work.connection(), act);
      return true;
    }));
  }
  test::Store store;
};

TEST_CASE("original receipts: of each thing done here there is one, also after a restart",
          "[storage][receipts]") {
  const test::TempFolder folder;
  {
    Paper paper(folder.file("db"));
    CHECK(paper.take(own(11)));
    CHECK_FALSE(paper.take(own(11)));
    CHECK(paper.take(own(12)));
    paper.give_back(own(12));
  }
  Paper paper(folder.file("db"));
  CHECK_FALSE(paper.take(own(11)));
  CHECK(paper.take(own(12)));
  CHECK(paper.take(own(5)));  // done before, and nobody has wanted its receipt until now
  CHECK_FALSE(paper.take(own(5)));
}

TEST_CASE("original receipts: what is undone was not taken", "[storage][receipts]") {
  Paper paper(":memory:");
  REQUIRE_FALSE(paper.store.job([&](UnitOfWork& work) -> Result<bool> {
    CHECK(take_original(work.connection(), self(), own(11)));
    return fail(ErrorCode::kRejected, "too_wide", "it does not fit");
  }));
  CHECK(paper.take(own(11)));
}

TEST_CASE(
    "original receipts: of what was done elsewhere, or by an earlier incarnation, only copies",
    "[storage][receipts]") {
  Paper paper(":memory:");
  CHECK_FALSE(paper.take({node(2), Incarnation(1), 11}));
  CHECK_FALSE(paper.take(own(11, 2)));
  CHECK_FALSE(paper.take(EventRef{}));
  CHECK(paper.take(own(11)));
  CHECK_FALSE(paper.take(own(12), 2));
  CHECK(paper.take(own(3, 2), 2));
}

TEST_CASE("original receipts: what is forgotten is a copy", "[storage][receipts]") {
  Paper paper(":memory:");
  const std::uint64_t many = kOriginalsKept + 100;
  REQUIRE(paper.store.job([&](UnitOfWork& work) -> Result<bool> {
    for (std::uint64_t seq = 1; seq <= many; ++seq) {
      CHECK(take_original(work.connection(), self(), own(2 * seq)));
    }
    return true;
  }));
  for (std::uint64_t seq = 1; seq <= many; seq += 50) CHECK_FALSE(paper.take(own(2 * seq)));
  CHECK_FALSE(paper.take(own(51)));
  CHECK(paper.take(own(2 * many - 1)));
  CHECK(paper.store.number("SELECT count(*) FROM original_receipt") == kOriginalsKept + 1);
}

TEST_CASE("original receipts: one that is given back takes no other's original with it",
          "[storage][receipts]") {
  Paper paper(":memory:");
  REQUIRE(paper.store.job([&](UnitOfWork& work) -> Result<bool> {
    for (std::uint64_t seq = 1; seq <= kOriginalsKept + 1; ++seq) {
      CHECK(take_original(work.connection(), self(), own(10 * seq)));
    }
    return true;
  }));
  paper.give_back(own(10));  // the least that is kept
  CHECK(paper.take(own(15)));
  CHECK_FALSE(paper.take(own(10)));
  paper.give_back(own(20));
  CHECK(paper.take(own(20)));
}

TEST_CASE("waiting labels: known over a restart, of this incarnation", "[storage][labels]") {
  const test::TempFolder folder;
  {
    Paper paper(folder.file("db"));
    REQUIRE(paper.store.job([](UnitOfWork& work) -> Result<bool> {
      for (const std::uint64_t seq : {7U, 7U, 8U, 9U}) {
        note_waiting_label(work.connection(), own(seq));
      }
      forget_waiting_label(work.connection(), own(8));
      forget_waiting_label(work.connection(), own(8));
      return true;
    }));
  }
  Paper paper(folder.file("db"));
  Connection& connection = paper.store.connection();
  CHECK(is_waiting_label(connection, self(), own(7)));
  CHECK_FALSE(is_waiting_label(connection, self(), own(8)));
  CHECK_FALSE(is_waiting_label(connection, self(2), own(7)));
  CHECK_FALSE(is_waiting_label(connection, self(), {node(2), Incarnation(1), 7}));
  REQUIRE(paper.store.job([](UnitOfWork& work) -> Result<bool> {
    forget_waiting_labels(work.connection());
    return true;
  }));
  CHECK_FALSE(is_waiting_label(connection, self(), own(9)));
}

}  // namespace
}  // namespace cairn::storage::paper_test
