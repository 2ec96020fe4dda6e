#include "core/domain/label/label_numbers.h"

#include "core/base/assert.h"
#include "core/gs1/keys.h"
#include "core/gs1/sscc.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cairn::domain {
namespace {

constexpr std::uint64_t kTrackingSerials = 100'000'000;

bool is_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// UPU S10: weights 8 6 4 2 3 5 9 7, modulo 11; 10 becomes 0, 11 becomes 5.
char s10_check_digit(std::string_view digits) {
  constexpr std::array<int, 8> kWeights = {8, 6, 4, 2, 3, 5, 9, 7};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += (digits[i] - '0') * kWeights.at(i);
  const int check = 11 - sum % 11;
  return static_cast<char>('0' + (check == 10 ? 0 : check == 11 ? 5 : check));
}

}  // namespace

Result<Gs1Prefix> Gs1Prefix::parse(std::string_view text) {
  if (text.size() < 7 || text.size() > 10 || !is_digits(text)) {
    return fail(ErrorCode::kInvalid, "bad_gs1_prefix",
                "a GS1 company prefix for labels has 7 to 10 digits");
  }
  Gs1Prefix prefix;
  prefix.text_ = text;
  return prefix;
}

std::uint64_t Gs1Prefix::serials() const {
  return std::min(gs1::sscc_serials(text_), kTrackingSerials);
}

std::string sscc(const Gs1Prefix& prefix, std::uint64_t serial) {
  CAIRN_ASSERT(!prefix.empty() && serial < prefix.serials(), "the serial fits the prefix");
  const auto made = gs1::make_sscc(0, prefix.text(), serial);
  CAIRN_ASSERT(made, "a prefix and its serial make an SSCC");
  return *made;
}

std::string tracking_number(std::uint64_t serial) {
  CAIRN_ASSERT(serial < kTrackingSerials, "eight digits");
  const std::string digits = fmt::format("{:08}", serial);
  return fmt::format("CN{}{}GB", digits, s10_check_digit(digits));
}

bool is_sscc(std::string_view text) { return !gs1::check_key(gs1::Key::kSscc, text); }

bool is_tracking_number(std::string_view text) {
  return text.size() == 13 && text.starts_with("CN") && text.ends_with("GB") &&
         is_digits(text.substr(2, 9)) && s10_check_digit(text.substr(2, 8)) == text[10];
}

}  // namespace cairn::domain
