#include "core/gs1/detail/uri.h"

#include "core/gs1/character_sets.h"

namespace cairn::gs1::detail {

bool is_unreserved(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

bool is_uri_character(char c) {
  return is_unreserved(c) ||
         std::string_view(":/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

std::size_t scheme_size(std::string_view uri) {
  for (const std::string_view scheme : {"https://", "http://", "HTTPS://", "HTTP://"}) {
    if (uri.starts_with(scheme)) return scheme.size();
  }
  return 0;
}

std::size_t find_no_host_character(std::string_view host) {
  return host.find_first_of("_~?#@!$&'()*+,;=%");
}

std::vector<Slice> split(Slice whole, char separator) {
  std::vector<Slice> parts;
  for (;;) {
    const std::size_t end = whole.text.find(separator);
    parts.push_back(whole.until(end));
    if (end == std::string_view::npos) return parts;
    whole = whole.from(end + 1);
  }
}

}  // namespace cairn::gs1::detail
