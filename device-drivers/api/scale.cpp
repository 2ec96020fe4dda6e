#include "device-drivers/api/scale.h"

namespace cairn::devices {

std::string_view name_of(WeightReading::State state) {
  switch (state) {
    case WeightReading::State::kStable:
      return "stable";
    case WeightReading::State::kUnstable:
      return "unstable";
    case WeightReading::State::kOver:
      return "over";
    case WeightReading::State::kUnder:
      return "under";
  }
  return "unstable";
}

}  // namespace cairn::devices
