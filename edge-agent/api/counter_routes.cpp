// The pickup counter.

#include "core/program/page.h"
#include "core/program/routes/ship_group_routes.h"
#include "core/program/shapes.h"
#include "edge-agent/api/station_request.h"
#include "edge-agent/workflows/hand_over.h"

#include <memory>

namespace cairn::agent {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

constexpr json::Reader::Length kCode{1, 32};

Result<HttpResponse> lookup(const AgentApi& api, PickupSearch& search, const HttpRequest& request,
                            const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const std::string code = in.text("code", kCode);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return api.commands.run(request, principal,
                          [&search, code, env = api.env](UnitOfWork& work) -> Result<Answer> {
                            const auto found = search.find(work, code, env.clock.mono_now());
                            if (!found) return fail(found.error());
                            auto items = json::Value::array();
                            for (const ShipGroupId group : *found) {
                              const auto detail = group_answer(work, group);
                              if (!detail) return fail(detail.error());
                              items.add(detail->body);
                            }
                            return Answer{program::write_list(std::move(items)), 200};
                          });
}

Result<Answer> hand_over_answer(UnitOfWork& work, ShipGroupId group, const HandOverAnswer& answer) {
  const auto detail = group_answer(work, group);
  if (!detail) return fail(detail.error());
  auto object = json::Value::object();
  object.set("outcome", answer.code_was_right ? "HANDED_OVER" : "WRONG_CODE")
      .set("tries_left", answer.tries_left)
      .set("group", detail->body);
  return Answer{std::move(object), 200};
}

Result<HttpResponse> give(const AgentApi& api, const HttpRequest& request,
                          const Principal& principal) {
  const auto group = program::group_of(request);
  if (!group) return fail(group.error());
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const auto code = in.optional_text("code", kCode);
  const auto asked = read_approval(in);
  if (code.has_value() == asked.has_value()) {
    in.problem("code", "give the code, or somebody's approval without it");
  }
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto done = api.commands.repeated(request, principal);
  if (!done) return fail(done.error());
  if (*done) return **done;
  const auto approval = approve(api, asked, "pickups.override");
  if (!approval) return fail(approval.error());
  return api.commands.run(
      request, principal,
      [principal, group = *group, code, approval = *approval](UnitOfWork& work) -> Result<Answer> {
        const auto by = operator_of(work.connection(), principal);
        if (!by) return fail(by.error());
        if (approval) {
          if (auto ok = hand_over_approved(work, group, *approval, *by); !ok) {
            return fail(ok.error());
          }
          return hand_over_answer(work, group, {});
        }
        const auto given = hand_over(work, group, *code, *by);
        if (!given) return fail(given.error());
        return hand_over_answer(work, group, *given);
      });
}

Result<HttpResponse> undo_hand_over(const AgentApi& api, const HttpRequest& request,
                                    const Principal& principal) {
  return on_group(api, request, principal,
                  [](UnitOfWork& work, ShipGroupId group, const Operator& by) {
                    return undo_hand_over(work, group, by);
                  });
}

}  // namespace

std::vector<runtime::Route> counter_routes(const AgentApi& api) {
  // Used on the loop only: it lives as long as the route that has it.
  const auto search = std::make_shared<PickupSearch>();
  api.core.writer().keep_in_step(search);
  return {
      {"POST", "/api/v1/pickups/lookup", "pickups.hand_over",
       [api, search](const HttpRequest& request, const Principal& principal) {
         return lookup(api, *search, request, principal);
       }},
      {"POST", "/api/v1/ship-groups/{group}/hand-over", "pickups.hand_over", with(api, give)},
      {"POST", "/api/v1/ship-groups/{group}/hand-over/undo", "pickups.hand_over",
       with(api, undo_hand_over)},
  };
}

}  // namespace cairn::agent
