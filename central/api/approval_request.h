#pragma once
// Requests that one person alone may not do beyond a limit. Any thread, but done_or_asked(): loop.

#include "central/api/hub_api.h"
#include "core/storage/approval_table.h"

#include <functional>

namespace cairn::central {

/// As the schema HubApproval of docs/api/hub.openapi.yaml has it.
json::Value approval_json(const storage::ApprovalRow& row, UtcTime now);

/// Inside a job: within the limits the answer of `act_now`; beyond them 202 with what waits for a
/// second person now. Errors: those of needs_approval() and of `act_now`.
Result<program::Answer> done_or_asked(storage::UnitOfWork& work, HubCore& core,
                                      const ApprovalRules& rules, const storage::ApprovalAct& act,
                                      const runtime::Principal& asker,
                                      const std::function<Result<program::Answer>()>& act_now);

}  // namespace cairn::central
