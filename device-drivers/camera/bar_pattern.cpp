#include "device-drivers/camera/bar_pattern.h"

#include "device-drivers/camera/code_print.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <utility>

namespace cairn::devices {
namespace {

using Modules = CodePrint::Modules;

constexpr int kSamples = 4;  // of a module
/// Quiet space that belongs to the comparison: the outer bars must have an end.
constexpr int kQuiet = 2;

/// How far ink has run and light has blurred, in modules.
constexpr std::array<double, 4> kBlurs = {0.3, 0.6, 0.95, 1.3};

/// The share of a blurred edge's light at a distance from it, in deviations: a Gaussian's integral.
double share_below(double deviations) {
  constexpr int kSteps = 64;  // a deviation
  constexpr int kReach = 4;   // deviations
  static const auto table = [] {
    std::array<double, 2 * kReach * kSteps + 1> found{};
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double at = static_cast<double>(i) / kSteps - kReach;
      found[i] = 0.5 * (1 + std::erf(at / std::numbers::sqrt2));
    }
    return found;
  }();
  const double at = (std::clamp<double>(deviations, -kReach, kReach) + kReach) * kSteps;
  return table[static_cast<std::size_t>(at)];
}

/// Grey of a row of modules under blur, white outside: kSamples of each.
std::vector<float> blurred(std::span<const std::uint8_t> modules, double blur) {
  std::vector<float> found(modules.size() * kSamples, 0);
  const int reach = static_cast<int>(std::ceil(4 * blur * kSamples));
  const auto samples = static_cast<int>(found.size());
  // Each edge turns what comes behind it to ink or back; near it, in part.
  std::uint8_t before = 0;
  std::vector<std::pair<int, float>> edges;
  for (std::size_t i = 0; i <= modules.size(); ++i) {
    const std::uint8_t here = i < modules.size() ? modules[i] : std::uint8_t{0};
    if (here != before) {
      edges.emplace_back(static_cast<int>(i) * kSamples, here != 0 ? -1.0F : 1.0F);
      before = here;
    }
  }
  for (const auto& [edge, step] : edges) {
    for (int i = std::max(0, edge - reach); i < samples; ++i) {
      if (i >= edge + reach) {
        found[static_cast<std::size_t>(i)] += step;
        continue;
      }
      const double distance = (i + 0.5 - edge) / kSamples;
      found[static_cast<std::size_t>(i)] += step * static_cast<float>(share_below(distance / blur));
    }
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
  std::vector<std::uint8_t> found(modules.size() + 2 * kQuiet, 0);
  std::ranges::copy(modules, found.begin() + kQuiet);
  return found;
}

struct Fitted {
  Lie lie;
  double blur = kBlurs[0];
  double likeness = -1;
};

/// Climbs from where the engine says the code lies to where its print fits best.
/// `finest`: the last step, as a part of a module.
Fitted fitted(const BarProfile& profile, const CodePrint& print, const Lie& start,
              std::span<const double> blurs, double finest) {
  const auto modules = static_cast<int>(print.modules.size());
  const auto whole = with_quiet(print.modules);
  Fitted best;
  best.lie = start;
  const double module = print.scale * (start.right - start.left) / modules;
  for (const double blur : blurs) {
    const auto ideal = blurred(whole, blur * print.scale);
    const auto likeness = [&](const Lie& lie) {
      return correlation(sampled_modules(profile, lie, modules), ideal);
    };
    Lie lie = best.likeness < 0 ? start : best.lie;
    double here = likeness(lie);
    for (double step = 2 * module; step > module * finest; step /= 2) {
      const double bend = step / (start.right - start.left);
      for (bool better = true; better;) {
        better = false;
        for (const Lie& change :
             {Lie{step, step, 0}, Lie{-step, -step, 0}, Lie{step, 0, 0}, Lie{-step, 0, 0},
              Lie{0, step, 0}, Lie{0, -step, 0}, Lie{0, 0, bend}, Lie{0, 0, -bend}}) {
          const Lie next{lie.left + change.left, lie.right + change.right,
                         std::clamp(lie.bend + change.bend, -0.04, 0.04)};
          if (next.right - next.left < modules / print.scale) continue;
          if (const double there = likeness(next); there > here + 1e-4) {
            lie = next;
            here = there;
            better = true;
          }
        }
      }
    }
    if (here > best.likeness) best = {lie, blur * print.scale, here};
  }
  return best;
}

/// Of kBlurs, in modules.
double likeliest_blur(const BarProfile& profile, const CodePrint& print, const Lie& lie) {
  const auto whole = with_quiet(print.modules);
  const auto seen = sampled_modules(profile, lie, static_cast<int>(print.modules.size()));
  const auto likeness = [&](double blur) {
    return correlation(seen, blurred(whole, blur * print.scale));
  };
  return std::ranges::max(kBlurs, {}, likeness);
}

/// Whether the modules just outside are as light as the print's spaces.
bool is_quiet(const BarProfile& profile, const Lie& lie, int modules, int outside) {
  const double module = (lie.right - lie.left) / modules;
  const auto grey_at = [&](double at) {
    const auto last = static_cast<double>(profile.grey.size() - 1);
    const double x = lie.left + (at + 0.5) * module - 0.5;
    return profile.grey[static_cast<std::size_t>(std::lround(std::clamp(x, 0.0, last)))];
  };
  // Light differs along a code: each end is compared with the bars and spaces next to it.
  const auto half_near = [&](int first) {
    float darkest = grey_at(first);
    float lightest = darkest;
    for (int i = first; i < first + modules / 4; ++i) {
      darkest = std::min(darkest, grey_at(i));
      lightest = std::max(lightest, grey_at(i));
    }
    return (darkest + lightest) / 2;
  };
  const float left = half_near(0);
  const float right = half_near(modules - modules / 4);
  for (int i = 1; i < outside; ++i) {
    if (grey_at(-1 - i) < left || grey_at(modules + i) < right) return false;
  }
  return true;
}

PatternFit place_fit(const BarProfile& profile, const CodePrint& print, const Fitted& best) {
  const auto modules = static_cast<int>(print.modules.size());
  const auto samples = sampled_modules(profile, best.lie, modules);
  constexpr int kOutside = 5;
  PatternFit found;
  found.likeness = best.likeness;
  found.margin = 1;
  found.quiet = is_quiet(profile, best.lie, modules, kOutside * print.scale);
  // A module before and behind a digit is compared with it: what is there does not depend on the
  // digit. Two more give the blur something to spread from.
  const auto context = static_cast<std::size_t>(print.scale);
  const Modules padded = [&] {
    Modules all(2 * context, 0);
    all.insert(all.end(), print.modules.begin(), print.modules.end());
    all.insert(all.end(), 2 * context, 0);
    return all;
  }();
  for (const CodePrint::Place& place : print.places) {
    const std::size_t length = place.others.front().size();
    const std::span around = std::span(padded).subspan(place.begin, length + 4 * context);
    const std::span seen = std::span(samples).subspan((place.begin + kQuiet - context) * kSamples,
                                                      (length + 2 * context) * kSamples);
    const auto likeness = [&](const Modules& middle) {
      Modules whole(around.begin(), around.end());
      std::ranges::copy(middle, whole.begin() + static_cast<std::ptrdiff_t>(2 * context));
      const auto grey = blurred(whole, best.blur);
      return correlation(seen, std::span(grey).subspan(context * kSamples, seen.size()));
    };
    const std::span own = around.subspan(2 * context, length);
    const double claimed = likeness(Modules(own.begin(), own.end()));
    for (const Modules& other : place.others) {
      found.margin = std::min(found.margin, claimed - likeness(other));
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
  found.begin = begin;
  return found;
}

std::optional<PatternFit> pattern_fit(const BarProfile& profile, Symbology symbology,
                                      std::string_view text) {
  if (!usable(profile)) return std::nullopt;
  const std::vector<CodePrint> prints = prints_of(symbology, text);
  // Roughly first, to know which way up it is and how wide its wide bars are.
  constexpr std::array<double, 1> kRoughBlur = {0.6};
  constexpr double kRough = 0.2;
  constexpr double kFine = 0.06;
  struct Best {
    const CodePrint* print = nullptr;
    BarProfile profile;
    bool upside_down = false;
    Fitted fitted;
  } best;
  for (const bool turned : {false, true}) {
    const BarProfile seen = turned ? upside_down(profile) : profile;
    for (const CodePrint& print : prints) {
      const Fitted lie = fitted(seen, print, {seen.left, seen.right, 0}, kRoughBlur, kRough);
      if (lie.likeness > best.fitted.likeness) best = {&print, seen, turned, lie};
    }
    constexpr double kCertain = 0.8;  // what stands on its head is nothing like it
    if (best.fitted.likeness > kCertain) break;
  }
  if (best.print == nullptr) return std::nullopt;
  const std::array<double, 1> blur = {likeliest_blur(best.profile, *best.print, best.fitted.lie)};
  const Fitted fine = fitted(best.profile, *best.print, best.fitted.lie, blur, kFine);
  PatternFit found = place_fit(best.profile, *best.print, fine);
  const auto size = static_cast<double>(profile.grey.size());
  const Lie lie = best.upside_down ? Lie{size - fine.lie.right, size - fine.lie.left, 0} : fine.lie;
  found.left = profile.begin + lie.left;
  found.right = profile.begin + lie.right;
  found.module =
      best.print->scale * (lie.right - lie.left) / static_cast<double>(best.print->modules.size());
  return found;
}

}  // namespace cairn::devices
