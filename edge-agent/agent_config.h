#pragma once
// Everything an agent is told by its configuration file (docs/configuration.md), read once in
// main().

#include "core/domain/node/node_config.h"
#include "core/gs1/variable_measure.h"
#include "core/program/common_config.h"
#include "device-drivers/registry.h"

#include <optional>
#include <string>
#include <vector>

namespace cairn::agent {

struct DeviceSettings {
  devices::DeviceConfig device;
  bool aim = false;     ///< the scanner sends AIM identifiers
  std::string station;  ///< whose reads these are; empty: nobody's, every read is refused
};

struct AgentConfig {
  program::CommonConfig common;
  std::optional<program::BrokerConfig> lan;      ///< of the site's own; none: no LAN
  std::int64_t keyed_quantity_above = 12;        ///< units
  std::int64_t return_alone_up_to_minor = 5000;  ///< above it a second person approves a refund
  double px_per_mm = 5.8;   ///< of the screen that shows the pages, in pixels of CSS
  bool show_people = true;  ///< names of the site's staff for whoever opens the sign-in page
  std::vector<DeviceSettings> devices;
  gs1::MeasureScheme measures;  ///< what labels with a price or a weight in them mean here
  std::string summary;          ///< what was read, without secrets
  std::vector<runtime::ConfigReader::Origin> origins;  ///< the same, key by key

  /// Where somebody works who does not say so: the first scanner's station, else "main".
  [[nodiscard]] std::string default_station() const;
  /// Every station that has a device of its own, by name; the default one if there is none.
  [[nodiscard]] std::vector<std::string> stations() const;
};

/// Where a configuration comes from: the device's file and its environment.
struct ConfigSource {
  std::string file;
  runtime::Environment environment;
};

/// With `over` from head office laid over the file. Errors: kNotFound "no_config", kInvalid
/// "bad_config" with every problem at once.
Result<AgentConfig> load_agent_config(const ConfigSource& source,
                                      const domain::ConfigVersion& over = {});

}  // namespace cairn::agent
