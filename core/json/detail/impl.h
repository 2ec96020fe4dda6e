#pragma once
// The library behind json::Value; private to core/json.

#include "core/json/value.h"

#include <nlohmann/json.hpp>

namespace cairn::json {

struct Value::Impl {
  nlohmann::ordered_json json;
};

}  // namespace cairn::json
