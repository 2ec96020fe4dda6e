// Payments of orders, gift cards and store credit.

#include "central/api/hub_api.h"
#include "central/payments/payment_book.h"
#include "central/payments/settlement.h"
#include "central/payments/stored_value_book.h"
#include "core/base/numbers.h"
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

constexpr std::size_t kCustomerMost = 64;
constexpr std::size_t kSettlementMost = 64U << 20U;

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

tl::unexpected<Error> no_such_payment() {
  return fail(ErrorCode::kNotFound, "no_such_payment", "there is no such payment");
}

tl::unexpected<Error> no_such_stored_value() {
  return fail(ErrorCode::kNotFound, "no_such_stored_value",
              "there is no such gift card or store credit");
}

template <class Id>
Result<Id> id_of(const HttpRequest& request, std::string_view name) {
  const auto id = Uuid::parse(request.parameter(name));
  if (!id) return fail(id.error());
  return Id(*id);
}

/// The member `name`: {"minor": 199, "currency": "GBP"}.
Money read_money(json::Reader& in, std::string_view name) {
  json::Reader money = in.object(name);
  const std::int64_t minor = money.integer("minor", 1, kMaxMinor);
  const auto currency = Currency::parse(money.text("currency", {3, 3}));
  if (!currency) money.problem("currency", "must be three capitals, as in ISO 4217");
  return {minor, currency.value_or(Currency())};
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
  return api.commands.run(
      request, principal,
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
  return api.commands.run(
      request, principal,
      [id = *id, command, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        if (auto ok = ask_payment(work, id, command, actor); !ok) return fail(ok.error());
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
  return ask(api, request, principal, command);
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
  if (!page->after.empty()) {
    const auto rank = parse_signed(page->after.front());
    if (!rank) return fail(ErrorCode::kInvalid, "bad_cursor", "the cursor was changed");
    wanted.after_rank = *rank;
  }
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

// ---- stored value ----

Result<Answer> stored_value_answer(UnitOfWork& work, StoredValueId id, int status = 200) {
  const auto value = storage::find_stored_value(work.connection(), id);
  CAIRN_ASSERT(value.has_value(), "it was changed in this job");
  return Answer{stored_value_json(*value), status};
}

/// The answer holds the only copy of the code: a repetition is told the card without it.
Result<HttpResponse> issue_card(const HubApi& api, const HttpRequest& request,
                                const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const Money amount = read_money(in, "amount");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return api.commands.run(request, principal,
                          [amount, actor = principal.user,
                           &random = api.env.random](UnitOfWork& work) -> Result<Answer> {
                            const std::string code = make_gift_card_code(random);
                            const auto id = issue_gift_card(work, code, amount, actor);
                            if (!id) return fail(id.error());
                            auto answer = stored_value_answer(work, *id, 201);
                            answer->repeated_body = answer->body;
                            answer->repeated_body->set_null("code");
                            answer->body.set("code", code);
                            return answer;
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
  return api.commands.run(
      request, principal,
      [customer, amount, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto id = issue_store_credit(work, customer, amount, actor);
        if (!id) return fail(id.error());
        return stored_value_answer(work, *id, 201);
      });
}

Result<HttpResponse> change(const HubApi& api, const HttpRequest& request,
                            const Principal& principal, const domain::StoredValueCommand& command) {
  const auto id = id_of<StoredValueId>(request, "stored_value");
  if (!id) return fail(id.error());
  return api.commands.run(
      request, principal,
      [id = *id, command, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        if (auto ok = change_stored_value(work, id, command, actor); !ok) return fail(ok.error());
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
  return change(api, request, principal,
                domain::CreditStoredValue{{amount, domain::CreditReason::kTopUp, {}, 0}});
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
  return api.commands.run(
      request, principal,
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

// ---- settlement ----

json::Value difference_json(const SettlementDifference& difference) {
  const auto& ours = difference.ours;
  auto object = json::Value::object();
  object.set("verdict", name_of(difference.verdict))
      .set("line", difference.line)
      .set("reference", difference.reference);
  program::set_or_null(object, "payment",
                       ours ? std::optional(ours->payment.value().text()) : std::nullopt);
  object.set("action", ours ? name_of(ours->action) : std::string_view());
  if (ours) {
    object.set("ours", program::money_json(ours->amount));
  } else {
    object.set_null("ours");
  }
  if (difference.theirs) {
    object.set("theirs", program::money_json(*difference.theirs));
  } else {
    object.set_null("theirs");
  }
  return object.set("problem", difference.problem);
}

json::Value report_json(const SettlementReport& report) {
  auto sums = json::Value::array();
  for (const auto& [currency, sum] : report.sums) {
    sums.add(json::Value::object()
                 .set("currency", currency.text())
                 .set("file_minor", sum.file_minor)
                 .set("matched_minor", sum.matched_minor));
  }
  auto differences = json::Value::array();
  for (const SettlementDifference& each : report.differences) {
    differences.add(difference_json(each));
  }
  const bool period = report.from <= report.to;
  auto object = json::Value::object();
  object.set("lines", report.lines).set("matched", report.matched);
  program::set_or_null(object, "from", period ? std::optional(report.from.text()) : std::nullopt);
  program::set_or_null(object, "to", period ? std::optional(report.to.text()) : std::nullopt);
  object.set("sums", std::move(sums))
      .set("differences", std::move(differences))
      .set("more", report.more);
  return object;
}

/// Nothing if the query does not say.
Result<std::optional<UtcTime>> read_time(const HttpRequest& request, std::string_view name) {
  const auto text = request.query_value(name);
  if (!text) return std::nullopt;
  const auto time = UtcTime::parse(*text);
  if (!time) return fail(time.error());
  return std::optional(*time);
}

Result<HttpResponse> check_settlement(const HubApi& api, const HttpRequest& request,
                                      const Principal&) {
  const auto from = read_time(request, "from");
  if (!from) return fail(from.error());
  const auto to = read_time(request, "to");
  if (!to) return fail(to.error());
  const auto report = api.readers.read([&request, &from, &to](storage::Connection& connection) {
    return reconcile(connection, request.body, {*from, *to});
  });
  if (!report) return fail(report.error());
  if (!*report) return fail(report->error());
  return runtime::json_response(report_json(**report));
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
      {"POST", "/api/v1/settlement-reports", "payments.read", with(api, check_settlement),
       kSettlementMost},
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
