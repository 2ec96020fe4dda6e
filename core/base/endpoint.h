#pragma once
// "host:port" as people write it in configuration files and on command lines. Pure.

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn {

struct Endpoint {
  std::string host;  ///< A name or an address, IPv6 without the brackets.
  std::uint16_t port = 0;

  /// "shop-hub:8080", "127.0.0.1:8080", "[::1]:8080"; port 0 stands for any free one when
  /// listening. Errors: kInvalid "bad_endpoint".
  static Result<Endpoint> parse(std::string_view text);

  [[nodiscard]] std::string text() const;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

}  // namespace cairn
