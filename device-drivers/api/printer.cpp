#include "device-drivers/api/printer.h"

namespace cairn::devices {

std::string_view name_of(PrintResult::Outcome outcome) {
  switch (outcome) {
    case PrintResult::Outcome::kDone:
      return "done";
    case PrintResult::Outcome::kFailed:
      return "failed";
    case PrintResult::Outcome::kUnknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace cairn::devices
