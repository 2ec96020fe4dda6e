#pragma once
// Checks for bugs, never for input. They stay on in release: the log makes a restart safe, a wrong
// effect is not. Any thread.

#include <string_view>

namespace cairn {

/// Prints where and why, then aborts the process (the supervisor restarts it).
[[noreturn]] void assertion_failed(const char* condition, std::string_view why, const char* file,
                                   int line);

}  // namespace cairn

#define CAIRN_ASSERT(condition, why)                                    \
  do {                                                                  \
    if (!(condition)) [[unlikely]]                                      \
      ::cairn::assertion_failed(#condition, (why), __FILE__, __LINE__); \
  } while (false)
