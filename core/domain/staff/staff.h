#pragma once
// Staff: who may sign in at a site (or, with an empty site, at head office), and what they may do
// there. Merge rule: the hub is the only writer; the last assignment in the site's feed holds.

#include "core/base/ids.h"
#include "core/domain/staff/permissions.h"

#include <cstdint>
#include <string>

namespace cairn::domain {

struct StaffMember {
  UserId user;
  std::string name;  ///< what the person signs in with; unique within the site, 1-40 octets
  Role role = Role::kPicker;
  std::string pin_hash;  ///< Argon2id string, never the PIN
  bool active = true;

  friend bool operator==(const StaffMember&, const StaffMember&) = default;
};

/// The site is the envelope's; empty: head office.
struct StaffAssigned {
  static constexpr std::uint32_t kTypeId = 30;
  StaffMember member;
  friend bool operator==(const StaffAssigned&, const StaffAssigned&) = default;
};

}  // namespace cairn::domain
