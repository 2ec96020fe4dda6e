// Stock leases: units set aside for the sales of one device.

#include "central/api/hub_api.h"
#include "central/api/request_values.h"
#include "central/promise/stock_leases.h"
#include "core/json/reader.h"
#include "core/program/page.h"
#include "core/program/routes/stock_routes.h"
#include "core/program/shapes.h"

#include <chrono>
#include <utility>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

constexpr std::int64_t kDefaultLeaseSeconds = 24LL * 3600;
constexpr std::int64_t kDefaultGraceSeconds = 3600;

// ---- policies ----

Result<HttpResponse> policies(const HubApi& api, const HttpRequest&, const Principal&) {
  const auto rows = api.readers.read(storage::lease_policies);
  if (!rows) return fail(rows.error());
  auto items = json::Value::array();
  for (const domain::LeasePolicy& policy : *rows) items.add(program::lease_policy_json(policy));
  return runtime::json_response(program::write_list(std::move(items)));
}

Result<domain::LeasePolicy> read_policy(const HttpRequest& request) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  domain::LeasePolicy policy;
  policy.name = request.parameter("policy");
  for (json::Reader& one : in.objects("articles", domain::LeasePolicy::kMaxSkus)) {
    const auto sku = Sku::parse(one.text("sku", {1, 64}));
    if (!sku) one.problem("sku", sku.error().message);
    policy.skus.push_back(sku.value_or(Sku{}));
  }
  if (policy.skus.empty()) in.problem("articles", "must name an article at least");
  const auto beyond = domain::parse_beyond_lease(in.text("beyond", {1, 16}));
  if (!beyond) in.problem("beyond", beyond.error().message);
  policy.active = in.boolean_or("active", true);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  policy.beyond = *beyond;
  return policy;
}

Result<HttpResponse> put_policy(const HubApi& api, const HttpRequest& request,
                                const Principal& principal) {
  auto policy = read_policy(request);
  if (!policy) return fail(policy.error());
  return api.commands.run(
      request, principal,
      [policy = *std::move(policy), actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto defined = define_lease_policy(work, policy, actor);
        if (!defined) return fail(defined.error());
        return Answer{program::lease_policy_json(*defined), 200};
      });
}

// ---- leases ----

Result<HttpResponse> leases(const HubApi& api, const HttpRequest& request, const Principal&) {
  std::optional<SiteId> site;
  if (const auto text = request.query_value("site")) {
    const auto named = SiteId::parse(*text);
    if (!named) return fail(named.error());
    site = *named;
  }
  return program::lease_page(api.readers, request, site);
}

struct LeaseRequest {
  SiteId site;
  std::optional<NodeId> node;
  domain::StockLeased wanted;
  std::int64_t seconds = kDefaultLeaseSeconds;
};

Result<LeaseRequest> read_lease(const HttpRequest& request) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  LeaseRequest asked;
  const auto site = SiteId::parse(in.text("site", {1, 32}));
  if (!site) in.problem("site", site.error().message);
  asked.site = site.value_or(SiteId{});
  if (const auto text = in.optional_text("node", {36, 36})) {
    const auto node = Uuid::parse(*text);
    if (!node) in.problem("node", node.error().message);
    asked.node = NodeId(node.value_or(Uuid{}));
  }
  const auto sku = Sku::parse(in.text("sku", {1, 64}));
  if (!sku) in.problem("sku", sku.error().message);
  asked.wanted.sku = sku.value_or(Sku{});
  asked.wanted.milli = in.integer("milli", 1, kMaxMilli);
  asked.seconds =
      in.optional_integer("seconds", 1, domain::kMaxLeaseSeconds).value_or(kDefaultLeaseSeconds);
  asked.wanted.grace_s =
      in.optional_integer("grace_s", domain::kMinLeaseGraceSeconds, domain::kMaxLeaseGraceSeconds)
          .value_or(kDefaultGraceSeconds);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return asked;
}

Result<HttpResponse> grant(const HubApi& api, const HttpRequest& request,
                           const Principal& principal) {
  auto asked = read_lease(request);
  if (!asked) return fail(asked.error());
  return api.commands.run(
      request, principal,
      [asked = *std::move(asked), &core = api.core,
       actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        if (!storage::find_facility(work.connection(), asked.site)) {
          return fail(ErrorCode::kNotFound, "no_such_site",
                      "there is no site " + asked.site.text() + "; nothing was leased");
        }
        const auto node = lease_node(work.connection(), asked.site, asked.node);
        if (!node) return fail(node.error());
        const auto inc = core.writing(*node);
        if (!inc) {
          return fail(ErrorCode::kConflict, "node_not_heard",
                      "the device was not heard since the hub was started; nothing was leased");
        }
        domain::StockLeased wanted = asked.wanted;
        wanted.lease = StockLeaseId(core.ids().next());
        wanted.node = *node;
        wanted.inc = *inc;
        wanted.expires_at =
            UtcTime{work.now().us + Duration(std::chrono::seconds(asked.seconds)).count()};
        const auto lease = grant_lease(work, asked.site, wanted, actor);
        if (!lease) return fail(lease.error());
        Answer answer{program::stock_lease_json(*lease), 201};
        answer.subject = wanted.lease.value().text();
        return answer;
      });
}

Result<HttpResponse> ask_back(const HubApi& api, const HttpRequest& request,
                              const Principal& principal) {
  const auto id = id_of<StockLeaseId>(request, "lease");
  if (!id) return fail(id.error());
  return api.commands.run(request, principal,
                          [id = *id, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                            const auto lease = recall_lease(work, id, actor);
                            if (!lease) return fail(lease.error());
                            return Answer{program::stock_lease_json(*lease), 200};
                          });
}

}  // namespace

std::vector<runtime::Route> lease_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/stock/lease-policies", "promises.read", with(api, policies)},
      {"PUT", "/api/v1/stock/lease-policies/{policy}", "promises.manage", with(api, put_policy)},
      {"GET", "/api/v1/stock/leases", "stock.read", with(api, leases)},
      {"POST", "/api/v1/stock/leases", "stock.lease", with(api, grant)},
      {"DELETE", "/api/v1/stock/leases/{lease}", "stock.lease", with(api, ask_back)},
  };
}

}  // namespace cairn::central
