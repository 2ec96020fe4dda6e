#include "core/base/endpoint.h"

#include "core/base/numbers.h"
#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_host(std::string_view host, std::string_view marks) {
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [marks](char c) {
    return is_letter_or_digit(c) || marks.find(c) != std::string_view::npos;
  });
}

}  // namespace

Result<Endpoint> Endpoint::parse(std::string_view text) {
  const auto colon = text.rfind(':');
  const std::string_view before = text.substr(0, colon);
  const bool bracketed = before.starts_with('[') && before.ends_with(']');
  const std::string_view host = bracketed ? before.substr(1, before.size() - 2) : before;
  const auto port = colon == std::string_view::npos ? fail(ErrorCode::kInvalid, "bad_number", "")
                                                    : parse_unsigned(text.substr(colon + 1));
  const bool six = bracketed && host.find(':') != std::string_view::npos && is_host(host, ":.%");
  const bool sound = bracketed ? six : is_host(host, ".-_");
  if (!sound || !port || *port > 65535) {
    return fail(ErrorCode::kInvalid, "bad_endpoint",
                fmt::format("\"{}\" is not like 127.0.0.1:8080, shop-hub:8080 or [::1]:8080",
                            excerpt(text)));
  }
  return Endpoint{std::string(host), static_cast<std::uint16_t>(*port)};
}

std::string Endpoint::text() const {
  const bool six = host.find(':') != std::string::npos;
  return six ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace cairn
