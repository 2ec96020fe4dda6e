// People: who may sign in where. PINs are made here, shown once, and kept only as hashes.

#include "central/api/hub_api.h"
#include "central/registry/registry.h"
#include "core/crypto/pin.h"
#include "core/json/reader.h"
#include "core/program/page.h"
#include "core/runtime/call.h"

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

json::Value staff_json(const SiteId& site, const domain::StaffMember& member) {
  auto object = json::Value::object();
  object.set("user", member.user.value().text())
      .set("site", site.text())
      .set("name", member.name)
      .set("role", name_of(member.role))
      .set("active", member.active);
  return object;
}

struct NewPin {
  std::string pin;
  std::string hash;
};

/// Hashing takes tens of milliseconds: here, not on the loop.
Result<NewPin> make_pin(const HubApi& api) {
  const auto pin = runtime::call<std::string>(
      api.env.executor, kLoopPatience,
      [&random = api.env.random]() -> Result<std::string> { return crypto::make_pin(random); });
  if (!pin) return fail(pin.error());
  const auto hash = crypto::hash_pin(*pin);
  if (!hash) return fail(hash.error());
  return NewPin{*pin, *hash};
}

Answer with_pin(const StaffChange& staff, const std::string& pin, int status) {
  auto once = staff_json(staff.site, staff.member);
  once.set("pin", pin);
  auto repeated = staff_json(staff.site, staff.member);
  repeated.set_null("pin");
  return {std::move(once), status, std::move(repeated), staff.member.user.value().text()};
}

Result<HttpResponse> list_staff(const HubApi& api, const HttpRequest&, const Principal&) {
  const auto rows = api.readers.read(storage::staff);
  if (!rows) return fail(rows.error());
  auto items = json::Value::array();
  for (const storage::SiteStaffMember& row : *rows) items.add(staff_json(row.site, row.member));
  return runtime::json_response(program::write_list(std::move(items)));
}

Result<HttpResponse> add(const HubApi& api, const HttpRequest& request,
                         const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  StaffChange staff;
  if (const auto text = in.optional_text("site", {0, 32}); text && !text->empty()) {
    const auto site = SiteId::parse(*text);
    if (!site) in.problem("site", site.error().message);
    staff.site = site.value_or(SiteId{});
  }
  staff.member.name = in.text("name", {1, 40});
  const auto role = domain::parse_role(in.text("role", {1, 32}));
  if (!role) in.problem("role", role.error().message);
  staff.member.role = role.value_or(domain::Role::kPicker);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto pin = make_pin(api);
  if (!pin) return fail(pin.error());
  staff.member.pin_hash = pin->hash;
  return api.commands.run(request, principal,
                          [staff, pin = pin->pin, &core = api.core,
                           actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                            StaffChange named = staff;
                            named.member.user = UserId(core.ids().next());
                            const auto added = add_staff(work, named, actor);
                            if (!added) return fail(added.error());
                            return with_pin(*added, pin, 201);
                          });
}

/// The person of the path, at the site of the query.
Result<StaffChange> person_of(const HttpRequest& request) {
  StaffChange person;
  const auto user = Uuid::parse(request.parameter("user"));
  if (!user) return fail(user.error());
  person.member.user = UserId(*user);
  if (const auto text = request.query_value("site"); text && !text->empty()) {
    const auto site = SiteId::parse(*text);
    if (!site) return fail(site.error());
    person.site = *site;
  }
  return person;
}

Result<HttpResponse> new_pin(const HubApi& api, const HttpRequest& request,
                             const Principal& principal) {
  const auto person = person_of(request);
  if (!person) return fail(person.error());
  const auto pin = make_pin(api);
  if (!pin) return fail(pin.error());
  return api.commands.run(
      request, principal,
      [person = *person, pin = *pin, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto changed = reset_pin(work, person.site, person.member.user, pin.hash, actor);
        if (!changed) return fail(changed.error());
        return with_pin(*changed, pin.pin, 200);
      });
}

Result<HttpResponse> remove(const HubApi& api, const HttpRequest& request,
                            const Principal& principal) {
  const auto person = person_of(request);
  if (!person) return fail(person.error());
  return api.commands.run(
      request, principal,
      [person = *person, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto removed = remove_staff(work, person.site, person.member.user, actor);
        if (!removed) return fail(removed.error());
        return Answer{staff_json(removed->site, removed->member), 200};
      });
}

}  // namespace

std::vector<runtime::Route> staff_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/staff", "staff.manage", with(api, list_staff)},
      {"POST", "/api/v1/staff", "staff.manage", with(api, add)},
      {"POST", "/api/v1/staff/{user}/reset-pin", "staff.manage", with(api, new_pin)},
      {"POST", "/api/v1/staff/{user}/remove", "staff.manage", with(api, remove)},
  };
}

}  // namespace cairn::central
