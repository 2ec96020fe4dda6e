#include "core/domain/staff/permissions.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::domain {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 6> kRoles = {{
    {Role::kPicker, "PICKER"},
    {Role::kShiftLead, "SHIFT_LEAD"},
    {Role::kStoreManager, "STORE_MANAGER"},
    {Role::kHqViewer, "HQ_VIEWER"},
    {Role::kIntegrator, "INTEGRATOR"},
    {Role::kAdmin, "ADMIN"},
}};

constexpr unsigned bit(Role role) { return 1U << static_cast<unsigned>(role); }

constexpr unsigned kFloor = bit(Role::kPicker) | bit(Role::kShiftLead) | bit(Role::kStoreManager);
constexpr unsigned kLeads = bit(Role::kShiftLead) | bit(Role::kStoreManager);
constexpr unsigned kOffice = bit(Role::kHqViewer) | bit(Role::kAdmin);
constexpr unsigned kAdmin = bit(Role::kAdmin);
constexpr unsigned kFeeds = bit(Role::kIntegrator) | kAdmin;

/// THE table: permission, and the roles that hold it.
constexpr std::array<std::pair<std::string_view, unsigned>, 49> kPermissions = {{
    {"backups.read", kOffice},
    {"backups.run", kAdmin},
    {"catalogue.import", kFeeds},
    {"catalogue.read", kFloor | kOffice | kFeeds},
    {"devices.control", kLeads | kAdmin},
    {"devices.read", kFloor | kAdmin},
    {"devices.test", kFloor | kAdmin},
    {"drawer.open", kFloor},
    {"labels.print", kFloor},
    {"log.fold", bit(Role::kStoreManager) | kAdmin},
    {"log.read", kLeads | kOffice | kFeeds},
    {"nodes.manage", kAdmin},
    {"nodes.read", kOffice},
    {"notifications.read", kOffice | kFeeds},
    {"notifications.resend", kFeeds},
    {"orders.capture", kFeeds},
    {"orders.contact", kFeeds},
    {"orders.import", kFeeds},
    {"orders.manage", kFeeds},
    {"orders.read", kOffice | kFeeds},
    {"packing.override", kLeads},
    {"packing.pack", kFloor},
    {"payments.read", kOffice | kFeeds},
    {"payments.refund", kAdmin},
    {"payments.take", kFeeds},
    {"pickups.hand_over", kFloor},
    {"pickups.mint", kFeeds},
    {"pickups.override", kLeads},
    {"promises.manage", kAdmin},
    {"promises.read", kOffice | kFeeds},
    {"put_backs.do", kFloor},
    {"quarantine.replay", bit(Role::kStoreManager) | kAdmin},
    {"returns.approve", kLeads},
    {"returns.read", kFloor | kOffice | kFeeds},
    {"returns.take", kFloor},
    {"routing.manage", kAdmin},
    {"routing.run", kFeeds},
    {"ship_groups.read", kFloor | kOffice | kFeeds},
    {"ship_groups.ship", kFloor},
    {"sites.manage", kAdmin},
    {"sites.read", kFloor | kOffice | kFeeds},
    {"staff.manage", kAdmin},
    {"stock.import", kFeeds},
    {"stock.read", kFloor | kOffice | kFeeds},
    {"stock.reserve", kFeeds},
    {"stored_value.issue", kAdmin},
    {"sync.read", kFloor | kOffice | kFeeds},
    {"tasks.pick", kFloor},
    {"tasks.release_any", kLeads},
}};

}  // namespace

std::string_view name_of(Role role) {
  for (const auto& [value, name] : kRoles) {
    if (value == role) return name;
  }
  return "";
}

Result<Role> parse_role(std::string_view text) {
  for (const auto& [value, name] : kRoles) {
    if (name == text) return value;
  }
  return fail(ErrorCode::kInvalid, "bad_role",
              "a role is PICKER, SHIFT_LEAD, STORE_MANAGER, HQ_VIEWER, INTEGRATOR or ADMIN");
}

std::vector<std::string_view> permissions_of(Role role) {
  std::vector<std::string_view> held;
  for (const auto& [permission, roles] : kPermissions) {
    if ((roles & bit(role)) != 0) held.push_back(permission);
  }
  return held;
}

}  // namespace cairn::domain
