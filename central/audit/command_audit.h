#pragma once
// The audit trail's entry of a request, in the transaction of what it did. Nothing of a body is in
// it: only who, under which permission, at which address, about what, and how it ended.

#include "core/program/commands.h"
#include "core/runtime/http_server.h"

#include <functional>

namespace cairn::central {

/// For program::Commands. Any thread.
program::Commands::Witness audit_witness(const runtime::HttpRequest& request,
                                         const runtime::Principal& principal);

/// The handler of work that is more than one transaction (an import, a routing run): first, on the
/// disk, that it was begun. Errors of the new handler: the old one's; kUnavailable, then nothing
/// was begun. Where `refuses` says that the handler refuses whatever it is asked, nothing is
/// written: what is left of a full disk is not for that. All references outlive it.
runtime::Handler audited_first(Executor& executor, storage::Writer& writer,
                               runtime::Handler handler, std::function<bool()> refuses);

}  // namespace cairn::central
