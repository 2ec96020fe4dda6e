// Gift cards and store credit.

#include "central/api/approval_request.h"
#include "central/api/hub_api.h"
#include "central/api/money_request.h"
#include "central/api/request_values.h"
#include "central/payments/stored_value_book.h"
#include "core/base/assert.h"
#include "core/program/shapes.h"
#include "core/storage/projections/payments.h"

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

constexpr std::size_t kCustomerMost = 64;

json::Value stored_value_json(const domain::StoredValue& value) {
  auto escrows = json::Value::array();
  for (const domain::Escrow& escrow : value.escrows) {
    auto object = json::Value::object();
    object.set("number", escrow.granted.no)
        .set("site", escrow.granted.site.text())
        .set("amount", program::money_json(escrow.granted.amount))
        .set("open", !escrow.spent_minor.has_value())
        .set("spent_minor", escrow.spent_minor.value_or(0));
    escrows.add(std::move(object));
  }
  auto object = json::Value::object();
  object.set("id", value.opened.id.value().text())
      .set("kind", name_of(value.opened.kind))
      .set("holder", value.opened.holder)
      .set("hint", value.opened.hint)
      .set("balance", program::money_json(value.money(value.balance_minor)))
      .set("in_escrow_minor", value.in_escrow_minor())
      .set("escrows", std::move(escrows));
  return object;
}

tl::unexpected<Error> no_such_stored_value() {
  return fail(ErrorCode::kNotFound, "no_such_stored_value",
              "there is no such gift card or store credit");
}

Result<Answer> stored_value_answer(UnitOfWork& work, StoredValueId id, int status = 200) {
  const auto value = storage::find_stored_value(work.connection(), id);
  CAIRN_ASSERT(value.has_value(), "it was changed in this job");
  Answer answer{stored_value_json(*value), status};
  answer.subject = id.value().text();
  return answer;
}

/// The code beside what it is of, told once.
Answer with_code(Answer answer, const std::string& code) {
  answer.repeated_body = answer.body;
  answer.repeated_body->set_null("code");
  answer.body.set("code", code);
  return answer;
}

/// The answer holds the only copy of the code: a repetition is told the card without it. A card
/// that waits for a second person has its code already, and is worth nothing yet.
Result<HttpResponse> issue_card(const HubApi& api, const HttpRequest& request,
                                const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const Money amount = read_money(in, "amount");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return run_money(
      api, request, principal,
      [amount, asker = principal, &random = api.env.random, &core = api.core,
       rules = api.approval_rules](UnitOfWork& work) -> Result<Answer> {
        const std::string code = make_gift_card_code(random);
        const StoredValueId id = gift_card_id(code);
        const storage::ApprovalAct act{
            storage::ApprovalKind::kGiftCard, id.value(), "", gift_card_hint(code), "", amount};
        auto answer = done_or_asked(work, core, rules, act, asker, [&]() -> Result<Answer> {
          const auto issued = issue_gift_card(work, code, amount, asker.user);
          if (!issued) return fail(issued.error());
          return stored_value_answer(work, *issued, 201);
        });
        if (!answer) return fail(answer.error());
        return with_code(*std::move(answer), code);
      });
}

Result<HttpResponse> issue_credit(const HubApi& api, const HttpRequest& request,
                                  const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const std::string customer = in.text("customer", {1, kCustomerMost});
  const Money amount = read_money(in, "amount");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const storage::ApprovalAct act{
      storage::ApprovalKind::kStoreCredit, Uuid(), customer, "", "", amount};
  return run_money(api, request, principal,
                   [customer, amount, act, asker = principal, &core = api.core,
                    rules = api.approval_rules](UnitOfWork& work) -> Result<Answer> {
                     return done_or_asked(work, core, rules, act, asker, [&]() -> Result<Answer> {
                       const auto id = issue_store_credit(work, customer, amount, asker.user);
                       if (!id) return fail(id.error());
                       return stored_value_answer(work, *id, 201);
                     });
                   });
}

Result<HttpResponse> change(const HubApi& api, const HttpRequest& request,
                            const Principal& principal, const domain::StoredValueCommand& command) {
  const auto id = id_of<StoredValueId>(request, "stored_value");
  if (!id) return fail(id.error());
  return run_money(api, request, principal,
                   [id = *id, command, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                     if (auto ok = change_stored_value(work, id, command, actor); !ok) {
                       return fail(ok.error());
                     }
                     return stored_value_answer(work, id);
                   });
}

Result<HttpResponse> top_up(const HubApi& api, const HttpRequest& request,
                            const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const Money amount = read_money(in, "amount");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto id = id_of<StoredValueId>(request, "stored_value");
  if (!id) return fail(id.error());
  const storage::ApprovalAct act{storage::ApprovalKind::kTopUp, id->value(), "", "", "", amount};
  return run_money(
      api, request, principal,
      [id = *id, amount, act, asker = principal, &core = api.core,
       rules = api.approval_rules](UnitOfWork& work) -> Result<Answer> {
        return done_or_asked(work, core, rules, act, asker, [&]() -> Result<Answer> {
          const domain::CreditStoredValue command{{amount, domain::CreditReason::kTopUp, {}, 0}};
          if (auto ok = change_stored_value(work, id, command, asker.user); !ok) {
            return fail(ok.error());
          }
          return stored_value_answer(work, id);
        });
      });
}

Result<HttpResponse> grant_escrow(const HubApi& api, const HttpRequest& request,
                                  const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  domain::GrantEscrow command;
  const auto site = SiteId::parse(in.text("site", {1, 32}));
  if (!site) in.problem("site", site.error().message);
  command.site = site.value_or(SiteId());
  command.amount = read_money(in, "amount");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return change(api, request, principal, command);
}

Result<HttpResponse> close_escrow(const HubApi& api, const HttpRequest& request,
                                  const Principal& principal) {
  const auto id = id_of<StoredValueId>(request, "stored_value");
  if (!id) return fail(id.error());
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const auto no = static_cast<std::uint32_t>(in.integer("number", 1, UINT32_MAX));
  const std::int64_t spent = in.integer("spent_minor", 0, kMaxMinor);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return run_money(
      api, request, principal,
      [id = *id, no, spent, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto value = storage::find_stored_value(work.connection(), id);
        if (!value) return no_such_stored_value();
        const domain::CloseEscrow command{no, value->money(spent)};
        if (auto ok = change_stored_value(work, id, command, actor); !ok) return fail(ok.error());
        return stored_value_answer(work, id);
      });
}

/// The code goes in the body: paths are written down by whoever passes them on.
Result<HttpResponse> look_up(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const std::string code = in.text("code", {1, domain::kTokenMost});
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto value = api.readers.read([&code](storage::Connection& connection) {
    return storage::find_stored_value(connection, gift_card_id(code));
  });
  if (!value) return fail(value.error());
  if (!*value) return no_such_stored_value();
  return runtime::json_response(stored_value_json(**value));
}

}  // namespace

std::vector<runtime::Route> stored_value_routes(const HubApi& api) {
  return {
      {"POST", "/api/v1/gift-cards", "stored_value.issue", with(api, issue_card)},
      {"POST", "/api/v1/gift-cards/lookup", "payments.take", with(api, look_up)},
      {"POST", "/api/v1/store-credits", "stored_value.issue", with(api, issue_credit)},
      {"POST", "/api/v1/stored-values/{stored_value}/top-ups", "stored_value.issue",
       with(api, top_up)},
      {"POST", "/api/v1/stored-values/{stored_value}/escrows", "stored_value.issue",
       with(api, grant_escrow)},
      {"POST", "/api/v1/stored-values/{stored_value}/escrow-closings", "stored_value.issue",
       with(api, close_escrow)},
  };
}

}  // namespace cairn::central
