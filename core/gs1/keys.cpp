#include "core/gs1/keys.h"

#include "core/base/gtin.h"
#include "core/gs1/character_sets.h"
#include "core/gs1/value_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cairn::gs1 {
namespace {

struct KeyForm {
  Key key;
  std::string_view name;
  std::size_t digits;
  std::size_t serial_most;  ///< characters of set 82 that may follow the check digit
};

constexpr std::array<KeyForm, 10> kForms = {{{Key::kGtin8, "GTIN-8", 8, 0},
                                             {Key::kGtin12, "GTIN-12", 12, 0},
                                             {Key::kGtin13, "GTIN-13", 13, 0},
                                             {Key::kGtin14, "GTIN-14", 14, 0},
                                             {Key::kGln, "GLN", 13, 0},
                                             {Key::kSscc, "SSCC", 18, 0},
                                             {Key::kGsrn, "GSRN", 18, 0},
                                             {Key::kGsin, "GSIN", 17, 0},
                                             {Key::kGdti, "GDTI", 13, 17},
                                             {Key::kGrai, "GRAI", 13, 16}}};

const KeyForm& form_of(Key key) { return *std::ranges::find(kForms, key, &KeyForm::key); }

std::optional<Fault> wrong_digits(const KeyForm& form, std::string_view digits,
                                  std::size_t wanted) {
  if (digits.size() < wanted) {
    return Fault{FaultCode::kLength,
                 fmt::format("{} has {} digits, not {}", form.name, wanted, digits.size()),
                 digits.size()};
  }
  if (const auto at = first_outside(CharacterSet::kDigits, digits.substr(0, wanted))) {
    return Fault{FaultCode::kCharset, fmt::format("{} has no {}", form.name, shown(digits[*at])),
                 *at};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Key> key_named(std::string_view name) {
  const auto found = std::ranges::find(kForms, name, &KeyForm::name);
  return found == kForms.end() ? std::nullopt : std::optional(found->key);
}

std::string_view name_of(Key key) { return form_of(key).name; }

std::optional<Fault> check_key(Key key, std::string_view value) {
  const KeyForm& form = form_of(key);
  if (value.size() > form.digits + form.serial_most) {
    return Fault{FaultCode::kLength,
                 fmt::format("{} has {} characters at most, not {}", form.name,
                             form.digits + form.serial_most, value.size()),
                 form.digits + form.serial_most};
  }
  if (auto found = wrong_digits(form, value, form.digits)) return found;
  if (auto found = broken(Rule::kCheckDigit, value.substr(0, form.digits))) return found;
  const std::string_view serial = value.substr(form.digits);
  if (const auto at = first_outside(CharacterSet::kSet82, serial)) {
    return Fault{FaultCode::kCharset, fmt::format("{} has no {}", form.name, shown(serial[*at])),
                 form.digits + *at};
  }
  return std::nullopt;
}

Parsed<std::string> with_check_digit(Key key, std::string_view digits) {
  const KeyForm& form = form_of(key);
  const std::size_t wanted = form.digits - 1;
  if (digits.size() > wanted) {
    return fault(FaultCode::kLength,
                 fmt::format("{} has {} digits before its check digit", form.name, wanted), wanted);
  }
  if (auto found = wrong_digits(form, digits, wanted)) return tl::unexpected(*found);
  return fmt::format("{}{}", digits, gs1_check_digit(digits));
}

}  // namespace cairn::gs1
