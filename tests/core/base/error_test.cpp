#include "core/base/error.h"

#include "tests/support/catch.h"

#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::error_test {
namespace {

TEST_CASE("error: codes keep their names", "[base][error]") {
  const std::vector<std::pair<ErrorCode, std::string_view>> names{
      {ErrorCode::kInvalid, "invalid"},   {ErrorCode::kNotFound, "not_found"},
      {ErrorCode::kConflict, "conflict"}, {ErrorCode::kRejected, "rejected"},
      {ErrorCode::kDenied, "denied"},     {ErrorCode::kUnavailable, "unavailable"},
      {ErrorCode::kCorrupt, "corrupt"},   {ErrorCode::kInternal, "internal"},
  };
  for (const auto& [code, name] : names) CHECK(name_of(code) == name);
}

TEST_CASE("error: a context stands in front of the message and changes nothing else",
          "[base][error]") {
  const Error error{ErrorCode::kCorrupt, "bad_record", "cut off"};
  CHECK(error.with_context("feed cat") ==
        Error{ErrorCode::kCorrupt, "bad_record", "feed cat: cut off"});
  CHECK(error.with_context("a").with_context("b").message == "b: a: cut off");
}

}  // namespace
}  // namespace cairn::error_test
