#include "core/domain/staff/permissions.h"

#include "tests/support/catch.h"

#include <algorithm>
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
};

bool may(Role role, std::string_view permission) {
  return std::ranges::count(permissions_of(role), permission) == 1;
}

TEST_CASE("role: stored numbers and names never change", "[domain][staff]") {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    CHECK(static_cast<std::size_t>(kNames[i].first) == i + 1);
    CHECK(name_of(kNames[i].first) == kNames[i].second);
    CHECK(parse_role(kNames[i].second) == kNames[i].first);
  }
  CHECK(name_of(static_cast<Role>(0)).empty());
  CHECK(name_of(static_cast<Role>(7)).empty());
}

TEST_CASE("role: other words are refused", "[domain][staff]") {
  for (const std::string text : {"", "picker", "ADMIN ", "CASHIER"}) {
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
  CHECK(permissions_of(static_cast<Role>(7)).empty());
}

TEST_CASE("permissions: the floor picks and ships, the office does not", "[domain][staff]") {
  for (const Role role : {Role::kPicker, Role::kShiftLead, Role::kStoreManager}) {
    CHECK(may(role, "tasks.pick"));
    CHECK(may(role, "ship_groups.ship"));
    CHECK_FALSE(may(role, "staff.manage"));
    CHECK_FALSE(may(role, "orders.import"));
    CHECK_FALSE(may(role, "routing.run"));
  }
  for (const Role role : {Role::kHqViewer, Role::kIntegrator, Role::kAdmin}) {
    CHECK_FALSE(may(role, "tasks.pick"));
    CHECK_FALSE(may(role, "ship_groups.ship"));
    CHECK_FALSE(may(role, "tasks.release_any"));
    CHECK(may(role, "orders.read"));
  }
}

TEST_CASE("permissions: sensitive verbs belong to few", "[domain][staff]") {
  for (const auto& [role, name] : kNames) {
    CAPTURE(name);
    const bool admin = role == Role::kAdmin;
    const bool lead = role == Role::kShiftLead || role == Role::kStoreManager;
    CHECK(may(role, "staff.manage") == admin);
    CHECK(may(role, "sites.manage") == admin);
    CHECK(may(role, "nodes.manage") == admin);
    CHECK(may(role, "tasks.release_any") == lead);
    CHECK(may(role, "log.fold") == (admin || role == Role::kStoreManager));
    CHECK(may(role, "quarantine.replay") == (admin || role == Role::kStoreManager));
    CHECK(may(role, "orders.import") == (admin || role == Role::kIntegrator));
    CHECK(may(role, "orders.contact") == (admin || role == Role::kIntegrator));
    CHECK(may(role, "notifications.resend") == (admin || role == Role::kIntegrator));
    CHECK(may(role, "orders.capture") == (admin || role == Role::kIntegrator));
    CHECK(may(role, "orders.manage") == (admin || role == Role::kIntegrator));
    CHECK(may(role, "payments.take") == (admin || role == Role::kIntegrator));
    CHECK(may(role, "payments.refund") == admin);
    CHECK(may(role, "stored_value.issue") == admin);
    CHECK(may(role, "stock.import") == (admin || role == Role::kIntegrator));
    CHECK(may(role, "stock.reserve") == (admin || role == Role::kIntegrator));
    CHECK(may(role, "promises.manage") == admin);
    CHECK(may(role, "routing.manage") == admin);
  }
}

TEST_CASE("permissions: the floor packs, hands over, puts back and takes returns",
          "[domain][staff]") {
  for (const auto& [role, name] : kNames) {
    CAPTURE(name);
    const bool floor =
        role == Role::kPicker || role == Role::kShiftLead || role == Role::kStoreManager;
    for (const auto* const permission : {"packing.pack", "labels.print", "pickups.hand_over",
                                         "put_backs.do", "returns.take", "drawer.open"}) {
      CAPTURE(permission);
      CHECK(may(role, permission) == floor);
    }
  }
}

TEST_CASE("permissions: only a lead is a second person who lets something pass",
          "[domain][staff]") {
  for (const auto& [role, name] : kNames) {
    CAPTURE(name);
    const bool lead = role == Role::kShiftLead || role == Role::kStoreManager;
    for (const auto* const permission :
         {"packing.override", "pickups.override", "returns.approve"}) {
      CAPTURE(permission);
      CHECK(may(role, permission) == lead);
    }
    CHECK(may(role, "pickups.mint") == (role == Role::kAdmin || role == Role::kIntegrator));
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
