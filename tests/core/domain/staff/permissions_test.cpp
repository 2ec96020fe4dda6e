#include "core/domain/staff/permissions.h"

#include "tests/support/catch.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace cairn::domain::permissions_test {
namespace {

const std::vector<std::pair<Role, std::string_view>> kNames{
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
};

/// Every permission, and a letter at the place of each role of kNames that holds it.
const std::map<std::string_view, std::string_view> kHeld{
    {"api_keys.manage", ".....A......."},
    {"approvals.decide", ".....A......F"},
    {"approvals.read", "...V.A...C..F"},
    {"audit.read", ".....A......F"},
    {"backups.read", "...V.A......."},
    {"backups.run", ".....A......."},
    {"catalogue.import", "....IA......."},
    {"catalogue.read", "PLMVIAprcCiRF"},
    {"devices.control", ".LM..A......."},
    {"devices.read", "PLM..Aprc...."},
    {"devices.test", "PLM..Aprc...."},
    {"drawer.open", "PLM.....c...."},
    {"labels.print", "PLM...pr....."},
    {"log.fold", "..M..A......."},
    {"log.read", ".LMVIA......."},
    {"nodes.manage", ".....A......."},
    {"nodes.read", "...V.A......."},
    {"orders.import", "....IA......."},
    {"notifications.read", "...VIA...C..."},
    {"notifications.resend", "....IA...C..."},
    {"orders.capture", "....IA...C..."},
    {"orders.contact", "....IA...C..."},
    {"orders.manage", "....IA...C..."},
    {"routing.manage", ".....A.....R."},
    {"orders.read", "...VIA...C.RF"},
    {"packing.override", ".LM.........."},
    {"packing.pack", "PLM...p......"},
    {"payments.read", "...VIA...C..F"},
    {"payments.refund", ".....A...C..F"},
    {"payments.take", "....IA......."},
    {"pickups.hand_over", "PLM.....c...."},
    {"pickups.mint", "....IA...C..."},
    {"pickups.override", ".LM.........."},
    {"promises.manage", ".....A....i.."},
    {"promises.read", "...VIA...CiR."},
    {"put_backs.do", "PLM....r....."},
    {"promotions.read", "...VIA...Ci.F"},
    {"promotions.manage", ".....A....i.."},
    {"quarantine.replay", "..M..A......."},
    {"returns.approve", ".LM.........."},
    {"returns.read", "PLMVIA.rcCi.F"},
    {"returns.take", "PLM.....c...."},
    {"routing.run", "....IA.....R."},
    {"ship_groups.read", "PLMVIAprcCiRF"},
    {"ship_groups.ship", "PLM...p......"},
    {"sites.manage", ".....A......."},
    {"sites.read", "PLMVIAprcCiRF"},
    {"staff.manage", ".....A......."},
    {"stock.adjust", ".....A....i.."},
    {"stock.import", "....IA....i.."},
    {"stock.read", "PLMVIAprcCiR."},
    {"stock.reserve", "....IA...C..."},
    {"stored_value.issue", ".....A......F"},
    {"sync.read", "PLMVIAprcCiRF"},
    {"tasks.pick", "PLM.........."},
    {"tasks.release_any", ".LM.........."},
    {"stock.lease", ".....A....i.."},
    {"counter_sales.take", "PLM.....c...."},
    {"counter_sales.override", ".LM.........."},
};

bool may(Role role, std::string_view permission) {
  return std::ranges::count(permissions_of(role), permission) == 1;
}

TEST_CASE("permissions: who may do what, role by role", "[domain][staff]") {
  const auto roles = all_roles();
  REQUIRE(roles.size() == kNames.size());
  std::set<std::string_view> found;
  for (std::size_t at = 0; at < kNames.size(); ++at) {
    CHECK(roles[at] == kNames[at].first);
    const auto held = permissions_of(kNames[at].first);
    found.insert(held.begin(), held.end());
    for (const auto& [permission, letters] : kHeld) {
      CAPTURE(kNames[at].second, permission);
      REQUIRE(letters.size() == kNames.size());
      CHECK(is_permission(permission));
      CHECK(may(kNames[at].first, permission) == (letters[at] != '.'));
    }
  }
  CHECK(found.size() == kHeld.size());
  CHECK_FALSE(is_permission("any"));
  CHECK_FALSE(is_permission(""));
}

TEST_CASE("role: stored numbers and names never change", "[domain][staff]") {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    CHECK(static_cast<std::size_t>(kNames[i].first) == i + 1);
    CHECK(name_of(kNames[i].first) == kNames[i].second);
    CHECK(parse_role(kNames[i].second) == kNames[i].first);
  }
  CHECK(name_of(static_cast<Role>(0)).empty());
  CHECK(name_of(static_cast<Role>(14)).empty());
}

TEST_CASE("role: other words are refused", "[domain][staff]") {
  for (const std::string text : {"", "picker", "ADMIN ", "CLERK"}) {
    CAPTURE(text);
    const auto role = parse_role(text);
    REQUIRE_FALSE(role);
    CHECK(role.error().code == ErrorCode::kInvalid);
    CHECK(role.error().reason == "bad_role");
  }
}

TEST_CASE("permissions: every role has some, sorted, none twice", "[domain][staff]") {
  for (const auto& [role, name] : kNames) {
    CAPTURE(name);
    const auto held = permissions_of(role);
    CHECK_FALSE(held.empty());
    CHECK(std::ranges::is_sorted(held));
    CHECK(std::set(held.begin(), held.end()).size() == held.size());
    for (const std::string_view permission : held) {
      CAPTURE(permission);
      CHECK(std::ranges::count(permission, '.') == 1);
      CHECK(permission.front() != '.');
      CHECK(permission.back() != '.');
    }
  }
}

TEST_CASE("permissions: a role that does not exist may do nothing", "[domain][staff]") {
  CHECK(permissions_of(static_cast<Role>(0)).empty());
  CHECK(permissions_of(static_cast<Role>(14)).empty());
}

TEST_CASE("permissions: nobody on a floor moves money or reads the audit trail",
          "[domain][staff]") {
  for (const Role role : {Role::kPicker, Role::kPacker, Role::kReceiver, Role::kCashier,
                          Role::kShiftLead, Role::kStoreManager}) {
    for (const auto* const permission : {"payments.refund", "stored_value.issue", "audit.read",
                                         "api_keys.manage", "approvals.decide", "staff.manage"}) {
      CAPTURE(name_of(role), permission);
      CHECK_FALSE(may(role, permission));
    }
  }
}

TEST_CASE("permissions: a viewer changes nothing", "[domain][staff]") {
  for (const std::string_view permission : permissions_of(Role::kHqViewer)) {
    CAPTURE(permission);
    CHECK(permission.ends_with(".read"));
  }
}

}  // namespace
}  // namespace cairn::domain::permissions_test
