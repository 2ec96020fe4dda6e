#include "core/program/sessions.h"

#include "core/crypto/pin.h"
#include "core/crypto/token.h"
#include "core/runtime/call.h"
#include "core/storage/audit_trail.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <tuple>

namespace cairn::program {
namespace {

constexpr int kWrongMost = 5;
constexpr Duration kLockFor = std::chrono::minutes(5);
constexpr Duration kLifetime = std::chrono::hours(12);
constexpr Duration kDeadline = std::chrono::seconds(10);
constexpr std::ptrdiff_t kMadeUpNamesRemembered = 1000;
constexpr Duration kStrangersToldEvery = std::chrono::minutes(1);
constexpr const char* kSignInRoute = "POST /api/v1/sessions";
constexpr const char* kSignOutRoute = "DELETE /api/v1/sessions/current";

tl::unexpected<Error> unauthenticated(const char* why) {
  return fail(ErrorCode::kDenied, "unauthenticated", why);
}

tl::unexpected<Error> no_session() {
  return fail(ErrorCode::kNotFound, "no_session",
              "an API key has no session: it is good until it is revoked or its time is over");
}

}  // namespace

Result<> Sessions::begin_attempt(const std::string& name, bool known) {
  const std::scoped_lock lock(mutex_);
  const MonoTime now = env_.clock.mono_now();
  if (!attempts_.contains(name)) forget_a_made_up_name(now);
  Attempts& attempts = attempts_[name];
  attempts.known = known;
  attempts.last = now;
  if (now < attempts.locked_until) {
    auto locked = fail(ErrorCode::kDenied, "locked_out",
                       "too many wrong PINs for this name; wait five minutes and try again");
    const auto left = std::chrono::ceil<std::chrono::seconds>(attempts.locked_until - now);
    locked.value().retry_after_s = static_cast<int>(left.count());
    return locked;
  }
  if (++attempts.wrong < kWrongMost) return {};
  attempts.wrong = 0;
  attempts.locked_until = now + kLockFor;
  env_.log.warn("sign_in_locked", {{"site", site_.text()}});
  return {};
}

void Sessions::forgive(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  attempts_.erase(name);
}

/// There are as many known names as people. Of the made-up ones those that are not locked go first,
/// the oldest first.
void Sessions::forget_a_made_up_name(MonoTime now) {
  const auto made_up = [](const auto& entry) { return !entry.second.known; };
  if (std::ranges::count_if(attempts_, made_up) < kMadeUpNamesRemembered) return;
  const auto rank = [now, &made_up](const auto& entry) {
    return std::tuple(!made_up(entry), now < entry.second.locked_until, entry.second.last);
  };
  attempts_.erase(std::ranges::min_element(attempts_, {}, rank));
}

Result<> Sessions::check_pin(const std::optional<domain::StaffMember>& member,
                             const std::string& pin) {
  // An unknown name costs the same time as a wrong PIN, so that names cannot be found by trying.
  static const Result<std::string> kNobody = crypto::hash_pin("000000");
  if (!kNobody) return fail(kNobody.error());
  const std::scoped_lock lock(hashing_);
  const bool right = crypto::verify_pin(pin, member ? member->pin_hash : *kNobody);
  if (!member || !right) return unauthenticated("the name or the PIN is wrong");
  return {};
}

void Sessions::audit_refused(const std::optional<domain::StaffMember>& member) {
  if (!site_.empty()) return;
  if (!member) {
    const std::scoped_lock lock(mutex_);
    const MonoTime now = env_.clock.mono_now();
    if (stranger_told_ && now - *stranger_told_ < kStrangersToldEvery) return;
    stranger_told_ = now;
  }
  const storage::AuditFact fact{env_.clock.utc_now(),
                                member ? member->user : UserId{},
                                member ? member->name : "(nobody's name)",
                                "sign_in",
                                kSignInRoute,
                                "",
                                "refused"};
  const auto posted = env_.executor.post([writer = writer_, fact, log = &env_.log] {
    writer->submit<bool>(
        [fact](storage::UnitOfWork& work) -> Result<bool> {
          storage::append_audit(work.connection(), fact);
          return true;
        },
        [log](const Result<bool>& done) {
          if (!done) log->error("audit_not_written", {{"why", done.error().message}});
        });
  });
  if (!posted) env_.log.error("audit_not_written", {{"why", posted.error().message}});
}

Result<domain::StaffMember> Sessions::prove(const std::string& name, const std::string& pin) {
  // One look at both: staff that arrives between two would make of a name not heard of yet a wrong
  // one.
  struct Known {
    std::optional<domain::StaffMember> member;
    bool nobody = false;
  };
  const auto known = readers_->read([this, &name](storage::Connection& connection) {
    Known found{storage::find_staff(connection, site_, name)};
    found.nobody = !found.member && storage::staff(connection).empty();
    return found;
  });
  if (!known) return fail(known.error());
  if (known->nobody) {
    return fail(ErrorCode::kUnavailable, "no_staff_yet",
                site_.empty()
                    ? "nobody may sign in here yet: stop the hub and add an administrator "
                      "with cairn-hub --create-admin NAME"
                    : "this device has not received its staff from the hub yet; try again "
                      "in a moment");
  }
  const std::optional<domain::StaffMember>& member = known->member;
  if (auto ok = begin_attempt(name, member.has_value()); !ok) return fail(ok.error());
  if (auto ok = check_pin(member, pin); !ok) {
    if (ok.error().reason == "unauthenticated") audit_refused(member);
    return fail(ok.error());
  }
  forgive(name);
  return *member;
}

Result<UserId> Sessions::approve(const std::string& name, const std::string& pin,
                                 std::string_view permission) {
  const auto member = prove(name, pin);
  if (!member && member.error().reason == "unauthenticated") {
    return fail(ErrorCode::kDenied, "wrong_approval",
                "the second person's name or PIN is wrong; nothing was changed");
  }
  if (!member) return fail(member.error());
  const auto held = domain::permissions_of(member->role);
  if (std::ranges::find(held, permission) != held.end()) return member->user;
  return fail(ErrorCode::kDenied, "not_allowed",
              "this person may not approve it; ask a shift lead or the manager");
}

Result<Sessions::Started> Sessions::sign_in(const std::string& name, const std::string& pin,
                                            const std::string& station) {
  const auto member = prove(name, pin);
  if (!member) return fail(member.error());

  const std::string token = crypto::make_token();
  storage::SessionRow row;
  row.user = member->user;
  row.station = station;
  row.started_at = env_.clock.utc_now();
  row.expires_at = {row.started_at.us + kLifetime.count()};
  const auto saved = runtime::ask<storage::SessionRow>(
      env_.executor, kDeadline,
      [this, row, who = member->name,
       hash = crypto::token_hash(token)](const runtime::Reply<storage::SessionRow>& reply) {
        writer_->submit<storage::SessionRow>(
            [this, row, hash, who](storage::UnitOfWork& work) -> Result<storage::SessionRow> {
              storage::SessionRow named = row;
              named.id = SessionId(IdSource(env_.clock, env_.random).next());
              storage::start_session(work.connection(), hash, named);
              if (site_.empty()) {
                storage::append_audit(work.connection(), {row.started_at, row.user, who, "sign_in",
                                                          kSignInRoute, "", "201"});
              }
              return named;
            },
            [reply](Result<storage::SessionRow> done) { reply.fulfil(std::move(done)); });
      });
  if (!saved) return fail(saved.error());
  return Started{token, principal_of(*member, saved->id), *saved};
}

Result<> Sessions::sign_out(const runtime::Principal& principal) {
  if (principal.role == kApiKeyRole) return no_session();
  const storage::AuditFact fact{
      env_.clock.utc_now(), principal.user, principal.name, "sign_out", kSignOutRoute, "", "204"};
  const auto ended = runtime::ask<bool>(
      env_.executor, kDeadline,
      [this, session = principal.session, fact](const runtime::Reply<bool>& reply) {
        writer_->submit<bool>(
            [this, session, fact](storage::UnitOfWork& work) -> Result<bool> {
              storage::end_session(work.connection(), session);
              if (site_.empty()) storage::append_audit(work.connection(), fact);
              return true;
            },
            [reply](const Result<bool>& done) { reply.fulfil(done); });
      });
  if (!ended) return fail(ended.error());
  return {};
}

Result<storage::SessionRow> Sessions::current(const runtime::Principal& principal) {
  if (principal.role == kApiKeyRole) return no_session();
  const auto row = readers_->read([&principal](storage::Connection& connection) {
    return storage::find_session(connection, principal.session);
  });
  if (!row) return fail(row.error());
  if (!*row) return unauthenticated("the session has ended; sign in again");
  return **row;
}

Result<runtime::Principal> Sessions::authenticate(std::string_view bearer_token) {
  if (looks_like_api_key(bearer_token)) return keys_.authenticate(bearer_token);
  const Bytes hash = crypto::token_hash(bearer_token);
  const UtcTime now = env_.clock.utc_now();
  using Found = std::optional<std::pair<SessionId, domain::StaffMember>>;
  const auto found = readers_->read([this, &hash, now](storage::Connection& connection) -> Found {
    const auto session = storage::find_session(connection, hash, now);
    if (!session) return std::nullopt;
    const auto member = storage::find_staff(connection, site_, session->user);
    if (!member || !member->active) return std::nullopt;
    return std::pair(session->id, *member);
  });
  if (!found) return fail(found.error());
  if (!*found) return unauthenticated("not signed in, or the session has ended; sign in again");
  return principal_of((*found)->second, (*found)->first);
}

runtime::Principal Sessions::principal_of(const domain::StaffMember& member,
                                          SessionId session) const {
  runtime::Principal principal;
  principal.user = member.user;
  principal.person = member.user;
  principal.name = member.name;
  principal.role = name_of(member.role);
  principal.site = site_;
  principal.session = session;
  for (const std::string_view permission : domain::permissions_of(member.role)) {
    principal.permissions.emplace_back(permission);
  }
  return principal;
}

}  // namespace cairn::program
