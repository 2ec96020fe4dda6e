#include "tests/core/wire/support/fixture.h"

#include <fstream>
#include <iterator>

namespace cairn::wire::test {

Bytes fixture(const std::string& name) {
  std::ifstream file(std::string(CAIRN_FIXTURES) + "/" + name);
  std::string hex{std::istreambuf_iterator<char>(file), {}};
  std::erase_if(hex, [](char c) { return c == '\n' || c == ' '; });
  return from_hex(hex).value_or(Bytes{});
}

std::string as_fixture(BytesView bytes) {
  constexpr std::size_t kOctetsALine = 32;
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += kOctetsALine) {
    text += to_hex(bytes.substr(at, kOctetsALine)) + "\n";
  }
  return text;
}

}  // namespace cairn::wire::test
