#include "device-drivers/camera/evidence.h"

#include "device-drivers/camera/code_rules.h"
#include "device-drivers/camera/cut_off.h"

#include <algorithm>
#include <array>

namespace cairn::devices {
namespace {

bool has_pattern(Symbology symbology) {
  return symbology == Symbology::kEan13 || symbology == Symbology::kUpcA ||
         symbology == Symbology::kEan8 || symbology == Symbology::kUpcE ||
         symbology == Symbology::kItf;
}

/// What can be a part of a longer code. A carton's fourteen digits have a check digit, and may
/// stand in a frame, which looks like bars.
bool can_be_cut_off(const Sighting& sighting) {
  return sighting.symbology == Symbology::kUpcE || sighting.symbology == Symbology::kEan8 ||
         (sighting.symbology == Symbology::kItf && sighting.aim != "]I1");
}

/// How hard it is to see one where none is: check characters, structure, length.
int strength(Symbology symbology) {
  switch (symbology) {
    case Symbology::kEan13:
    case Symbology::kUpcA:
    case Symbology::kCode128:
    case Symbology::kDataBar:
    case Symbology::kDataBarExpanded:
      return 4;
    case Symbology::kEan8:
    case Symbology::kCode93:
      return 3;
    case Symbology::kUpcE:
      return 2;
    case Symbology::kItf:
    case Symbology::kCode39:
    case Symbology::kCodabar:
      return 1;
    default:
      return 5;
  }
}

struct Box {
  double left, top, right, bottom;
};

Box box_of(const Quad& corners) {
  Box box{corners[0].x, corners[0].y, corners[0].x, corners[0].y};
  for (const Point& corner : corners) {
    box.left = std::min(box.left, corner.x);
    box.top = std::min(box.top, corner.y);
    box.right = std::max(box.right, corner.x);
    box.bottom = std::max(box.bottom, corner.y);
  }
  return box;
}

/// Whether the two can be the same print: a good part of the smaller one lies in the other.
bool overlap(const Sighting& a, const Sighting& b) {
  constexpr double kPart = 0.25;
  constexpr double kLine = 2;  // a scan line has no height of its own
  const Box one = box_of(a.corners);
  const Box two = box_of(b.corners);
  const double width = std::min(one.right, two.right) - std::max(one.left, two.left) + kLine;
  const double height = std::min(one.bottom, two.bottom) - std::max(one.top, two.top) + kLine;
  if (width <= 0 || height <= 0) return false;
  const auto area = [](const Box& box) {
    return (box.right - box.left + kLine) * (box.bottom - box.top + kLine);
  };
  return width * height > kPart * std::min(area(one), area(two));
}

}  // namespace

Evidence::Claim& Evidence::claim_of(const Sighting& sighting) {
  const auto known = std::ranges::find_if(claims_, [&](const Claim& claim) {
    return claim.sighting.symbology == sighting.symbology && claim.sighting.text == sighting.text &&
           (is_linear(sighting.symbology) || overlap(claim.sighting, sighting));
  });
  if (known != claims_.end()) return *known;
  return claims_.emplace_back(Claim{sighting, 0, 0, 0, 0, 0, {}});
}

void Evidence::add(const View& view, const std::vector<Sighting>& seen, bool as_taken) {
  for (const Sighting& sighting : seen) {
    Claim& claim = claim_of(sighting);
    if (as_taken) claim.lines_as_taken = std::max(claim.lines_as_taken, sighting.lines);
    if (sighting.engine == Engine::kZxing) {
      ++claim.zxing_looks;
      claim.zxing_lines = std::max(claim.zxing_lines, sighting.lines);
    } else {
      ++claim.zbar_looks;
      claim.zbar_lines = std::max(claim.zbar_lines, sighting.lines);
    }
    if (!has_pattern(sighting.symbology) || is_proven(claim)) continue;
    // One row is what the engine saw; more are less noisy where bars are upright.
    for (const int rows : {5, 1, 11}) {
      auto fit = pattern_fit(profile_of(view.image, sighting.span, rows), sighting.symbology,
                             sighting.text);
      if (!fit) continue;
      if (can_be_cut_off(sighting)) {
        const LineSpan span{fit->left, fit->right, sighting.span.row};
        fit->quiet = fit->quiet && !is_cut_off(view.image, span, fit->module);
      }
      if (fit->quiet < claim.fit.quiet) continue;
      if (fit->quiet == claim.fit.quiet && fit->margin <= claim.fit.margin) continue;
      claim.fit = *fit;
      if (is_proven(claim)) break;
    }
  }
}

bool Evidence::is_proven(const Claim& claim) {
  const int looks = claim.zxing_looks + claim.zbar_looks;
  const bool both = claim.zxing_looks > 0 && claim.zbar_looks > 0;
  constexpr double kLikeness = 0.75;
  constexpr double kMargin = 0.01;
  constexpr double kSafeMargin = 0.04;
  constexpr double kClear = 0.85;
  const PatternFit& fit = claim.fit;
  switch (claim.sighting.symbology) {
    case Symbology::kEan13:
    case Symbology::kUpcA:
      return fit.likeness > kLikeness && fit.margin > kMargin;
    case Symbology::kEan8:
    case Symbology::kUpcE:
      return fit.likeness > kLikeness && fit.margin > kSafeMargin && fit.quiet;
    case Symbology::kCode128:
    case Symbology::kCode93:
      return claim.zxing_lines >= 2 || claim.zbar_lines >= 3 || looks >= 2;
    case Symbology::kDataBar:
      // Two small check numbers: what is sharpened long enough has them.
      return claim.lines_as_taken >= 2 || both;
    case Symbology::kDataBarExpanded:
      return claim.lines_as_taken > 0 || both;
    case Symbology::kItf: {
      // No check character of its own, and a slanted line that leaves it early reads a shorter one.
      constexpr std::size_t kShort = 6;
      const bool carton = claim.sighting.aim == "]I1";
      const bool is_short = claim.sighting.text.size() < kShort;
      const int lines = claim.zxing_lines + claim.zbar_lines;
      if (!fit.quiet || fit.likeness < (carton ? kLikeness : kClear)) return false;
      if (fit.margin < (carton ? kMargin : kSafeMargin)) return false;
      return carton || both || (looks >= 2 && !is_short) || lines >= (is_short ? 8 : 3);
    }
    case Symbology::kCode39: {
      constexpr std::size_t kShortest = 3;
      return claim.sighting.text.size() >= kShortest && claim.zxing_lines >= 2 &&
             (both || looks >= 2);
    }
    case Symbology::kCodabar: {
      constexpr std::size_t kShortest = 5;
      return claim.sighting.text.size() >= kShortest && claim.zxing_lines >= 2 &&
             (both || looks >= 3);
    }
    default:
      return true;  // Reed-Solomon
  }
}

bool Evidence::is_contradicted(const Claim& claim) const {
  const int own = strength(claim.sighting.symbology);
  return std::ranges::any_of(claims_, [&](const Claim& other) {
    if (&other == &claim || !overlap(claim.sighting, other.sighting)) return false;
    const int theirs = strength(other.sighting.symbology);
    if (theirs > own && (is_proven(other) || is_linear(other.sighting.symbology))) return true;
    if (theirs < own || !is_proven(other)) return false;
    if (has_pattern(claim.sighting.symbology) && has_pattern(other.sighting.symbology)) {
      return other.fit.likeness > claim.fit.likeness - 0.02;
    }
    if (!is_linear(claim.sighting.symbology)) return false;
    // A slanted scan line can lose the end of an ITF; the longer one saw more.
    const std::string& text = claim.sighting.text;
    const std::string& rival = other.sighting.text;
    if (text.size() > rival.size() && text.find(rival) != std::string::npos) return false;
    return 3 * (other.zxing_looks + other.zbar_looks) >= claim.zxing_looks + claim.zbar_looks;
  });
}

std::vector<Sighting> Evidence::believed() const {
  std::vector<Sighting> found;
  for (const Claim& claim : claims_) {
    if (is_proven(claim) && !is_contradicted(claim)) found.push_back(claim.sighting);
  }
  return found;
}

}  // namespace cairn::devices
