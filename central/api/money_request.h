#pragma once
// Requests that move money: how they are told from their repetitions.

#include "central/api/hub_api.h"

#include <utility>

namespace cairn::central {

/// Runs it as a job. Without a key nobody could tell whether it was meant again or its answer was
/// lost. Errors: those of Commands::run(); kInvalid "idempotency_key_needed". Any thread but the
/// loop's.
inline Result<runtime::HttpResponse> run_money(const HubApi& api,
                                               const runtime::HttpRequest& request,
                                               const runtime::Principal& principal,
                                               program::Commands::Job job) {
  if (!request.header("Idempotency-Key")) {
    return fail(ErrorCode::kInvalid, "idempotency_key_needed",
                "money would move, and nothing tells a repetition from a second request: nothing "
                "was done. Send an Idempotency-Key, and the same one when you send this again");
  }
  return api.commands.run(request, principal, std::move(job));
}

}  // namespace cairn::central
