#include "core/gs1/coupon.h"

#include "core/gs1/character_sets.h"
#include "core/gs1/value_rules.h"

#include <fmt/format.h>

namespace cairn::gs1 {
namespace {

/// Takes field after field from the front. After the first fault it takes nothing more.
class CouponFields {
 public:
  explicit CouponFields(std::string_view value) : value_(value) {
    if (const auto at = first_outside(CharacterSet::kDigits, value)) {
      fault_ = Fault{FaultCode::kCharset,
                     fmt::format("a coupon has digits only, not {}", shown(value[*at])), *at};
    }
  }

  /// `size` digits, whatever they are.
  std::string_view take(std::size_t size, std::string_view what) {
    if (fault_) return {};
    if (value_.size() - at_ < size) {
      blame(fmt::format("the coupon ends within its {}", what));
      return {};
    }
    at_ += size;
    return value_.substr(at_ - size, size);
  }
  /// One digit of `allowed`; its number, or 0 after a fault.
  std::size_t choice(std::string_view allowed, std::string_view what) {
    const std::string_view digit = take(1, what);
    if (digit.empty()) return 0;
    if (allowed.find(digit[0]) == std::string_view::npos) {
      --at_;
      blame(fmt::format("the coupon's {} cannot be {}", what, digit));
      return 0;
    }
    return static_cast<std::size_t>(digit[0] - '0');
  }
  /// A digit of `allowed`, and then `more` plus that many digits.
  std::string_view counted(std::string_view allowed, std::size_t more, std::string_view what) {
    const std::size_t size = choice(allowed, what);
    return take(fault_ ? 0 : size + more, what);
  }
  /// True, and the digit is taken, if an optional field with this number follows.
  bool next_is(char field) {
    if (fault_ || at_ == value_.size() || value_[at_] != field) return false;
    ++at_;
    return true;
  }
  void date(std::string_view what) {
    const std::size_t begin = at_;
    const std::string_view digits = take(6, what);
    if (fault_ || !broken(Rule::kDateYymmdd, digits)) return;
    at_ = begin;
    blame(fmt::format("the coupon's {} is no date", what));
  }
  void blame(std::string message) {
    if (!fault_) fault_ = Fault{FaultCode::kCoupon, std::move(message), at_};
  }
  std::optional<Fault> end() {
    if (at_ != value_.size()) blame("the coupon goes on after its last field");
    return fault_;
  }
  [[nodiscard]] std::string_view since(std::size_t begin) const {
    return value_.substr(begin, at_ - begin);
  }
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  std::string_view value_;
  std::size_t at_ = 0;
  std::optional<Fault> fault_;
};

constexpr std::string_view kPrefixLengths = "0123456";  // and six digits more
constexpr std::string_view kAmountLengths = "12345";
constexpr std::string_view kRequirementCodes = "012349";
constexpr std::string_view kAnyDigit = "0123456789";

/// What has to be bought: how many or how much, of which family.
void purchase(CouponFields& fields, std::string_view which) {
  fields.counted(kAmountLengths, 0, fmt::format("{} purchase requirement", which));
  fields.choice(kRequirementCodes, fmt::format("{} purchase requirement code", which));
  fields.take(3, fmt::format("{} purchase family code", which));
}

/// The company whose articles a further purchase is of; length 9: the first one's.
void further_company(CouponFields& fields, std::string_view which) {
  if (fields.next_is('9')) return;
  fields.counted(kPrefixLengths, 6, fmt::format("{} purchase company prefix", which));
}

void dates(CouponFields& fields) {
  std::string_view expiry;
  if (fields.next_is('3')) {
    const std::size_t begin = fields.at();
    fields.date("expiration date");
    expiry = fields.since(begin);
  }
  if (!fields.next_is('4')) return;
  const std::size_t begin = fields.at();
  fields.date("start date");
  if (!expiry.empty() && fields.since(begin) > expiry) {
    fields.blame("the coupon expires before it starts");
  }
}

void miscellaneous(CouponFields& fields) {
  if (!fields.next_is('9')) return;
  fields.choice("01256", "save value code");
  fields.choice("012", "item that the save value applies to");
  fields.choice(kAnyDigit, "store coupon flag");
  fields.choice("01", "flag against multiplying");
}

}  // namespace

std::optional<Fault> check_coupon(std::string_view value) {
  CouponFields fields(value);
  fields.counted(kPrefixLengths, 6, "company prefix");
  fields.take(6, "offer code");
  fields.counted(kAmountLengths, 0, "save value");
  purchase(fields, "first");
  if (fields.next_is('1')) {
    fields.choice("0123", "additional purchase rules code");
    purchase(fields, "second");
    further_company(fields, "second");
  }
  if (fields.next_is('2')) {
    purchase(fields, "third");
    further_company(fields, "third");
  }
  dates(fields);
  if (fields.next_is('5')) fields.counted(kAnyDigit, 6, "serial number");
  if (fields.next_is('6')) fields.counted("1234567", 6, "retailer's number");
  miscellaneous(fields);
  return fields.end();
}

std::optional<Fault> check_positive_offer(std::string_view value) {
  CouponFields fields(value);
  fields.choice("01", "format code");
  fields.counted(kPrefixLengths, 6, "funder");
  fields.take(6, "offer code");
  fields.counted(kAnyDigit, 6, "serial number");
  return fields.end();
}

}  // namespace cairn::gs1
