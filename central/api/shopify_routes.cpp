// Webhooks of Shopify shops, and what of them is kept aside. The webhook's own proof of who sent it
// is its signature: https://shopify.dev/docs/apps/build/webhooks/subscribe/https

#include "central/api/hub_api.h"
#include "central/api/request_values.h"
#include "central/capture/shopify_desk.h"
#include "central/capture/shopify_order.h"
#include "core/crypto/message_code.h"
#include "core/program/page.h"
#include "core/program/shapes.h"

#include <fmt/format.h>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::CaptureProblem;
using storage::UnitOfWork;

constexpr std::size_t kMessageMost = 4U << 20U;  // octets

json::Value outcome(std::string_view what) { return json::Value::object().set("outcome", what); }

Result<> check_signature(const HubApi& api, const HttpRequest& request) {
  const auto secret = api.capture.shopify_secrets.find(request.parameter("channel"));
  if (secret == api.capture.shopify_secrets.end()) {
    return fail(ErrorCode::kNotFound, "no_such_channel",
                "no Shopify shop is configured for this channel: nothing was taken. Add a "
                "[[shopify]] to the hub's configuration");
  }
  const auto code = request.header("X-Shopify-Hmac-Sha256");
  if (code && crypto::message_code_matches(request.body, secret->second, *code)) return {};
  return fail(ErrorCode::kDenied, "bad_signature",
              "the signature is missing or does not fit the body: nothing was taken. Compare the "
              "shop's secret with the channel's secret_file");
}

Result<HttpResponse> webhook(const HubApi& api, const HttpRequest& request, const Principal&) {
  if (auto ok = check_signature(api, request); !ok) return fail(ok.error());
  const std::string topic = request.header("X-Shopify-Topic").value_or("");
  if (!is_shopify_topic(topic)) return runtime::json_response(outcome("IGNORED"));
  const storage::ChannelMessage message{request.parameter("channel"), topic,
                                        shopify_order_number(request.body), request.body};
  return api.commands.run(
      request, {},
      [message, &core = api.core, &holds = api.capture.holds](UnitOfWork& work) -> Result<Answer> {
        const auto taken = take_or_keep(work, core.site_ages(), holds, message);
        if (!taken) return fail(taken.error());
        return Answer{outcome(*taken ? "TAKEN" : "KEPT_ASIDE"), 200};
      });
}

json::Value problem_json(const CaptureProblem& problem) {
  auto object = json::Value::object();
  object.set("id", problem.id.text())
      .set("channel", problem.message.channel)
      .set("topic", problem.message.topic)
      .set("external_id", problem.message.external_id)
      .set("reason", problem.reason)
      .set("detail", problem.detail)
      .set("first_at", problem.first_at.text())
      .set("last_at", problem.last_at.text())
      .set("tries", problem.tries);
  program::set_or_null(object, "order",
                       problem.order ? std::optional(problem.order->value().text()) : std::nullopt);
  return object;
}

Result<HttpResponse> problem_page(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto page = program::read_page(request, 1);
  if (!page) return fail(page.error());
  const auto all = program::read_flag(request, "all");
  if (!all) return fail(all.error());
  std::int64_t after = 0;
  const auto behind = program::rank_behind(*page);
  if (!behind) return fail(behind.error());
  if (*behind) after = **behind;
  const auto body = api.readers.read([&](storage::Connection& connection) {
    auto rows = storage::capture_problems(connection, after, page->limit + 1, *all);
    const bool more = program::cut_page(rows, page->limit);
    auto items = json::Value::array();
    for (const CaptureProblem& row : rows) items.add(problem_json(row));
    std::vector<std::string> next;
    if (more) next = {fmt::format("{}", rows.back().rank)};
    return program::write_page(std::move(items), next);
  });
  if (!body) return fail(body.error());
  return runtime::json_response(*body);
}

tl::unexpected<Error> no_such_problem() {
  return fail(ErrorCode::kNotFound, "no_such_problem",
              "no message of a channel is kept aside under this id");
}

/// With the message itself.
Result<HttpResponse> one_problem(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto id = id_of<OrderId>(request, "problem");
  if (!id) return fail(id.error());
  const auto found = api.readers.read([&id](storage::Connection& connection) {
    return storage::find_problem(connection, id->value());
  });
  if (!found) return fail(found.error());
  if (!*found) return no_such_problem();
  return runtime::json_response(problem_json(**found).set("payload", (*found)->message.payload));
}

Result<HttpResponse> dismiss(const HubApi& api, const HttpRequest& request,
                             const Principal& principal) {
  const auto id = id_of<OrderId>(request, "problem");
  if (!id) return fail(id.error());
  return api.commands.run(request, principal,
                          [id = id->value()](UnitOfWork& work) -> Result<Answer> {
                            auto problem = storage::find_problem(work.connection(), id);
                            if (!problem || !storage::dismiss_problem(work.connection(), id))
                              return no_such_problem();
                            return Answer{problem_json(*problem), 200};
                          });
}

Result<HttpResponse> retry(const HubApi& api, const HttpRequest& request,
                           const Principal& principal) {
  const auto id = id_of<OrderId>(request, "problem");
  if (!id) return fail(id.error());
  const auto backorder = program::read_flag(request, "allow_backorder");
  if (!backorder) return fail(backorder.error());
  return api.commands.run(
      request, principal,
      [id = id->value(), backorder = *backorder, &core = api.core, &holds = api.capture.holds,
       actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto problem = retry_problem(work, core.site_ages(), holds, id, backorder, actor);
        if (!problem) return fail(problem.error());
        return Answer{problem_json(*problem), 200};
      });
}

}  // namespace

std::vector<runtime::Route> shopify_routes(const HubApi& api) {
  return {
      {"POST", "/api/v1/channels/{channel}/shopify", "", with(api, webhook), kMessageMost},
      {"GET", "/api/v1/orders/problems", "orders.read", with(api, problem_page)},
      {"GET", "/api/v1/orders/problems/{problem}", "orders.manage", with(api, one_problem)},
      {"DELETE", "/api/v1/orders/problems/{problem}", "orders.manage", with(api, dismiss)},
      {"POST", "/api/v1/orders/problems/{problem}/retry", "orders.manage", with(api, retry)},
  };
}

}  // namespace cairn::central
