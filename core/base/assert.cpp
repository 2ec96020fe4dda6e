#include "core/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace cairn {

void assertion_failed(const char* condition, std::string_view why, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: assertion failed: %s (%.*s)\n", file, line, condition,
               static_cast<int>(why.size()), why.data());
  std::fflush(stderr);
  std::abort();
}

}  // namespace cairn
