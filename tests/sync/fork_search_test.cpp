// Finding where two logs part with few questions.

#include "sync/fork_search.h"

#include "tests/support/catch.h"

namespace cairn::sync::fork_search_test {
namespace {

/// Answers until the end is found; how many questions that took.
int find(ForkSearch& search, std::uint64_t common) {
  int questions = 0;
  while (!search.done()) {
    std::vector<bool> agree;
    for (const std::uint64_t place : search.places()) agree.push_back(place <= common);
    search.compared(agree);
    REQUIRE(++questions < 20);
  }
  return questions;
}

TEST_CASE("fork search: finds the last common record wherever it is", "[sync][repair]") {
  for (const std::uint64_t last : {1ULL, 2ULL, 3ULL, 64ULL, 65ULL, 1000ULL}) {
    for (std::uint64_t common = 0; common <= last; ++common) {
      CAPTURE(last, common);
      ForkSearch search(Incarnation(1), last);
      find(search, common);
      REQUIRE(search.common() == common);
      REQUIRE(search.forked() == (common < last));
    }
  }
}

TEST_CASE("fork search: a million records take four questions", "[sync][repair]") {
  for (const std::uint64_t common : {0ULL, 1ULL, 499'999ULL, 999'998ULL, 1'000'000ULL}) {
    ForkSearch search(Incarnation(1), 1'000'000);
    CHECK(find(search, common) <= 4);
    CHECK(search.common() == common);
  }
}

TEST_CASE("fork search: places are asked in order, within bounds, and never too many",
          "[sync][repair]") {
  ForkSearch search(Incarnation(1), 500);
  const auto places = search.places();
  REQUIRE(places.size() == wire::Compare::kMost);
  for (std::size_t i = 1; i < places.size(); ++i) CHECK(places[i - 1] < places[i]);
  CHECK(places.front() >= 1);
  CHECK(places.back() <= 500);
}

TEST_CASE("fork search: an answer to another question changes nothing", "[sync][repair]") {
  ForkSearch search(Incarnation(1), 500);
  search.compared({true, false});
  CHECK(search.common() == 0);
  CHECK(search.places().size() == wire::Compare::kMost);
}

}  // namespace
}  // namespace cairn::sync::fork_search_test
