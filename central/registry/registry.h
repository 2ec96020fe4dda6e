#pragma once
// Who and what belongs to the company: facilities, devices, staff. Each function runs inside a job
// of the writer. Loop only.

#include "core/base/id_source.h"
#include "core/domain/event.h"
#include "core/storage/unit_of_work.h"

#include <string>

namespace cairn::central {

/// Creates or changes a facility; the same again writes nothing. Errors: kInvalid "bad_facility".
Result<domain::Facility> define_site(storage::UnitOfWork& work, const domain::Facility& facility,
                                     UserId actor);

/// The site can take orders again, whatever it said of its capacity; one that had said nothing
/// stays as it is. Errors: kNotFound "no_such_site".
Result<> reset_capacity(storage::UnitOfWork& work, const SiteId& site);

/// Errors: kNotFound "no_such_site"; kConflict "node_exists" (registered for another site or name);
/// kInvalid "bad_name".
Result<domain::Node> register_node(storage::UnitOfWork& work, const domain::Node& node,
                                   UserId actor);

/// Errors: kNotFound "no_such_node".
Result<domain::Node> retire_node(storage::UnitOfWork& work, NodeId node, UserId actor);

struct StaffChange {
  SiteId site;  ///< empty: head office
  domain::StaffMember member;
};

/// Errors: kNotFound "no_such_site"; kConflict "name_taken"; kInvalid "bad_name".
Result<StaffChange> add_staff(storage::UnitOfWork& work, const StaffChange& staff, UserId actor);

/// A new PIN for somebody. Errors: kNotFound "no_such_person".
Result<StaffChange> reset_pin(storage::UnitOfWork& work, const SiteId& site, UserId user,
                              const std::string& pin_hash, UserId actor);

/// Errors: kNotFound "no_such_person"; kConflict "last_admin" (nobody could sign in any more).
Result<StaffChange> remove_staff(storage::UnitOfWork& work, const SiteId& site, UserId user,
                                 UserId actor);

}  // namespace cairn::central
