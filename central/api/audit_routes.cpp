// The audit trail, and whether it is what was written.

#include "central/api/hub_api.h"
#include "core/base/numbers.h"
#include "core/program/page.h"
#include "core/program/shapes.h"
#include "core/storage/audit_trail.h"

#include <fmt/format.h>

namespace cairn::central {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

json::Value audit_entry_json(const storage::AuditEntry& entry) {
  const storage::AuditFact& fact = entry.fact;
  auto object = json::Value::object();
  object.set("seq", entry.seq)
      .set("at", fact.at.text())
      .set("at_us", fact.at.us)
      .set("actor", fact.actor.value().text())
      .set("name", fact.name)
      .set("verb", fact.verb)
      .set("route", fact.route)
      .set("subject", fact.subject)
      .set("outcome", fact.outcome)
      .set("hash", to_hex(crypto::to_bytes(entry.hash)));
  return object;
}

Result<std::optional<UtcTime>> audit_time(const HttpRequest& request, std::string_view name) {
  const auto text = request.query_value(name);
  if (!text) return std::nullopt;
  const auto time = UtcTime::parse(*text);
  if (!time) return fail(time.error());
  return std::optional(*time);
}

Result<storage::AuditPage> read_audit_page(const HttpRequest& request) {
  storage::AuditPage page;
  if (const auto text = request.query_value("actor")) {
    const auto actor = Uuid::parse(*text);
    if (!actor) return fail(actor.error());
    page.actor = UserId(*actor);
  }
  page.verb = request.query_value("verb").value_or("");
  page.subject = request.query_value("subject").value_or("");
  const auto from = audit_time(request, "from");
  if (!from) return fail(from.error());
  const auto to = audit_time(request, "to");
  if (!to) return fail(to.error());
  page.from = *from;
  page.to = *to;
  return page;
}

Result<HttpResponse> list_audit(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto wanted = program::read_page(request, 1);
  if (!wanted) return fail(wanted.error());
  auto page = read_audit_page(request);
  if (!page) return fail(page.error());
  page->limit = wanted->limit + 1;
  if (!wanted->after.empty()) {
    const auto before = parse_unsigned(wanted->after.front());
    if (!before || *before == 0) {
      return fail(ErrorCode::kInvalid, "bad_cursor", "the cursor was changed");
    }
    page->before = *before;
  }
  const auto body = api.readers.read([&page, &wanted](storage::Connection& connection) {
    auto entries = storage::audit_page(connection, *page);
    const bool more = program::cut_page(entries, wanted->limit);
    auto items = json::Value::array();
    for (const storage::AuditEntry& entry : entries) items.add(audit_entry_json(entry));
    std::vector<std::string> next;
    if (more) next = {fmt::format("{}", entries.back().seq)};
    return program::write_page(std::move(items), next);
  });
  if (!body) return fail(body.error());
  return runtime::json_response(*body);
}

/// What was noted elsewhere is read first: the trail has it by then.
Result<HttpResponse> verify_audit_trail(const HubApi& api, const HttpRequest& request,
                                        const Principal&) {
  auto anchor = api.audit_anchor.read();
  if (const auto text = request.query_value("head")) {
    const auto head = storage::parse_audit_head(*text);
    if (!head) return fail(head.error());
    anchor = *head;
  }
  const auto found = api.readers.read([&anchor](storage::Connection& connection) {
    return storage::verify_audit(connection, anchor);
  });
  if (!found) return fail(found.error());
  auto object = json::Value::object();
  object.set("entries", found->entries)
      .set("head", storage::audit_head_text(found->head))
      .set("cuts", found->cuts);
  program::set_or_null(object, "anchor",
                       anchor ? std::optional(storage::audit_head_text(*anchor)) : std::nullopt);
  if (found->broken) {
    object.set("first_broken", *found->broken);
  } else {
    object.set_null("first_broken");
  }
  return runtime::json_response(object.set("why", found->why));
}

}  // namespace

std::vector<runtime::Route> audit_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/audit", "audit.read", with(api, list_audit)},
      {"GET", "/api/v1/audit/verification", "audit.read", with(api, verify_audit_trail)},
  };
}

}  // namespace cairn::central
