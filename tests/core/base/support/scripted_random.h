#pragma once
// Random numbers that the test chose. Asking for more than it wrote down throws.

#include "core/base/random.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace cairn::test {

class ScriptedRandom final : public Random {
 public:
  explicit ScriptedRandom(std::vector<std::uint64_t> numbers) : numbers_(std::move(numbers)) {}

  std::uint64_t next() override { return numbers_.at(used_++); }
  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  std::vector<std::uint64_t> numbers_;
  std::size_t used_ = 0;
};

}  // namespace cairn::test
