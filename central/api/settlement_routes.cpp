// A provider's settlement file, compared.

#include "central/api/hub_api.h"
#include "central/payments/settlement.h"
#include "core/program/shapes.h"

namespace cairn::central {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

constexpr std::size_t kSettlementMost = 64U << 20U;

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

std::vector<runtime::Route> settlement_routes(const HubApi& api) {
  return {
      {"POST", "/api/v1/settlement-reports", "payments.read", with(api, check_settlement),
       kSettlementMost},
  };
}

}  // namespace cairn::central
