#pragma once
// The version of this program, as /version, --version and CHANGELOG.md say it.

#include <string_view>

namespace cairn::program {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace cairn::program
