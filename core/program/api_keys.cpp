#include "core/program/api_keys.h"

#include "core/crypto/token.h"

#include <chrono>
#include <optional>

namespace cairn::program {
namespace {

constexpr Duration kUseNotedEvery = std::chrono::minutes(10);

}  // namespace

std::string make_api_key_secret() {
  return std::string(storage::kApiKeyPrefix) + crypto::make_token();
}

bool looks_like_api_key(std::string_view bearer_token) {
  return bearer_token.starts_with(storage::kApiKeyPrefix);
}

Result<runtime::Principal> ApiKeys::authenticate(std::string_view secret) {
  const UtcTime now = env_.clock.utc_now();
  const auto found = readers_->read([secret](storage::Connection& connection) {
    return storage::api_key_of_secret(connection, secret);
  });
  if (!found) return fail(found.error());
  if (!*found || !(*found)->good_at(now)) {
    return fail(ErrorCode::kDenied, "unauthenticated",
                "the API key is unknown, revoked or past its time; nothing was done");
  }
  const storage::ApiKeyRow& key = **found;
  note_used(key, now);
  runtime::Principal principal;
  principal.user = key.id;
  principal.person = key.made_by;
  principal.name = key.name;
  principal.role = kApiKeyRole;
  principal.permissions = key.scopes;
  return principal;
}

void ApiKeys::note_used(const storage::ApiKeyRow& key, UtcTime now) {
  const auto recent = [now](const std::optional<UtcTime>& then) {
    return then && now.us - then->us < kUseNotedEvery.count() && then->us <= now.us;
  };
  if (recent(key.last_used_at)) return;
  {
    const std::scoped_lock lock(mutex_);
    const auto noted = noted_.find(key.id);
    if (noted != noted_.end() && recent(noted->second)) return;
    noted_[key.id] = now;
  }
  // Nobody waits for it, and it is no harm if it is lost.
  static_cast<void>(env_.executor.post([writer = writer_, id = key.id, now] {
    writer->submit<bool>(
        [id, now](storage::UnitOfWork& work) -> Result<bool> {
          storage::note_api_key_used(work.connection(), id, now);
          return true;
        },
        [](const Result<bool>&) {});
  }));
}

}  // namespace cairn::program
