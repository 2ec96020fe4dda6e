#pragma once
// Finds the session token in a request. Pure.

#include "core/base/result.h"
#include "core/runtime/http_message.h"

#include <optional>
#include <string>

namespace cairn::runtime {

struct Credentials {
  std::string token;
  bool from_cookie = false;  ///< A browser sends cookies unasked, so they prove no intention.
};

/// From "Authorization: Bearer <token>", else the cookie `cairn_session`; nothing if there is
/// neither.
std::optional<Credentials> find_credentials(const HeaderFields& headers);

}  // namespace cairn::runtime
