#include "core/runtime/detail/credentials.h"

#include <algorithm>
#include <string_view>

namespace cairn::runtime {
namespace {

constexpr std::string_view kCookie = "cairn_session=";
constexpr std::string_view kScheme = "bearer ";

bool same_start(std::string_view text, std::string_view start) {
  const IgnoreCase less;
  const std::string_view head = text.substr(0, start.size());
  return !less(head, start) && !less(start, head);
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos
             ? std::string_view{}
             : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::string_view> session_cookie(std::string_view cookies) {
  while (!cookies.empty()) {
    const std::string_view raw = cookies.substr(0, cookies.find(';'));
    cookies.remove_prefix(std::min(cookies.size(), raw.size() + 1));
    const std::string_view cookie = without_blanks(raw);
    if (cookie.starts_with(kCookie)) return cookie.substr(kCookie.size());
  }
  return std::nullopt;
}

}  // namespace

std::optional<Credentials> find_credentials(const HeaderFields& headers) {
  const auto authorization = headers.find("Authorization");
  if (authorization != headers.end()) {
    if (!same_start(authorization->second, kScheme)) return std::nullopt;
    const auto token =
        without_blanks(std::string_view(authorization->second).substr(kScheme.size()));
    return token.empty() ? std::nullopt : std::optional(Credentials{std::string(token), false});
  }
  const auto [first, last] = headers.equal_range("Cookie");
  for (auto field = first; field != last; ++field) {
    const auto token = session_cookie(field->second);
    if (token && !token->empty()) return Credentials{std::string(*token), true};
  }
  return std::nullopt;
}

}  // namespace cairn::runtime
