// domain::each_ref() knows every reference that the schema of events has: a new one must not be
// forgotten there, or records that are issued again name the wrong ones.

#include "core/domain/event_refs.h"

#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace cairn::wire::event_refs_test {
namespace {

/// Fields of type EventRef in the events' .proto files.
std::size_t fields_in_schema() {
  std::size_t fields = 0;
  const std::filesystem::path folder =
      std::filesystem::path(CAIRN_FIXTURES) / "../../core/wire/proto";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().filename().string().find("_events.proto") == std::string::npos) continue;
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string type;
      words >> type;
      if (type == "EventRef") ++fields;
    }
  }
  return fields;
}

TEST_CASE("references: as many are found as the schema has", "[wire][repair]") {
  std::size_t seen = 0;
  for (const test::Sample& sample : test::samples()) {
    domain::Event event = sample.event;
    domain::each_ref(event, [&seen](EventRef&) { ++seen; });
  }
  CHECK(seen == fields_in_schema());
  CHECK(seen > 0);
}

}  // namespace
}  // namespace cairn::wire::event_refs_test
