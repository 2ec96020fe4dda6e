#include "core/runtime/system_random.h"

#include "core/base/assert.h"

#include <sys/random.h>

#include <cerrno>
#include <span>
#include <utility>

namespace cairn::runtime {
namespace {

void fill_from_kernel(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    CAIRN_ASSERT(got > 0, "getrandom(2) is part of every kernel we run on");
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace

std::uint64_t SystemRandom::next() {
  if (used_ == kBlock) {
    fill_from_kernel(std::as_writable_bytes(std::span(block_)));
    used_ = 0;
  }
  // A number that was handed out must not be found in a core dump or handed out again.
  return std::exchange(block_.at(used_++), 0);
}

}  // namespace cairn::runtime
