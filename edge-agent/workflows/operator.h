#pragma once
// Who does something, and where.

#include "core/base/ids.h"

#include <string>

namespace cairn::agent {

/// A person at a station.
struct Operator {
  UserId user;
  std::string station;
};

}  // namespace cairn::agent
