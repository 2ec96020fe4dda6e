// Codes for customers who come for their goods.

#include "central/api/hub_api.h"
#include "central/pickup/pickup_codes.h"
#include "core/program/routes/ship_group_routes.h"

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

/// The answer holds the only copy of the code: it is not kept for repetitions, a repeated request
/// makes a new one.
Result<HttpResponse> mint(const HubApi& api, const HttpRequest& request,
                          const Principal& principal) {
  const auto group = program::group_of(request);
  if (!group) return fail(group.error());
  HttpRequest once = request;
  once.headers.erase("Idempotency-Key");
  return api.commands.run(once, principal,
                          [group = *group, actor = principal.user,
                           &random = api.env.random](UnitOfWork& work) -> Result<Answer> {
                            const auto code = mint_pickup_code(work, random, group, actor);
                            if (!code) return fail(code.error());
                            auto body = json::Value::object();
                            body.set("group", group.value().text()).set("code", *code);
                            return Answer{std::move(body), 201};
                          });
}

}  // namespace

std::vector<runtime::Route> pickup_routes(const HubApi& api) {
  return {{"POST", "/api/v1/ship-groups/{group}/pickup-code", "pickups.mint", with(api, mint)}};
}

}  // namespace cairn::central
