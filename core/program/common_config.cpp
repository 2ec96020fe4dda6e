#include "core/program/common_config.h"

namespace cairn::program {
namespace {

constexpr std::size_t kPathMost = 4096;

/// Plain MQTT is for the same machine; over a network the password and the trade would be readable.
bool is_loopback(const std::string& url) {
  constexpr std::string_view kPlain = "tcp://";
  const auto endpoint = runtime::Endpoint::parse(std::string_view(url).substr(kPlain.size()));
  return endpoint && (endpoint->host == "127.0.0.1" || endpoint->host == "localhost" ||
                      endpoint->host == "::1");
}

void read_mqtt(runtime::ConfigReader& file, CommonConfig& config) {
  auto mqtt = file.table("mqtt");
  config.mqtt.url = mqtt.text("url", {1, 256});
  config.mqtt.user = mqtt.text_or("user", config.node.value().text(), {1, 64});
  config.mqtt.password = mqtt.optional_secret("password_file").value_or("");
  config.mqtt.ca_file = mqtt.text_or("ca_file", "", {0, kPathMost});
  const std::string& url = config.mqtt.url;
  if (url.empty()) return;
  if (!url.starts_with("tcp://") && !url.starts_with("ssl://")) {
    mqtt.problem("url", "must begin with tcp:// or ssl://");
  } else if (url.starts_with("tcp://") && !is_loopback(url)) {
    mqtt.problem("url", "must be ssl:// unless the broker runs on this machine");
  }
}

LogLevel level_of(const std::string& name) {
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn}) {
    if (name_of(level) == name) return level;
  }
  return LogLevel::kError;
}

}  // namespace

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
  read_mqtt(file, config);
  auto log = file.table("log");
  config.log_level = level_of(log.choice_or("level", "info", {"debug", "info", "warn", "error"}));
  return config;
}

}  // namespace cairn::program
