#include "core/base/time.h"

#include "core/base/numbers.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::int64_t kFirst = -62'167'219'200 * kSecond;     // 0000-01-01
constexpr std::int64_t kLast = 253'402'300'800 * kSecond - 1;  // the end of 9999

/// The digits [at, at + length) of `text` as a number, or -1.
std::int64_t digits(std::string_view text, std::size_t at, std::size_t length) {
  if (at + length > text.size()) return -1;
  const auto number = parse_unsigned(text.substr(at, length));
  return number ? static_cast<std::int64_t>(*number) : -1;
}

}  // namespace

bool UtcTime::valid() const { return us >= kFirst && us <= kLast; }

std::string UtcTime::text() const {
  const std::int64_t shown = std::clamp(us, kFirst, kLast);
  const std::int64_t days = shown >= 0 ? shown / kDay : (shown - kDay + 1) / kDay;
  const std::int64_t in_day = shown - days * kDay;
  const year_month_day date{sys_days{std::chrono::days{days}}};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     in_day / (3600 * kSecond), in_day / (60 * kSecond) % 60, in_day / kSecond % 60,
                     in_day / 1000 % 1000);
}

Result<UtcTime> UtcTime::parse(std::string_view text) {
  const auto bad = [] {
    return fail(ErrorCode::kInvalid, "bad_time", "a time looks like 2026-11-24T08:15:30Z (UTC)");
  };
  const bool form = text.size() >= 20 && text[4] == '-' && text[7] == '-' && text[10] == 'T' &&
                    text[13] == ':' && text[16] == ':' && text.back() == 'Z';
  if (!form) return bad();
  const auto y = digits(text, 0, 4);
  const auto mo = digits(text, 5, 2);
  const auto d = digits(text, 8, 2);
  const auto h = digits(text, 11, 2);
  const auto mi = digits(text, 14, 2);
  const auto s = digits(text, 17, 2);
  if (y < 0 || mo < 1 || d < 1 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59) {
    return bad();
  }
  std::int64_t fraction = 0;
  if (text.size() > 20) {
    const std::size_t places = text.size() - 21;
    fraction = text[19] == '.' && places >= 1 && places <= 6 ? digits(text, 20, places) : -1;
    if (fraction < 0) return bad();
    for (std::size_t i = places; i < 6; ++i) fraction *= 10;
  }
  const year_month_day date{year{static_cast<int>(y)}, month{static_cast<unsigned>(mo)},
                            day{static_cast<unsigned>(d)}};
  if (!date.ok()) return bad();
  const auto days = sys_days{date}.time_since_epoch().count();
  return UtcTime{days * kDay + ((h * 60 + mi) * 60 + s) * kSecond + fraction};
}

}  // namespace cairn
