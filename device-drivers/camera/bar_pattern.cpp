#include "device-drivers/camera/bar_pattern.h"

#include "core/gs1/upc_e.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

namespace cairn::devices {
namespace {

/// Modules, bar = 1, most significant first.
using Digit = std::uint8_t;
constexpr int kDigitModules = 7;
constexpr std::array<Digit, 10> kOdd = {0b0001101, 0b0011001, 0b0010011, 0b0111101, 0b0100011,
                                        0b0110001, 0b0101111, 0b0111011, 0b0110111, 0b0001011};

constexpr Digit right_hand(Digit odd) { return odd ^ 0b1111111; }
constexpr Digit even(Digit odd) {
  Digit found = 0;
  for (int i = 0; i < kDigitModules; ++i) {
    if (((right_hand(odd) >> i) & 1) != 0) found |= static_cast<Digit>(1 << (6 - i));
  }
  return found;
}

/// Which of the six left digits are even, most significant first, by the first digit of an EAN-13.
constexpr std::array<std::uint8_t, 10> kFirstDigit = {0b000000, 0b001011, 0b001101, 0b001110,
                                                      0b010011, 0b011001, 0b011100, 0b010101,
                                                      0b010110, 0b011010};
/// The same of a UPC-E by its check digit, for number system 0; of 1 they are turned around.
constexpr std::array<std::uint8_t, 10> kUpcECheck = {0b111000, 0b110100, 0b110010, 0b110001,
                                                     0b101100, 0b100110, 0b100011, 0b101010,
                                                     0b101001, 0b100101};

enum class Half : std::uint8_t { kLeft, kRight };

/// One digit of a print and where it stands, in modules from the first bar.
struct Place {
  int module = 0;
  Half half = Half::kLeft;
  Digit pattern = 0;
};

struct Print {
  std::vector<std::uint8_t> modules;
  std::vector<Place> digits;
};

void add(Print& print, std::string_view modules) {
  for (const char c : modules) print.modules.push_back(c == '1' ? 1 : 0);
}
void add(Print& print, Half half, Digit pattern) {
  print.digits.push_back({static_cast<int>(print.modules.size()), half, pattern});
  for (int i = kDigitModules - 1; i >= 0; --i) {
    print.modules.push_back(static_cast<std::uint8_t>((pattern >> i) & 1));
  }
}

constexpr std::string_view kGuard = "101";
constexpr std::string_view kMiddle = "01010";
constexpr std::string_view kUpcEEnd = "010101";

Print two_halves(std::string_view digits, unsigned even_ones) {
  Print print;
  add(print, kGuard);
  const std::size_t half = digits.size() / 2;
  for (std::size_t i = 0; i < half; ++i) {
    const Digit odd = kOdd[static_cast<std::size_t>(digits[i] - '0')];
    add(print, Half::kLeft, ((even_ones >> (half - 1 - i)) & 1) != 0 ? even(odd) : odd);
  }
  add(print, kMiddle);
  for (std::size_t i = half; i < digits.size(); ++i) {
    add(print, Half::kRight, right_hand(kOdd[static_cast<std::size_t>(digits[i] - '0')]));
  }
  add(print, kGuard);
  return print;
}

/// The six printed digits of the UPC-E that an EAN-13 of "00..." or "01..." stands for.
std::optional<std::string> suppressed(std::string_view text) {
  for (int last = 0; last <= 9; ++last) {
    // GS1 General Specifications 5.2.2.4, backwards: try each way and see whether it comes back.
    std::string six;
    const std::string_view maker = text.substr(2, 5);
    const std::string_view item = text.substr(7, 5);
    switch (last) {
      case 0:
      case 1:
      case 2:
        six.append(maker.substr(0, 2)).append(item.substr(2, 3));
        break;
      case 3:
        six.append(maker.substr(0, 3)).append(item.substr(3, 2));
        break;
      case 4:
        six.append(maker.substr(0, 4)).append(item.substr(4, 1));
        break;
      default:
        six.append(maker);
        break;
    }
    six += static_cast<char>('0' + last);
    std::string whole(text.substr(1, 1));
    whole.append(six).append(text.substr(12, 1));
    if (const auto expanded = gs1::expand_upc_e(whole); expanded && *expanded == text.substr(1)) {
      return six;
    }
  }
  return std::nullopt;
}

std::optional<Print> print_of(Symbology symbology, std::string_view text) {
  const auto number = [&](std::size_t at) { return static_cast<std::size_t>(text[at] - '0'); };
  constexpr std::size_t kEan13 = 13;
  constexpr std::size_t kEan8 = 8;
  switch (symbology) {
    case Symbology::kEan13:
    case Symbology::kUpcA:
      if (text.size() != kEan13) return std::nullopt;
      return two_halves(text.substr(1), kFirstDigit[number(0)]);
    case Symbology::kEan8:
      if (text.size() != kEan8) return std::nullopt;
      return two_halves(text, 0);
    case Symbology::kUpcE: {
      if (text.size() != kEan13) return std::nullopt;
      const auto six = suppressed(text);
      if (!six) return std::nullopt;
      Print print;
      add(print, kGuard);
      unsigned even_ones = kUpcECheck[number(kEan13 - 1)];
      if (text[1] == '1') even_ones ^= 0b111111;
      for (std::size_t i = 0; i < six->size(); ++i) {
        const Digit odd = kOdd[static_cast<std::size_t>((*six)[i] - '0')];
        add(print, Half::kLeft, ((even_ones >> (5 - i)) & 1) != 0 ? even(odd) : odd);
      }
      add(print, kUpcEEnd);
      return print;
    }
    default:
      return std::nullopt;
  }
}

constexpr int kSamples = 4;  // of a module
/// Quiet space that belongs to the comparison: the outer bars must have an end.
constexpr int kQuiet = 2;

/// How far ink has run and light has blurred, in modules.
constexpr std::array<double, 3> kBlurs = {0.3, 0.6, 0.95};

/// Grey of a row of modules, white outside, under blur: samples of the area under a Gaussian.
std::vector<float> blurred(std::span<const std::uint8_t> modules, double blur) {
  std::vector<float> found;
  found.reserve(modules.size() * kSamples);
  const int count = static_cast<int>(modules.size());
  const int reach = static_cast<int>(std::ceil(3 * blur)) + 1;
  const auto below = [blur](double x) { return 0.5 * (1 + std::erf(x / (blur * 1.41421356))); };
  for (int i = 0; i < count * kSamples; ++i) {
    const double at = (i + 0.5) / kSamples;
    const int middle = static_cast<int>(at);
    double ink = 0;
    for (int m = std::max(0, middle - reach); m <= std::min(count - 1, middle + reach); ++m) {
      if (modules[static_cast<std::size_t>(m)] != 0) ink += below(m + 1 - at) - below(m - at);
    }
    found.push_back(static_cast<float>(-ink));
  }
  return found;
}

double correlation(std::span<const float> a, std::span<const float> b) {
  const auto n = static_cast<float>(a.size());
  float sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum_a += a[i];
    sum_b += b[i];
    sum_aa += a[i] * a[i];
    sum_bb += b[i] * b[i];
    sum_ab += a[i] * b[i];
  }
  const float spread = (sum_aa - sum_a * sum_a / n) * (sum_bb - sum_b * sum_b / n);
  return spread > 1e-9F ? static_cast<double>((sum_ab - sum_a * sum_b / n) / std::sqrt(spread)) : 0;
}

/// How modules lie in the profile: ends, and how far the middle is off halfway (a bent or slanted
/// label), as a part of the width.
struct Lie {
  double left = 0;
  double right = 0;
  double bend = 0;
};

/// Samples of `modules` modules and the quiet space around them. Light that changes along the code
/// is taken out: the mean of the surroundings.
std::vector<float> sampled_modules(const BarProfile& profile, const Lie& lie, int modules) {
  const int last = static_cast<int>(profile.grey.size()) - 1;
  std::vector<float> found;
  found.reserve(static_cast<std::size_t>((modules + 2 * kQuiet) * kSamples));
  for (int i = -kQuiet * kSamples; i < (modules + kQuiet) * kSamples; ++i) {
    const double t = (i + 0.5) / (kSamples * modules);
    const double bent = t + 4 * lie.bend * t * (1 - t);
    // Pixels are as wide as one, their values lie in their middles.
    const double x =
        std::clamp(lie.left + bent * (lie.right - lie.left) - 0.5, 0.0, static_cast<double>(last));
    const int at = static_cast<int>(x);
    const auto part = static_cast<float>(x - at);
    const float next = profile.grey[static_cast<std::size_t>(std::min(at + 1, last))];
    found.push_back(profile.grey[static_cast<std::size_t>(at)] * (1 - part) + next * part);
  }
  return found;
}

std::vector<std::uint8_t> with_quiet(std::span<const std::uint8_t> modules) {
  std::vector<std::uint8_t> found(kQuiet, 0);
  found.insert(found.end(), modules.begin(), modules.end());
  found.insert(found.end(), kQuiet, 0);
  return found;
}

struct Fitted {
  Lie lie;
  double blur = kBlurs[0];
  double likeness = -1;
};

/// Climbs from where the engine says the code lies to where its print fits best.
Fitted fitted(const BarProfile& profile, const Print& print, const Lie& start) {
  const auto modules = static_cast<int>(print.modules.size());
  const auto whole = with_quiet(print.modules);
  Fitted best;
  best.lie = start;
  const double module = (start.right - start.left) / modules;
  for (const double blur : kBlurs) {
    const auto ideal = blurred(whole, blur);
    const auto likeness = [&](const Lie& lie) {
      return correlation(sampled_modules(profile, lie, modules), ideal);
    };
    Lie lie = best.likeness < 0 ? start : best.lie;
    double here = likeness(lie);
    for (double step = 2 * module; step > module / 16; step /= 2) {
      const double bend = step / (start.right - start.left);
      for (bool better = true; better;) {
        better = false;
        for (const Lie& change :
             {Lie{step, step, 0}, Lie{-step, -step, 0}, Lie{step, 0, 0}, Lie{-step, 0, 0},
              Lie{0, step, 0}, Lie{0, -step, 0}, Lie{0, 0, bend}, Lie{0, 0, -bend}}) {
          const Lie next{lie.left + change.left, lie.right + change.right,
                         std::clamp(lie.bend + change.bend, -0.04, 0.04)};
          if (next.right - next.left < modules) continue;
          if (const double there = likeness(next); there > here + 1e-4) {
            lie = next;
            here = there;
            better = true;
          }
        }
      }
    }
    if (here > best.likeness) best = {lie, blur, here};
  }
  return best;
}

/// The grey of each pattern a digit may have, with the module before and behind it: those are the
/// same whatever the digit.
std::vector<std::vector<float>> ideals(Half half, double blur) {
  std::vector<std::vector<float>> found;
  const auto ideal = [&](Digit pattern) {
    const bool left = half == Half::kLeft;
    // Further out it is not known; half a bar and half a space keep the ends even.
    std::array<std::uint8_t, kDigitModules + 4> modules{};
    modules[1] = left ? 1 : 0;
    for (int i = 0; i < kDigitModules; ++i) {
      modules[static_cast<std::size_t>(i + 2)] =
          static_cast<std::uint8_t>((pattern >> (kDigitModules - 1 - i)) & 1);
    }
    modules[kDigitModules + 2] = left ? 0 : 1;
    auto grey = blurred(modules, blur);
    return std::vector<float>(grey.begin() + kSamples, grey.end() - kSamples);
  };
  for (const Digit odd : kOdd) found.push_back(ideal(half == Half::kLeft ? odd : right_hand(odd)));
  if (half == Half::kLeft) {
    for (const Digit odd : kOdd) found.push_back(ideal(even(odd)));
  }
  return found;
}

std::size_t index_of(const Place& place) {
  for (std::size_t i = 0; i < kOdd.size(); ++i) {
    if (place.half == Half::kRight && right_hand(kOdd[i]) == place.pattern) return i;
    if (place.half == Half::kLeft && kOdd[i] == place.pattern) return i;
    if (place.half == Half::kLeft && even(kOdd[i]) == place.pattern) return i + kOdd.size();
  }
  return 0;
}

/// The samples of one digit with a module before and behind it.
std::span<const float> window(std::span<const float> samples, int module) {
  return samples.subspan(static_cast<std::size_t>((module - 1 + kQuiet) * kSamples),
                         (kDigitModules + 2) * kSamples);
}

/// Whether the modules just outside are as light as the print's spaces.
bool is_quiet(const BarProfile& profile, const Lie& lie, int modules) {
  constexpr int kOutside = 5;
  const double module = (lie.right - lie.left) / modules;
  const auto grey_at = [&](double at) {
    const auto last = static_cast<double>(profile.grey.size() - 1);
    const double x = lie.left + (at + 0.5) * module - 0.5;
    return profile.grey[static_cast<std::size_t>(std::lround(std::clamp(x, 0.0, last)))];
  };
  float darkest = grey_at(0);
  float lightest = darkest;
  for (int i = 0; i < modules; ++i) {
    darkest = std::min(darkest, grey_at(i));
    lightest = std::max(lightest, grey_at(i));
  }
  const float half = (darkest + lightest) / 2;
  for (int i = 1; i < kOutside; ++i) {
    if (grey_at(-1 - i) < half || grey_at(modules + i) < half) return false;
  }
  return true;
}

PatternFit digit_fit(const BarProfile& profile, const Print& print, const Fitted& best) {
  const auto samples = sampled_modules(profile, best.lie, static_cast<int>(print.modules.size()));
  const auto left = ideals(Half::kLeft, best.blur);
  const auto right = ideals(Half::kRight, best.blur);
  const int modules = static_cast<int>(print.modules.size());
  PatternFit found{best.likeness, 1, is_quiet(profile, best.lie, modules)};
  for (const Place& place : print.digits) {
    const auto& known = place.half == Half::kLeft ? left : right;
    const auto seen = window(samples, place.module);
    const std::size_t claimed = index_of(place);
    const double own = correlation(seen, known[claimed]);
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (i != claimed) found.margin = std::min(found.margin, own - correlation(seen, known[i]));
    }
  }
  return found;
}

BarProfile upside_down(const BarProfile& profile) {
  BarProfile found = profile;
  std::ranges::reverse(found.grey);
  const auto size = static_cast<double>(profile.grey.size());
  found.left = size - profile.right;
  found.right = size - profile.left;
  return found;
}

bool usable(const BarProfile& profile) {
  constexpr double kLeastWidth = 40;
  return profile.grey.size() > 2 && profile.right - profile.left >= kLeastWidth;
}

}  // namespace

BarProfile profile_of(const Luminance& image, const LineSpan& span, int rows) {
  const double width = span.right - span.left;
  const int begin = std::clamp(static_cast<int>(span.left - width / 3), 0, image.width - 1);
  const int end = std::clamp(static_cast<int>(span.right + width / 3), begin + 1, image.width);
  const int first = std::clamp(static_cast<int>(span.row) - rows / 2, 0, image.height - 1);
  const int last = std::clamp(first + rows, first + 1, image.height);
  BarProfile found;
  found.grey.assign(static_cast<std::size_t>(end - begin), 0);
  for (int y = first; y < last; ++y) {
    const std::uint8_t* const row = image.row(y);
    for (int x = begin; x < end; ++x) found.grey[static_cast<std::size_t>(x - begin)] += row[x];
  }
  found.left = span.left - begin;
  found.right = span.right - begin;
  return found;
}

std::optional<PatternFit> pattern_fit(const BarProfile& profile, Symbology symbology,
                                      std::string_view text) {
  const auto print = print_of(symbology, text);
  if (!print || !usable(profile)) return std::nullopt;
  std::optional<PatternFit> best;
  for (const BarProfile& seen : {profile, upside_down(profile)}) {
    const Fitted lie = fitted(seen, *print, {seen.left, seen.right, 0});
    const PatternFit fit = digit_fit(seen, *print, lie);
    if (!best || fit.likeness > best->likeness) best = fit;
    constexpr double kCertain = 0.8;  // what stands on its head is nothing like it
    if (best->likeness > kCertain) break;
  }
  return best;
}

std::optional<PatternRead> read_pattern(const BarProfile&, double) { return std::nullopt; }

}  // namespace cairn::devices
