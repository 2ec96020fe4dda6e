#pragma once
// The kernel's generator, read in blocks because a system call a number would show in id creation.
// Loop only (the port's rule): the block is not locked.

#include "core/base/random.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace cairn::runtime {

class SystemRandom final : public Random {
 public:
  std::uint64_t next() override;

 private:
  static constexpr std::size_t kBlock = 32;

  std::array<std::uint64_t, kBlock> block_{};
  std::size_t used_ = kBlock;
};

}  // namespace cairn::runtime
