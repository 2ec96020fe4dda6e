#include "core/runtime/detail/accepted_encodings.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace cairn::runtime {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool same(std::string_view a, std::string_view b) {
  const IgnoreCase less;
  return !less(a, b) && !less(b, a);
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes what stands before the next `mark` off the front.
std::string_view take(std::string_view& text, char mark) {
  const std::string_view part = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return trim(part);
}

/// "0", "1", "0.25", "1.000" in thousandths; anything else is 0.
int weight_of(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
  int weight = (text[0] - '0') * 1000;
  text.remove_prefix(1);
  if (text.empty()) return weight;
  if (text[0] != '.' || text.size() > 4) return 0;
  text.remove_prefix(1);
  int scale = 100;
  for (const char c : text) {
    if (!is_digit(c)) return 0;
    weight += (c - '0') * scale;
    scale /= 10;
  }
  return weight <= 1000 ? weight : 0;
}

struct Wishes {
  std::optional<int> brotli;
  std::optional<int> gzip;
  std::optional<int> identity;
  std::optional<int> any;
};

void add_wish(Wishes& wishes, std::string_view wish) {
  const std::string_view coding = take(wish, ';');
  int weight = 1000;
  while (!wish.empty()) {
    std::string_view parameter = take(wish, ';');
    if (same(take(parameter, '='), "q")) weight = weight_of(trim(parameter));
  }
  if (same(coding, "br")) wishes.brotli = weight;
  if (same(coding, "gzip") || same(coding, "x-gzip")) wishes.gzip = weight;
  if (same(coding, "identity")) wishes.identity = weight;
  if (coding == "*") wishes.any = weight;
}

}  // namespace

AcceptedEncodings accepted_encodings(const HeaderFields& headers) {
  Wishes wishes;
  const auto [first, last] = headers.equal_range("Accept-Encoding");
  for (auto field = first; field != last; ++field) {
    std::string_view rest = field->second;
    while (!rest.empty()) add_wish(wishes, take(rest, ','));
  }
  AcceptedEncodings accepted;
  accepted.brotli = wishes.brotli.value_or(wishes.any.value_or(0));
  accepted.gzip = wishes.gzip.value_or(wishes.any.value_or(0));
  // Without a word about it, the plain content is what everybody takes if nothing better is there.
  accepted.identity = wishes.identity.value_or(wishes.any == 0 ? 0 : 1);
  return accepted;
}

}  // namespace cairn::runtime
