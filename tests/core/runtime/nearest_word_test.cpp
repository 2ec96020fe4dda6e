#include "core/runtime/detail/nearest_word.h"

#include "tests/support/catch.h"

namespace cairn::runtime::nearest_word_test {
namespace {

TEST_CASE("nearest word: finds what was meant, within two typing errors", "[runtime][config]") {
  const std::set<std::string> words = {"device", "listen", "data_dir", "url"};
  CHECK(nearest_word("devce", words) == "device");
  CHECK(nearest_word("dveice", words) == "device");
  CHECK(nearest_word("listenn", words) == "listen");
  CHECK(nearest_word("date_dri", words) == "data_dir");
  CHECK(nearest_word("uri", words) == "url");
  CHECK(nearest_word("printer", words) == std::nullopt);
  CHECK(nearest_word("u", words) == std::nullopt);
  CHECK(nearest_word("", words) == std::nullopt);
  CHECK(nearest_word(std::string(1000, 'x'), words) == std::nullopt);
}

}  // namespace
}  // namespace cairn::runtime::nearest_word_test
