#include "central/audit/command_audit.h"

#include "core/runtime/call.h"
#include "core/storage/audit_trail.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::central {
namespace {

constexpr Duration kAuditDeadline = std::chrono::seconds(10);

/// Without time and outcome, which are those of the job.
storage::AuditFact fact_of(const runtime::HttpRequest& request,
                           const runtime::Principal& principal) {
  storage::AuditFact fact;
  fact.actor = principal.user;
  fact.name = principal.name;
  fact.verb = request.permission;
  fact.route = fmt::format("{} {}", request.method, request.route);
  for (const auto& [name, value] : request.parameters) {
    if (!fact.subject.empty()) fact.subject += ' ';
    fact.subject += value;
  }
  return fact;
}

}  // namespace

program::Commands::Witness audit_witness(const runtime::HttpRequest& request,
                                         const runtime::Principal& principal) {
  return [fact = fact_of(request, principal)](storage::UnitOfWork& work,
                                              const program::Answer& answer) {
    storage::AuditFact told = fact;
    told.at = work.now();
    told.outcome = fmt::format("{}", answer.status);
    if (!answer.subject.empty()) {
      if (!told.subject.empty()) told.subject += ' ';
      told.subject += answer.subject;
    }
    storage::append_audit(work.connection(), std::move(told));
  };
}

runtime::Handler audited_first(Executor& executor, storage::Writer& writer,
                               runtime::Handler handler, std::function<bool()> refuses) {
  return [&executor, &writer, handler = std::move(handler), refuses = std::move(refuses)](
             const runtime::HttpRequest& request,
             const runtime::Principal& principal) -> Result<runtime::HttpResponse> {
    if (refuses()) return handler(request, principal);
    const auto written = runtime::ask<bool>(
        executor, kAuditDeadline,
        [&writer, fact = fact_of(request, principal)](const runtime::Reply<bool>& reply) {
          writer.submit<bool>(
              [fact](storage::UnitOfWork& work) -> Result<bool> {
                storage::AuditFact told = fact;
                told.at = work.now();
                told.outcome = "begun";
                storage::append_audit(work.connection(), std::move(told));
                return true;
              },
              [reply](const Result<bool>& done) { reply.fulfil(done); });
        });
    if (!written) return fail(written.error());
    return handler(request, principal);
  };
}

}  // namespace cairn::central
