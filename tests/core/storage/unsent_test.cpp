#include "core/storage/unsent.h"

#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <optional>
#include <string>
#include <vector>

namespace cairn::storage::unsent_test {
namespace {

TEST_CASE("unsent records: runs are told by incarnation, in their order", "[storage][unsent]") {
  CHECK(to_text(std::nullopt) == "unknown");
  CHECK(to_text(std::vector<UnsentRun>{}) == "none");
  CHECK(to_text(std::vector<UnsentRun>{{Incarnation(0xAB), 3, 7}}) == "00000000000000ab: 3 to 7");
  CHECK(to_text(std::vector<UnsentRun>{{Incarnation(1), 3, 7}, {Incarnation(2), 1, 1}}) ==
        "0000000000000001: 3 to 7, 0000000000000002: 1 to 1");
}

TEST_CASE("unsent records: a file that is no database cannot tell", "[storage][unsent]") {
  const test::TempFolder folder;
  test::write_file(folder.file("db"), std::string(8192, 'x'));
  CHECK_FALSE(unsent_runs(folder.file("db")));
  CHECK_FALSE(unsent_runs(folder.file("nothing-here")));
}

}  // namespace
}  // namespace cairn::storage::unsent_test
