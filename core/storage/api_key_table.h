#pragma once
// API keys of programs, at the hub. Local: never replicated. Writing: inside a job; errors as in
// sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/storage/sqlite/connection.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::storage {

/// What every secret of a key begins with, so that people and scanners of code know one.
inline constexpr std::string_view kApiKeyPrefix = "cairn_";
inline constexpr std::size_t kApiKeyNameMost = 40;

struct ApiKeyRow {
  UserId id;         ///< stands where a person's would: it is the actor of what the key does
  std::string name;  ///< 1-40 octets; unique among those that are not revoked
  std::vector<std::string> scopes;  ///< permissions, sorted
  UserId made_by;
  std::string made_by_name;
  UtcTime made_at;
  std::optional<UtcTime> expires_at;
  std::optional<UtcTime> revoked_at;
  std::optional<UtcTime> last_used_at;  ///< to about ten minutes

  [[nodiscard]] bool good_at(UtcTime now) const {
    return !revoked_at && (!expires_at || now < *expires_at);
  }
};

/// False: a key that is not revoked has that name; nothing was written.
bool add_api_key(Connection& writer, const ApiKeyRow& key, std::string_view secret);
/// Nothing if it was revoked before.
void revoke_api_key(Connection& writer, UserId key, UtcTime now);
void note_api_key_used(Connection& writer, UserId key, UtcTime now);

/// Whose secret it is, revoked and expired ones too. Any connection.
std::optional<ApiKeyRow> api_key_of_secret(Connection& connection, std::string_view secret);
std::optional<ApiKeyRow> find_api_key(Connection& connection, UserId key);
/// The latest first. Any connection.
std::vector<ApiKeyRow> api_keys(Connection& connection);

}  // namespace cairn::storage
