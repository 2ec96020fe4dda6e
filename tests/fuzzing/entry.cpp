// libFuzzer's side: which target it explores is in CAIRN_FUZZ_TARGET.

#include "tests/fuzzing/target.h"

#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace {

cairn::fuzz::Target chosen_target() {
  const char* const name = std::getenv("CAIRN_FUZZ_TARGET");
  const auto target = name == nullptr ? nullptr : cairn::fuzz::find_target(name);
  if (target == nullptr) {
    std::fputs("CAIRN_FUZZ_TARGET must name a target of tests/fuzzing/targets.cpp\n", stderr);
    std::exit(2);
  }
  return target;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const cairn::fuzz::Target kTarget = chosen_target();
  kTarget({reinterpret_cast<const char*>(data), size});
  return 0;
}
