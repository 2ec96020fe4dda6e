#pragma once
// How orders come in, as the configuration file tells it: [orders] and [[shopify]].

#include "central/capture/capture_order.h"

#include <map>
#include <string>

namespace cairn::central {

struct CaptureConfig {
  HoldRules holds;
  /// Selling channel -> the secret its Shopify shop signs with.
  std::map<std::string, std::string, std::less<>> shopify_secrets;
};

}  // namespace cairn::central
