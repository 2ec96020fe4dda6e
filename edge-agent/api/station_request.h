#pragma once
// What the routes of the floor have in common: a signed-in person at a station who does something
// with a ship group. Any thread but the loop's.

#include "core/domain/fulfilment/ship_group_decide.h"
#include "core/json/reader.h"
#include "edge-agent/api/agent_api.h"
#include "edge-agent/workflows/operator.h"
#include "edge-agent/workflows/scan_verdict.h"
#include "edge-agent/workflows/typed_scan.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::agent {

/// The person and the station of a signed-in request. Errors: kDenied "unauthenticated".
Result<Operator> operator_of(storage::Connection& connection, const runtime::Principal& principal);
/// The same, outside of a job.
Result<Operator> operator_of(storage::ReadPool& readers, const runtime::Principal& principal);

/// The group's detail, as it is now. Errors: kNotFound "no_such_group".
Result<program::Answer> group_answer(storage::UnitOfWork& work, ShipGroupId group);

/// A command on the group of the path; answered with the group afterwards.
using GroupCommand = std::function<Result<>(storage::UnitOfWork&, ShipGroupId, const Operator&)>;
Result<runtime::HttpResponse> on_group(const AgentApi& api, const runtime::HttpRequest& request,
                                       const runtime::Principal& principal, GroupCommand command,
                                       program::Commands::Committed committed = {});

/// Something that a scan could have done; answered with its verdict, which every screen of the
/// station hears, too. `read`: the scan itself; nothing for a keyed quantity or an undo.
using ScanCommand = std::function<Result<ScanVerdict>(storage::UnitOfWork&, const Operator&)>;
Result<runtime::HttpResponse> with_verdict(const AgentApi& api, const runtime::HttpRequest& request,
                                           const runtime::Principal& principal,
                                           const std::optional<TypedScan>& read,
                                           ScanCommand command);

/// Does the request, and once more if it was about a sale that only the hub knows. Not on the loop.
/// Errors: those of the request and of SaleSearch::search().
Result<runtime::HttpResponse> with_hub_sale(
    const AgentApi& api, const std::string& text,
    const std::function<Result<runtime::HttpResponse>()>& request);

/// Whether a device of that kind and name is configured.
bool is_device(const AgentApi& api, std::string_view kind, const std::string& name);
/// A printer of that kind ("printer", "receipt_printer"): the one that is wanted, else the
/// station's. Errors: kNotFound "no_printer".
Result<std::string> printer_of(const AgentApi& api, std::string_view kind,
                               const std::string& station,
                               const std::optional<std::string>& wanted);

/// Whether what was asked may have been done, or may be done yet, although this is the answer
/// (runtime::ask()).
bool may_have_been_done(const Error& error);

/// The request's body as an object. Errors: kInvalid "bad_request".
Result<json::Value> body_of(const runtime::HttpRequest& request);

/// `approval`: {name, pin, reason} of a second person; nothing if it is absent. Call it after
/// in.done() of everything else was good: a PIN is tried only for a request that makes sense.
struct ApprovalRequest {
  std::string name;
  std::string pin;
  std::string reason;
};
std::optional<ApprovalRequest> read_approval(json::Reader& in);
/// Errors: those of Sessions::approve().
Result<std::optional<domain::Approval>> approve(const AgentApi& api,
                                                const std::optional<ApprovalRequest>& request,
                                                std::string_view permission);

/// A route handler that gets the API.
using AgentHandler = Result<runtime::HttpResponse> (*)(const AgentApi&, const runtime::HttpRequest&,
                                                       const runtime::Principal&);
runtime::Handler with(const AgentApi& api, AgentHandler handler);

}  // namespace cairn::agent
