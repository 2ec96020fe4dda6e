#include "core/domain/staff/permissions.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::domain {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 13> kRoles = {{
    {Role::kPicker, "PICKER"},
    {Role::kShiftLead, "SHIFT_LEAD"},
    {Role::kStoreManager, "STORE_MANAGER"},
    {Role::kHqViewer, "HQ_VIEWER"},
    {Role::kIntegrator, "INTEGRATOR"},
    {Role::kAdmin, "ADMIN"},
    {Role::kPacker, "PACKER"},
    {Role::kReceiver, "RECEIVER"},
    {Role::kCashier, "CASHIER"},
    {Role::kCsr, "CSR"},
    {Role::kInventoryController, "INVENTORY_CONTROLLER"},
    {Role::kRoutingAdmin, "ROUTING_ADMIN"},
    {Role::kFinance, "FINANCE"},
}};

constexpr unsigned bit(Role role) { return 1U << static_cast<unsigned>(role); }

constexpr unsigned kFloor = bit(Role::kPicker) | bit(Role::kShiftLead) | bit(Role::kStoreManager);
constexpr unsigned kPacker = bit(Role::kPacker);
constexpr unsigned kReceiver = bit(Role::kReceiver);
constexpr unsigned kCashier = bit(Role::kCashier);
constexpr unsigned kOnSite = kFloor | kPacker | kReceiver | kCashier;
constexpr unsigned kLeads = bit(Role::kShiftLead) | bit(Role::kStoreManager);
constexpr unsigned kOffice = bit(Role::kHqViewer) | bit(Role::kAdmin);
constexpr unsigned kAdmin = bit(Role::kAdmin);
constexpr unsigned kFeeds = bit(Role::kIntegrator) | kAdmin;
constexpr unsigned kCsr = bit(Role::kCsr);
constexpr unsigned kInventory = bit(Role::kInventoryController);
constexpr unsigned kRouting = bit(Role::kRoutingAdmin);
constexpr unsigned kFinance = bit(Role::kFinance);
constexpr unsigned kEverybody =
    kOnSite | kOffice | kFeeds | kCsr | kInventory | kRouting | kFinance;

/// THE table: permission, and the roles that hold it.
constexpr std::array<std::pair<std::string_view, unsigned>, 59> kPermissions = {{
    {"api_keys.manage", kAdmin},
    {"approvals.decide", kFinance | kAdmin},
    {"approvals.read", kCsr | kFinance | bit(Role::kHqViewer) | kAdmin},
    {"audit.read", kFinance | kAdmin},
    {"backups.read", kOffice},
    {"backups.run", kAdmin},
    {"catalogue.import", kFeeds},
    {"catalogue.read", kEverybody},
    {"counter_sales.override", kLeads},
    {"counter_sales.take", kFloor | kCashier},
    {"devices.control", kLeads | kAdmin},
    {"devices.read", kOnSite | kAdmin},
    {"devices.test", kOnSite | kAdmin},
    {"drawer.open", kFloor | kCashier},
    {"labels.print", kFloor | kPacker | kReceiver},
    {"log.fold", bit(Role::kStoreManager) | kAdmin},
    {"log.read", kLeads | kOffice | kFeeds},
    {"nodes.manage", kAdmin},
    {"nodes.read", kOffice},
    {"notifications.read", kOffice | kFeeds | kCsr},
    {"notifications.resend", kFeeds | kCsr},
    {"orders.capture", kFeeds | kCsr},
    {"orders.contact", kFeeds | kCsr},
    {"orders.import", kFeeds},
    {"orders.manage", kFeeds | kCsr},
    {"orders.read", kOffice | kFeeds | kCsr | kFinance | kRouting},
    {"packing.override", kLeads},
    {"packing.pack", kFloor | kPacker},
    {"payments.read", kOffice | kFeeds | kCsr | kFinance},
    {"payments.refund", kCsr | kFinance | kAdmin},
    {"payments.take", kFeeds},
    {"pickups.hand_over", kFloor | kCashier},
    {"pickups.mint", kFeeds | kCsr},
    {"pickups.override", kLeads},
    {"promises.manage", kInventory | kAdmin},
    {"promises.read", kOffice | kFeeds | kCsr | kInventory | kRouting},
    {"promotions.manage", kInventory | kAdmin},
    {"promotions.read", kOffice | kFeeds | kCsr | kInventory | kFinance},
    {"put_backs.do", kFloor | kReceiver},
    {"quarantine.replay", bit(Role::kStoreManager) | kAdmin},
    {"returns.approve", kLeads},
    {"returns.read",
     kFloor | kOffice | kFeeds | kCashier | kCsr | kFinance | kInventory | kReceiver},
    {"returns.take", kFloor | kCashier},
    {"routing.manage", kRouting | kAdmin},
    {"routing.run", kFeeds | kRouting},
    {"ship_groups.read", kEverybody},
    {"ship_groups.ship", kFloor | kPacker},
    {"sites.manage", kAdmin},
    {"sites.read", kEverybody},
    {"staff.manage", kAdmin},
    {"stock.adjust", kInventory | kAdmin},
    {"stock.import", kFeeds | kInventory},
    {"stock.lease", kInventory | kAdmin},
    {"stock.read",
     kFloor | kOffice | kFeeds | kCashier | kCsr | kInventory | kPacker | kReceiver | kRouting},
    {"stock.reserve", kFeeds | kCsr},
    {"stored_value.issue", kFinance | kAdmin},
    {"sync.read", kEverybody},
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
              "a role is PICKER, PACKER, RECEIVER, CASHIER, SHIFT_LEAD, STORE_MANAGER, CSR, "
              "INVENTORY_CONTROLLER, ROUTING_ADMIN, FINANCE, INTEGRATOR, HQ_VIEWER or ADMIN");
}

std::vector<Role> all_roles() {
  std::vector<Role> roles;
  roles.reserve(kRoles.size());
  for (const auto& [role, name] : kRoles) roles.push_back(role);
  return roles;
}

bool is_permission(std::string_view text) {
  return std::ranges::any_of(kPermissions, [text](const auto& row) { return row.first == text; });
}

std::vector<std::string_view> permissions_of(Role role) {
  std::vector<std::string_view> held;
  for (const auto& [permission, roles] : kPermissions) {
    if ((roles & bit(role)) != 0) held.push_back(permission);
  }
  return held;
}

}  // namespace cairn::domain
