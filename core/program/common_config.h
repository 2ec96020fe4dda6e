#pragma once
// The parts of the configuration file that hub and agent share. Main thread.

#include "core/base/endpoint.h"
#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/program/disk_watch.h"
#include "core/runtime/config_loader.h"

#include <string>

namespace cairn::program {

/// A broker and our account there.
struct BrokerConfig {
  std::string url;  ///< tcp:// on this machine, else ssl://
  std::string user;
  std::string password;
  std::string ca_file;
};

struct CommonConfig {
  std::string data_dir;
  NodeId node;
  SiteId site;             ///< empty at the hub
  std::string guard_file;  ///< outside data_dir; empty: none (storage/rollback_guard.h)
  Endpoint http;
  BrokerConfig mqtt;
  StorageConfig storage;
  std::string pages_dir;  ///< empty: where the programs are installed
  LogLevel log_level = LogLevel::kInfo;
};

/// A table with a broker; the account is the node's id unless it says another. Problems stay in the
/// reader.
BrokerConfig read_broker(runtime::ConfigReader table, NodeId node);

/// `hub`: [node] site is not asked for. Problems stay in the reader until done().
CommonConfig read_common_config(runtime::ConfigReader& file, bool hub);

}  // namespace cairn::program
