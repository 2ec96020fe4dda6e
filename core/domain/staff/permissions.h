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
  kPacker = 7,
  kReceiver = 8,
  kCashier = 9,
  kCsr = 10,  ///< customer service representative
  kInventoryController = 11,
  kRoutingAdmin = 12,
  kFinance = 13,
};

/// "PICKER", "INVENTORY_CONTROLLER" and so on; empty: there is no such role.
std::string_view name_of(Role role);
/// Every role, in the order of their numbers.
std::vector<Role> all_roles();
/// Errors: kInvalid "bad_role".
Result<Role> parse_role(std::string_view text);

/// Everything the role may do, sorted.
std::vector<std::string_view> permissions_of(Role role);
/// True if some role has it.
bool is_permission(std::string_view text);

}  // namespace cairn::domain
