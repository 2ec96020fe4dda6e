#include "core/program/common_config.h"

namespace cairn::program {
namespace {

constexpr std::size_t kPathMost = 4096;

bool is_loopback(const Endpoint& endpoint) {
  return endpoint.host == "127.0.0.1" || endpoint.host == "localhost" || endpoint.host == "::1";
}

/// What is wrong with a broker's address; empty: nothing.
std::string_view problem_of_broker(std::string_view url) {
  const bool plain = url.starts_with("tcp://");
  if (!plain && !url.starts_with("ssl://")) return "must begin with tcp:// or ssl://";
  const auto endpoint = Endpoint::parse(url.substr(6));
  if (!endpoint || endpoint->port == 0) {
    return "must be like ssl://broker.example:8883, without a name or a password";
  }
  // Over a network the password and the trade would be readable.
  if (plain && !is_loopback(*endpoint))
    return "must be ssl:// unless the broker runs on this machine";
  return {};
}

void read_storage(runtime::ConfigReader& file, CommonConfig& config, bool hub) {
  constexpr std::int64_t kMiB = 1 << 20;
  auto storage = file.table("storage");
  const std::int64_t budget = storage.integer_or("budget_mb", hub ? 0 : 2048, 0, 16'777'216);
  const std::int64_t ballast = storage.integer_or("ballast_mb", 64, 0, 1024);
  const std::int64_t fold_after = storage.integer_or("fold_after_days", 14, 7, 3650);
  config.storage = {static_cast<std::uint64_t>(budget * kMiB),
                    static_cast<std::uint64_t>(ballast * kMiB),
                    std::chrono::hours(24 * fold_after)};
}

LogLevel level_of(const std::string& name) {
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn}) {
    if (name_of(level) == name) return level;
  }
  return LogLevel::kError;
}

}  // namespace

BrokerConfig read_broker(runtime::ConfigReader table, NodeId node) {
  BrokerConfig broker;
  broker.url = table.text("url", {1, 256});
  broker.user = table.text_or("user", node.value().text(), {1, 64});
  broker.password = table.optional_secret("password_file").value_or("");
  broker.ca_file = table.text_or("ca_file", "", {0, kPathMost});
  if (broker.url.empty()) return broker;
  if (const auto what = problem_of_broker(broker.url); !what.empty()) table.problem("url", what);
  return broker;
}

CommonConfig read_common_config(runtime::ConfigReader& file, bool hub) {
  CommonConfig config;
  config.data_dir = file.text("data_dir", {1, kPathMost});
  auto node = file.table("node");
  const auto id = Uuid::parse(node.text("id", {36, 36}));
  if (id && !id->is_nil()) {
    config.node = NodeId(*id);
  } else if (node.has("id")) {
    node.problem("id", "must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057");
  }
  config.guard_file = node.text_or("guard_file", config.data_dir + ".guard", {0, kPathMost});
  if (!hub) {
    const auto site = SiteId::parse(node.text("site", {1, 32}));
    if (site) {
      config.site = *site;
    } else if (node.has("site")) {
      node.problem("site", "must be 1-32 lower-case letters, digits and dashes");
    }
  }
  auto http = file.table("http");
  config.http = http.endpoint("listen");
  config.mqtt = read_broker(file.table("mqtt"), config.node);
  read_storage(file, config, hub);
  config.pages_dir = file.table("ui").text_or("dir", "", {0, kPathMost});
  auto log = file.table("log");
  config.log_level = level_of(log.choice_or("level", "info", {"debug", "info", "warn", "error"}));
  return config;
}

}  // namespace cairn::program
