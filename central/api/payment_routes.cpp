// Payments of orders.

#include "central/api/approval_request.h"
#include "central/api/hub_api.h"
#include "central/api/money_request.h"
#include "central/api/request_values.h"
#include "central/payments/payment_book.h"
#include "core/json/reader.h"
#include "core/program/page.h"
#include "core/program/shapes.h"
#include "core/storage/projections/orders.h"
#include "core/storage/projections/payments.h"

#include <fmt/format.h>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

json::Value question_json(const domain::PaymentQuestion& question) {
  const auto& answer = question.answer;
  auto object = json::Value::object();
  object.set("number", question.asked.no)
      .set("action", name_of(question.asked.action))
      .set("amount", program::money_json(question.asked.amount));
  program::set_or_null(object, "ship_group",
                       question.asked.group.value().is_nil()
                           ? std::nullopt
                           : std::optional(question.asked.group.value().text()));
  object.set("last", question.asked.last)
      .set("reason", question.asked.reason)
      .set("rest_minor", question.asked.rest_minor)
      .set("asked_at", question.asked_at.text())
      .set("outcome", answer ? name_of(answer->outcome) : std::string_view("ASKED"))
      .set("reference", answer ? answer->reference : std::string())
      .set("detail", answer ? answer->detail : std::string());
  program::set_or_null(
      object, "answered_at",
      question.answered_at ? std::optional(question.answered_at->text()) : std::nullopt);
  return object;
}

json::Value payment_json(const domain::Payment& payment) {
  auto questions = json::Value::array();
  for (const domain::PaymentQuestion& each : payment.questions) questions.add(question_json(each));
  auto object = json::Value::object();
  object.set("id", payment.opened.payment.value().text())
      .set("order", payment.opened.order.value().text())
      .set("tender", name_of(payment.opened.tender))
      .set("status", name_of(payment.status))
      .set("question_open", payment.open_question() != nullptr)
      .set("amount", program::money_json(payment.opened.amount))
      .set("held_minor", payment.held_minor())
      .set("captured_minor", payment.captured_minor)
      .set("refunded_minor", payment.refunded_minor)
      .set("offline", payment.opened.offline)
      .set("opened_at", payment.opened_at.text());
  program::set_or_null(object, "expires_at",
                       payment.expires ? std::optional(payment.expires->text()) : std::nullopt);
  object.set("questions", std::move(questions));
  return object;
}

tl::unexpected<Error> no_such_payment() {
  return fail(ErrorCode::kNotFound, "no_such_payment", "there is no such payment");
}

Result<Answer> payment_answer(UnitOfWork& work, PaymentId id, int status = 200) {
  const auto payment = storage::find_payment(work.connection(), id);
  if (!payment) return no_such_payment();
  return Answer{payment_json(*payment), status};
}

Result<HttpResponse> open(const HubApi& api, const HttpRequest& request,
                          const Principal& principal) {
  const auto order = id_of<OrderId>(request, "order");
  if (!order) return fail(order.error());
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  domain::PaymentOpened opened;
  opened.order = *order;
  const auto tender = domain::parse_tender(in.text("tender", {1, 16}));
  if (!tender) in.problem("tender", tender.error().message);
  opened.tender = tender.value_or(domain::Tender::kCard);
  opened.amount = read_money(in, "amount");
  opened.token = in.optional_text("token", {0, domain::kTokenMost}).value_or("");
  opened.offline = in.boolean_or("offline", false);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return run_money(
      api, request, principal,
      [opened, actor = principal.user, &ids = api.core.ids()](UnitOfWork& work) -> Result<Answer> {
        domain::PaymentOpened fresh = opened;
        fresh.payment = PaymentId(ids.next());
        if (auto ok = open_payment(work, fresh, actor); !ok) return fail(ok.error());
        return payment_answer(work, fresh.payment, 201);
      });
}

Result<HttpResponse> ask(const HubApi& api, const HttpRequest& request, const Principal& principal,
                         const domain::PaymentCommand& command) {
  const auto id = id_of<PaymentId>(request, "payment");
  if (!id) return fail(id.error());
  return run_money(api, request, principal,
                   [id = *id, command, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                     if (auto ok = ask_payment(work, id, command, actor); !ok) {
                       return fail(ok.error());
                     }
                     return payment_answer(work, id);
                   });
}

Result<HttpResponse> authorize(const HubApi& api, const HttpRequest& request,
                               const Principal& principal) {
  return ask(api, request, principal, domain::AuthorizePayment{});
}

Result<HttpResponse> give_up(const HubApi& api, const HttpRequest& request,
                             const Principal& principal) {
  return ask(api, request, principal, domain::VoidPayment{});
}

Result<HttpResponse> capture(const HubApi& api, const HttpRequest& request,
                             const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  domain::CapturePayment command;
  command.amount = read_money(in, "amount");
  if (const auto text = in.optional_text("ship_group", {1, 36})) {
    const auto group = Uuid::parse(*text);
    if (!group) in.problem("ship_group", group.error().message);
    command.group = ShipGroupId(group.value_or(Uuid()));
  }
  command.last = in.boolean_or("last", false);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return ask(api, request, principal, command);
}

Result<HttpResponse> refund(const HubApi& api, const HttpRequest& request,
                            const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  domain::RefundPayment command;
  command.amount = read_money(in, "amount");
  command.reason = in.optional_text("reason", {0, domain::kDetailMost}).value_or("");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto id = id_of<PaymentId>(request, "payment");
  if (!id) return fail(id.error());
  const storage::ApprovalAct act{
      storage::ApprovalKind::kRefund, id->value(), "", "", command.reason, command.amount};
  return run_money(api, request, principal,
                   [id = *id, command, act, asker = principal, &core = api.core,
                    rules = api.approval_rules](UnitOfWork& work) -> Result<Answer> {
                     return done_or_asked(work, core, rules, act, asker, [&]() -> Result<Answer> {
                       if (auto ok = ask_payment(work, id, command, asker.user); !ok) {
                         return fail(ok.error());
                       }
                       return payment_answer(work, id);
                     });
                   });
}

Result<HttpResponse> one_payment(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto id = id_of<PaymentId>(request, "payment");
  if (!id) return fail(id.error());
  const auto payment = api.readers.read(
      [&id](storage::Connection& connection) { return storage::find_payment(connection, *id); });
  if (!payment) return fail(payment.error());
  if (!*payment) return no_such_payment();
  return runtime::json_response(payment_json(**payment));
}

Result<HttpResponse> payments_of_order(const HubApi& api, const HttpRequest& request,
                                       const Principal&) {
  const auto order = id_of<OrderId>(request, "order");
  if (!order) return fail(order.error());
  using Found = std::optional<std::vector<domain::Payment>>;
  const auto found = api.readers.read([&order](storage::Connection& connection) -> Found {
    if (!storage::find_order(connection, *order)) return std::nullopt;
    return storage::payments_of(connection, *order);
  });
  if (!found) return fail(found.error());
  if (!*found) return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  auto items = json::Value::array();
  for (const domain::Payment& payment : **found) items.add(payment_json(payment));
  return runtime::json_response(json::Value::object().set("items", std::move(items)));
}

Result<HttpResponse> payment_page(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto page = program::read_page(request, 1);
  if (!page) return fail(page.error());
  storage::PaymentPage wanted;
  wanted.limit = page->limit + 1;
  const auto open = program::read_flag(request, "question_open");
  if (!open) return fail(open.error());
  wanted.only_open = *open;
  if (const auto text = request.query_value("status")) {
    const auto status = domain::parse_payment_status(*text);
    if (!status) return fail(status.error());
    wanted.status = *status;
  }
  const auto behind = program::rank_behind(*page);
  if (!behind) return fail(behind.error());
  if (*behind) wanted.after_rank = **behind;
  const auto body = api.readers.read([&wanted, &page](storage::Connection& connection) {
    auto rows = storage::payments(connection, wanted);
    const bool more = program::cut_page(rows, page->limit);
    auto items = json::Value::array();
    for (const storage::PaymentRow& row : rows) items.add(payment_json(row.payment));
    std::vector<std::string> next;
    if (more) next = {fmt::format("{}", rows.back().rank)};
    return program::write_page(std::move(items), next);
  });
  if (!body) return fail(body.error());
  return runtime::json_response(*body);
}

}  // namespace

std::vector<runtime::Route> payment_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/payments", "payments.read", with(api, payment_page)},
      {"GET", "/api/v1/payments/{payment}", "payments.read", with(api, one_payment)},
      {"GET", "/api/v1/orders/{order}/payments", "payments.read", with(api, payments_of_order)},
      {"POST", "/api/v1/orders/{order}/payments", "payments.take", with(api, open)},
      {"POST", "/api/v1/payments/{payment}/authorizations", "payments.take", with(api, authorize)},
      {"POST", "/api/v1/payments/{payment}/captures", "payments.take", with(api, capture)},
      {"POST", "/api/v1/payments/{payment}/void", "payments.take", with(api, give_up)},
      {"POST", "/api/v1/payments/{payment}/refunds", "payments.refund", with(api, refund)},
  };
}

}  // namespace cairn::central
