#pragma once
// Roles and what each may do. A permission is "<thing>.<verb>"; every HTTP route names the one it
// needs.

#include "core/base/result.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::domain {

/// Numbers are stored: never reused.
enum class Role : std::uint8_t {
  kPicker = 1,
  kShiftLead = 2,
  kStoreManager = 3,
  kHqViewer = 4,
  kIntegrator = 5,
  kAdmin = 6,
};

/// "PICKER", "SHIFT_LEAD", "STORE_MANAGER", "HQ_VIEWER", "INTEGRATOR", "ADMIN".
std::string_view name_of(Role role);
/// Errors: kInvalid "bad_role".
Result<Role> parse_role(std::string_view text);

/// Everything the role may do, sorted.
std::vector<std::string_view> permissions_of(Role role);

}  // namespace cairn::domain
