// API keys of programs: made, listed, revoked. A secret is shown once and kept only as its hash.

#include "central/api/hub_api.h"
#include "central/api/request_values.h"
#include "core/domain/staff/permissions.h"
#include "core/program/api_keys.h"
#include "core/program/page.h"
#include "core/program/shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::ApiKeyRow;
using storage::UnitOfWork;

constexpr std::size_t kScopesMost = 100;
/// Who could make keys and people, or be a second person, with a key alone would need no other.
constexpr std::array<std::string_view, 3> kNotForKeys = {"api_keys.manage", "approvals.decide",
                                                         "staff.manage"};

std::optional<std::string> text_of(const std::optional<UtcTime>& time) {
  return time ? std::optional(time->text()) : std::nullopt;
}

json::Value api_key_json(const ApiKeyRow& key) {
  auto scopes = json::Value::array();
  for (const std::string& scope : key.scopes) scopes.add(scope);
  auto object = json::Value::object();
  object.set("id", key.id.value().text())
      .set("name", key.name)
      .set("scopes", std::move(scopes))
      .set("made_by", key.made_by.value().text())
      .set("made_by_name", key.made_by_name)
      .set("made_at", key.made_at.text());
  program::set_or_null(object, "expires_at", text_of(key.expires_at));
  program::set_or_null(object, "revoked_at", text_of(key.revoked_at));
  program::set_or_null(object, "last_used_at", text_of(key.last_used_at));
  return object;
}

Result<HttpResponse> list_keys(const HubApi& api, const HttpRequest&, const Principal&) {
  const auto keys = api.readers.read(storage::api_keys);
  if (!keys) return fail(keys.error());
  auto items = json::Value::array();
  for (const ApiKeyRow& key : *keys) items.add(api_key_json(key));
  return runtime::json_response(program::write_list(std::move(items)));
}

/// Sorted, none twice. A problem is the reader's.
std::vector<std::string> read_scopes(json::Reader& in) {
  std::vector<std::string> scopes;
  for (const json::Value& value : in.values("scopes", kScopesMost)) {
    const std::string quoted = value.dump();
    const bool text = quoted.size() > 2 && quoted.front() == '"';
    std::string scope = text ? quoted.substr(1, quoted.size() - 2) : "";
    if (!domain::is_permission(scope)) {
      in.problem("scopes", "must be permissions, such as orders.read");
      break;
    }
    scopes.push_back(std::move(scope));
  }
  if (scopes.empty()) in.problem("scopes", "must name a permission at least");
  std::ranges::sort(scopes);
  const auto twice = std::ranges::unique(scopes);
  scopes.erase(twice.begin(), twice.end());
  return scopes;
}

Result<> check_scopes(const std::vector<std::string>& scopes, const Principal& maker) {
  for (const std::string& scope : scopes) {
    if (std::ranges::find(kNotForKeys, scope) != kNotForKeys.end()) {
      return fail(ErrorCode::kInvalid, "scope_not_for_keys",
                  fmt::format("no key may have {}: it takes a person; no key was made", scope));
    }
    if (!maker.may(scope)) {
      return fail(ErrorCode::kDenied, "scope_not_held",
                  fmt::format("you do not have the permission {} yourself, so that you cannot give "
                              "it to a key; no key was made",
                              scope));
    }
  }
  return {};
}

Result<HttpResponse> make_key(const HubApi& api, const HttpRequest& request,
                              const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  ApiKeyRow key;
  key.name = in.text("name", {1, storage::kApiKeyNameMost});
  key.scopes = read_scopes(in);
  if (const auto text = in.optional_text("expires_at", {1, 40})) {
    const auto at = UtcTime::parse(*text);
    if (!at) in.problem("expires_at", at.error().message);
    if (at && *at <= api.env.clock.utc_now()) in.problem("expires_at", "must be in the future");
    if (at) key.expires_at = *at;
  }
  if (auto ok = in.done(); !ok) return fail(ok.error());
  if (auto ok = check_scopes(key.scopes, principal); !ok) return fail(ok.error());
  key.made_by = principal.user;
  key.made_by_name = principal.name;
  return api.commands.run(
      request, principal,
      [key, secret = program::make_api_key_secret(),
       &ids = api.core.ids()](UnitOfWork& work) -> Result<Answer> {
        ApiKeyRow fresh = key;
        fresh.id = UserId(ids.next());
        fresh.made_at = work.now();
        if (!storage::add_api_key(work.connection(), fresh, secret)) {
          return fail(ErrorCode::kConflict, "name_taken",
                      "there is a key of that name; no other was made. Revoke it, or take another "
                      "name");
        }
        auto once = api_key_json(fresh);
        auto repeated = once;
        once.set("secret", secret);
        repeated.set_null("secret");
        return Answer{std::move(once), 201, std::move(repeated), fresh.id.value().text()};
      });
}

Result<HttpResponse> revoke_key(const HubApi& api, const HttpRequest& request,
                                const Principal& principal) {
  const auto id = id_of<UserId>(request, "api_key");
  if (!id) return fail(id.error());
  return api.commands.run(request, principal, [id = *id](UnitOfWork& work) -> Result<Answer> {
    if (!storage::find_api_key(work.connection(), id)) {
      return fail(ErrorCode::kNotFound, "no_such_api_key", "there is no such API key");
    }
    storage::revoke_api_key(work.connection(), id, work.now());
    const auto key = storage::find_api_key(work.connection(), id);
    return Answer{api_key_json(*key), 200};
  });
}

}  // namespace

std::vector<runtime::Route> api_key_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/api-keys", "api_keys.manage", with(api, list_keys)},
      {"POST", "/api/v1/api-keys", "api_keys.manage", with(api, make_key)},
      {"DELETE", "/api/v1/api-keys/{api_key}", "api_keys.manage", with(api, revoke_key)},
  };
}

}  // namespace cairn::central
