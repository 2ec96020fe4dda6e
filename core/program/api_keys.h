#pragma once
// Who a program with an API key is: the same Principal that a signed-in person has, with the key's
// scopes for permissions. Every request looks the key up, so that a revoked one is worthless at
// once; when it was used last is written down at most every ten minutes. Any thread but the loop's.

#include "core/base/env.h"
#include "core/runtime/auth.h"
#include "core/storage/api_key_table.h"
#include "core/storage/read_pool.h"
#include "core/storage/writer.h"

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace cairn::program {

/// What stands where a person has a role.
inline constexpr std::string_view kApiKeyRole = "API_KEY";

/// A new secret: "cairn_" and 64 hexadecimal digits, 256 bits of chance.
std::string make_api_key_secret();
/// True if it has the form of a key's secret rather than of a session's token.
bool looks_like_api_key(std::string_view bearer_token);

class ApiKeys {
 public:
  ApiKeys(Env env, storage::Writer& writer, storage::ReadPool& readers)
      : env_(env), writer_(&writer), readers_(&readers) {}

  /// Errors: kDenied "unauthenticated" (unknown, revoked or expired); kUnavailable.
  Result<runtime::Principal> authenticate(std::string_view secret);

 private:
  void note_used(const storage::ApiKeyRow& key, UtcTime now);

  Env env_;
  storage::Writer* writer_;
  storage::ReadPool* readers_;
  std::mutex mutex_;                 ///< guards noted_
  std::map<UserId, UtcTime> noted_;  ///< when it was last decided to write it down
};

}  // namespace cairn::program
