#include "central/registry/registry.h"

#include "core/base/utf8.h"
#include "core/storage/full_sites.h"
#include "core/storage/projections/reference_data.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::central {
namespace {

Result<> check_name(const std::string& name, std::size_t most) {
  if (!name.empty() && name.size() <= most && is_utf8(name)) return {};
  return fail(ErrorCode::kInvalid, "bad_name",
              fmt::format("a name has 1 to {} octets of UTF-8", most));
}

Result<> check_site(storage::UnitOfWork& work, const SiteId& site) {
  if (storage::find_facility(work.connection(), site)) return {};
  return fail(ErrorCode::kNotFound, "no_such_site",
              fmt::format("there is no site \"{}\"; define it first", site.text()));
}

Result<domain::Node> write_node(storage::UnitOfWork& work, const domain::Node& node, UserId actor) {
  const auto written = work.record({domain::ReferenceEvent(domain::NodeRegistered{node}),
                                    domain::node_key(node.id),
                                    node.site,
                                    actor,
                                    {},
                                    {}});
  if (!written) return fail(written.error());
  return node;
}

Result<StaffChange> write_staff(storage::UnitOfWork& work, const StaffChange& staff, UserId actor) {
  const auto written = work.record({domain::ReferenceEvent(domain::StaffAssigned{staff.member}),
                                    domain::staff_key(staff.site, staff.member.user),
                                    staff.site,
                                    actor,
                                    {},
                                    {}});
  if (!written) return fail(written.error());
  return staff;
}

Result<StaffChange> find_person(storage::UnitOfWork& work, const SiteId& site, UserId user) {
  const auto member = storage::find_staff(work.connection(), site, user);
  if (!member || !member->active) {
    return fail(ErrorCode::kNotFound, "no_such_person", "nobody of that id works there");
  }
  return StaffChange{site, *member};
}

}  // namespace

Result<domain::Facility> define_site(storage::UnitOfWork& work, const domain::Facility& facility,
                                     UserId actor) {
  if (auto ok = domain::validate(facility); !ok) return fail(ok.error());
  if (storage::find_facility(work.connection(), facility.site) == facility) return facility;
  const auto written = work.record({domain::ReferenceEvent(domain::FacilityDefined{facility}),
                                    domain::facility_key(facility.site),
                                    SiteId{},
                                    actor,
                                    {},
                                    {}});
  if (!written) return fail(written.error());
  return facility;
}

Result<> reset_capacity(storage::UnitOfWork& work, const SiteId& site) {
  if (auto ok = check_site(work, site); !ok) return ok;
  storage::reset_full(work.connection(), site, work.now());
  return {};
}

Result<domain::Node> register_node(storage::UnitOfWork& work, const domain::Node& node,
                                   UserId actor) {
  if (auto ok = check_name(node.name, 80); !ok) return fail(ok.error());
  if (auto ok = check_site(work, node.site); !ok) return fail(ok.error());
  const auto existing = storage::find_node(work.connection(), node.id);
  if (existing == node) return node;
  if (existing && existing->site != node.site) {
    return fail(ErrorCode::kConflict, "node_exists",
                fmt::format("this device is registered at site {}; a device stays at its site",
                            existing->site.text()));
  }
  return write_node(work, node, actor);
}

Result<domain::Node> retire_node(storage::UnitOfWork& work, NodeId node, UserId actor) {
  auto existing = storage::find_node(work.connection(), node);
  if (!existing) return fail(ErrorCode::kNotFound, "no_such_node", "there is no such device");
  if (!existing->active) return *existing;
  existing->active = false;
  return write_node(work, *existing, actor);
}

Result<StaffChange> add_staff(storage::UnitOfWork& work, const StaffChange& staff, UserId actor) {
  if (auto ok = check_name(staff.member.name, 40); !ok) return fail(ok.error());
  if (!staff.site.empty()) {
    if (auto ok = check_site(work, staff.site); !ok) return fail(ok.error());
  }
  if (storage::find_staff(work.connection(), staff.site, staff.member.name)) {
    return fail(ErrorCode::kConflict, "name_taken",
                fmt::format("somebody at this site is already called {}", staff.member.name));
  }
  return write_staff(work, staff, actor);
}

Result<StaffChange> reset_pin(storage::UnitOfWork& work, const SiteId& site, UserId user,
                              const std::string& pin_hash, UserId actor) {
  auto person = find_person(work, site, user);
  if (!person) return person;
  person->member.pin_hash = pin_hash;
  return write_staff(work, *person, actor);
}

Result<StaffChange> remove_staff(storage::UnitOfWork& work, const SiteId& site, UserId user,
                                 UserId actor) {
  auto person = find_person(work, site, user);
  if (!person) return person;
  const auto everybody = storage::staff(work.connection());
  const bool another_admin =
      std::ranges::any_of(everybody, [user](const storage::SiteStaffMember& other) {
        return other.site.empty() && other.member.active && other.member.user != user &&
               other.member.role == domain::Role::kAdmin;
      });
  if (site.empty() && person->member.role == domain::Role::kAdmin && !another_admin) {
    return fail(ErrorCode::kConflict, "last_admin",
                "this is the last administrator; add another one first");
  }
  person->member.active = false;
  return write_staff(work, *person, actor);
}

}  // namespace cairn::central
