#pragma once
// What is believed of all that was seen. The engines are asked again and again, of a picture that
// was turned, scaled and sharpened, and the more often one asks, the sooner rubbish comes out with
// a right check digit. So a sighting is only a claim; docs/decoding.md lists what proves which
// symbology. In doubt nothing is read: a person scans again, a wrong number nobody notices. Pure.
// One thread.

#include "device-drivers/camera/bar_pattern.h"
#include "device-drivers/camera/sighting.h"

#include <vector>

namespace cairn::devices {

class Evidence {
 public:
  /// What the same look at the picture showed; `view` is where the spans lie. `as_taken`: it was a
  /// look at `view` itself, not at what was made of it to see more.
  void add(const View& view, const std::vector<Sighting>& seen, bool as_taken);

  /// Each proven code once, in the order in which they were first seen.
  [[nodiscard]] std::vector<Sighting> believed() const;

 private:
  struct Claim {
    Sighting sighting;
    int zxing_looks = 0;
    int zbar_looks = 0;
    int zxing_lines = 0;  ///< the most in one look
    int zbar_lines = 0;
    int lines_as_taken = 0;
    PatternFit fit;
  };

  Claim& claim_of(const Sighting& sighting);
  [[nodiscard]] static bool is_proven(const Claim& claim);
  [[nodiscard]] bool is_contradicted(const Claim& claim) const;

  std::vector<Claim> claims_;
};

}  // namespace cairn::devices
