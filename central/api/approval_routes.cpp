// What waits for a second person, and the second person's word.

#include "central/api/approval_request.h"
#include "central/api/request_values.h"
#include "core/program/page.h"
#include "core/program/shapes.h"

#include <fmt/format.h>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::ApprovalKind;
using storage::ApprovalRow;
using storage::UnitOfWork;

constexpr std::size_t kNoteMost = 300;

std::optional<std::string> text_unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

Result<HttpResponse> list_approvals(const HubApi& api, const HttpRequest& request,
                                    const Principal&) {
  const auto wanted = program::read_page(request, 1);
  if (!wanted) return fail(wanted.error());
  storage::ApprovalPage page;
  page.limit = wanted->limit + 1;
  page.now = api.env.clock.utc_now();
  if (const auto text = request.query_value("state")) {
    const auto state = storage::parse_approval_state(*text);
    if (!state) return fail(state.error());
    page.state = *state;
  }
  const auto behind = program::rank_behind(*wanted);
  if (!behind) return fail(behind.error());
  if (*behind) page.before_rank = **behind;
  const auto body = api.readers.read([&page, &wanted](storage::Connection& connection) {
    auto rows = storage::approvals(connection, page);
    const bool more = program::cut_page(rows, wanted->limit);
    auto items = json::Value::array();
    for (const ApprovalRow& row : rows) items.add(approval_json(row, page.now));
    std::vector<std::string> next;
    if (more) next = {fmt::format("{}", rows.back().rank)};
    return program::write_page(std::move(items), next);
  });
  if (!body) return fail(body.error());
  return runtime::json_response(*body);
}

Result<HttpResponse> decide_one(const HubApi& api, const HttpRequest& request,
                                const Principal& principal) {
  const auto id = id_of<storage::ApprovalId>(request, "approval");
  if (!id) return fail(id.error());
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  ApprovalDecision decision;
  const std::string word = in.text("decision", {1, 16});
  if (word != "APPROVE" && word != "REJECT") in.problem("decision", "must be APPROVE or REJECT");
  decision.approve = word == "APPROVE";
  decision.note = in.optional_text("note", {0, kNoteMost}).value_or("");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return api.commands.run(
      request, principal,
      [id = *id, decision, decider = principal](UnitOfWork& work) -> Result<Answer> {
        const auto row = decide_approval(work, id, decision, decider);
        if (!row) return fail(row.error());
        // Both names belong into the trail, and what it was about.
        return Answer{
            approval_json(*row, work.now()), 200, std::nullopt,
            fmt::format("{} {} asked by {} ({})", name_of(row->act.kind), name_of(row->state),
                        row->asked_by_name, row->asked_by.value().text())};
      });
}

}  // namespace

json::Value approval_json(const ApprovalRow& row, UtcTime now) {
  const storage::ApprovalAct& act = row.act;
  const bool refund = act.kind == ApprovalKind::kRefund;
  const auto subject = act.subject.is_nil() ? std::nullopt : std::optional(act.subject.text());
  auto object = json::Value::object();
  object.set("id", row.id.value().text())
      .set("kind", name_of(act.kind))
      .set("state", name_of(row.state_at(now)))
      .set("amount", program::money_json(act.amount));
  program::set_or_null(object, "payment", refund ? subject : std::nullopt);
  program::set_or_null(object, "stored_value", refund ? std::nullopt : subject);
  program::set_or_null(object, "customer", text_unless_empty(act.customer));
  object.set("reason", act.reason)
      .set("asked_by", row.asked_by.value().text())
      .set("asked_by_name", row.asked_by_name)
      .set("asked_at", row.asked_at.text())
      .set("expires_at", row.expires_at.text());
  program::set_or_null(
      object, "decided_by",
      row.decided_by ? std::optional(row.decided_by->value().text()) : std::nullopt);
  program::set_or_null(object, "decided_by_name", text_unless_empty(row.decided_by_name));
  program::set_or_null(object, "decided_at",
                       row.decided_at ? std::optional(row.decided_at->text()) : std::nullopt);
  return object.set("note", row.note);
}

Result<Answer> done_or_asked(UnitOfWork& work, HubCore& core, const ApprovalRules& rules,
                             const storage::ApprovalAct& act, const Principal& asker,
                             const std::function<Result<Answer>()>& act_now) {
  const auto needed = needs_approval(work, rules, act);
  if (!needed) return fail(needed.error());
  if (!*needed) return act_now();
  const ApprovalRow row = ask_approval(work, core.ids(), rules, act, asker);
  return Answer{approval_json(row, row.asked_at), 202, std::nullopt,
                "approval " + row.id.value().text()};
}

std::vector<runtime::Route> approval_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/approvals", "approvals.read", with(api, list_approvals)},
      {"POST", "/api/v1/approvals/{approval}/decision", "approvals.decide", with(api, decide_one)},
  };
}

}  // namespace cairn::central
