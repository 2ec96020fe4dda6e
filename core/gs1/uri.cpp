#include "core/gs1/detail/uri.h"

#include "core/gs1/character_sets.h"

#include <algorithm>

namespace cairn::gs1::detail {
namespace {

bool begins_with_any_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::ranges::equal(text.substr(0, lower.size()), lower, [](char is, char wanted) {
           return is == wanted || (is >= 'A' && is <= 'Z' && is - 'A' + 'a' == wanted);
         });
}

}  // namespace

bool is_unreserved(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

bool is_uri_character(char c) {
  return is_unreserved(c) ||
         std::string_view(":/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

std::size_t scheme_size(std::string_view uri) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (begins_with_any_case(uri, scheme)) return scheme.size();
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
