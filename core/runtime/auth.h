#pragma once
// Who asks, and the port that finds it out. Implemented by the programs over their session tables.

#include "core/base/ids.h"
#include "core/base/result.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::runtime {

/// A signed-in user, or a program with an API key. On public routes all of it is empty.
struct Principal {
  UserId user;    ///< Of a key: the key's own id.
  UserId person;  ///< Who answers for it: the user, or whoever made the key.
  std::string name;
  std::string role;
  SiteId site;        ///< Empty: head office.
  SessionId session;  ///< Nil: an API key, which has none.
  std::vector<std::string> permissions;

  [[nodiscard]] bool may(std::string_view permission) const {
    return std::ranges::find(permissions, permission) != permissions.end();
  }
};

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  /// Who holds this token. Called by several HTTP threads at once.
  /// Errors: kDenied "unauthenticated" (unknown, expired or withdrawn), kDenied "locked_out",
  /// kUnavailable (cannot be checked now).
  virtual Result<Principal> authenticate(std::string_view bearer_token) = 0;
};

}  // namespace cairn::runtime
