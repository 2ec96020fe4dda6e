#pragma once
// The configuration values that head office may set at a device: THE list. Never a secret, an
// identity, an address or a path of the device's own: with these a device could not be reached any
// more, or could be made another one. The hub reads them from a request, the device from its feed.
// Any thread.

#include "core/json/reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::program {

/// One row of the device table; what is absent has the default of docs/configuration.md.
struct RemoteDevice {
  std::string name;
  std::string kind;
  std::string url;
  std::optional<std::string> protocol;
  std::optional<std::int64_t> baud;
  std::optional<std::string> mode;
  std::optional<std::string> unit;
  std::optional<std::string> layout;
  std::optional<bool> aim;
  std::optional<std::string> flow;
  std::optional<std::string> model;
  std::optional<std::int64_t> paper_mm;
  std::optional<bool> drawer;
  std::optional<std::string> station;
};

struct RemoteValues {
  std::optional<std::string> log_level;
  std::optional<std::int64_t> keyed_quantity_above;
  std::optional<std::int64_t> return_alone_up_to_minor;
  std::optional<std::int64_t> px_per_mm_milli;
  std::optional<bool> show_people;
  std::optional<std::vector<RemoteDevice>> devices;  ///< instead of the file's whole table

  /// Problems stay in the reader until its done().
  static RemoteValues read(json::Reader& in);
  /// A JSON object; equal values give equal texts.
  [[nodiscard]] json::Value json() const;
  /// To be laid over the device's file.
  [[nodiscard]] std::string toml() const;
};

}  // namespace cairn::program
