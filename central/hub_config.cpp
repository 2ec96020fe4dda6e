#include "central/hub_config.h"

#include "core/domain/promise/selling_channel.h"
#include "core/runtime/http_client.h"

#include <chrono>

namespace cairn::central {
namespace {

BackupConfig read_backup(runtime::ConfigReader& file) {
  BackupConfig config;
  auto backup = file.table("backup");
  config.dir = backup.text_or("dir", "", {0, 4096});
  if (config.dir == "none") {
    config.kind = BackupConfig::Kind::kWaived;
  } else if (!config.dir.empty()) {
    config.kind = BackupConfig::Kind::kFolder;
  }
  config.every = std::chrono::minutes(backup.integer_or("every_min", 1440, 1, 10'080));
  config.keep = static_cast<std::size_t>(backup.integer_or("keep", 7, 1, 1000));
  return config;
}

HttpProviderConfig read_provider(runtime::ConfigReader& payments) {
  HttpProviderConfig config;
  config.url = payments.text_or("provider_url", "", {0, 200});
  if (!config.url.empty() && !runtime::HttpClient::create(config.url)) {
    payments.problem("provider_url", "must be http://HOST:PORT");
  }
  config.secret = payments.optional_secret("provider_secret_file").value_or("");
  config.timeout =
      std::chrono::milliseconds(payments.integer_or("timeout_ms", 10'000, 100, 60'000));
  return config;
}

/// A limit that is not set is none: -1.
std::optional<std::int64_t> read_limit(runtime::ConfigReader& table, std::string_view name) {
  const std::int64_t limit = table.integer_or(name, -1, -1, kMaxMinor);
  return limit < 0 ? std::nullopt : std::optional(limit);
}

CaptureConfig read_capture(runtime::ConfigReader& file) {
  constexpr std::size_t kShopsMost = 64;
  CaptureConfig config;
  auto orders = file.table("orders");
  config.holds.above_minor = read_limit(orders, "hold_above_minor");
  config.holds.without_position = orders.boolean_or("hold_without_position", false);
  for (auto& shop : file.tables("shopify", kShopsMost)) {
    const std::string channel = shop.text("channel", {1, domain::SellingChannel::kMaxName});
    if (!config.shopify_secrets.emplace(channel, shop.secret("secret_file")).second) {
      shop.problem("channel", "has a shop already");
    }
  }
  return config;
}

ApprovalRules read_approvals(runtime::ConfigReader& file) {
  auto approvals = file.table("approvals");
  ApprovalRules rules;
  rules.refund_over_minor = read_limit(approvals, "refund_over_minor");
  rules.stored_value_over_minor = read_limit(approvals, "stored_value_over_minor");
  rules.lives = std::chrono::hours(approvals.integer_or("lives_h", 24, 1, 720));
  return rules;
}

}  // namespace

Result<HubConfig> load_hub_config(const std::string& file,
                                  const runtime::Environment& environment) {
  auto reader = runtime::ConfigReader::load(file, environment);
  if (!reader) return fail(reader.error());
  HubConfig config;
  config.common = program::read_common_config(*reader, true);
  auto routing = reader->table("routing");
  const std::string partial = routing.choice_or("partial_orders", "wait", {"wait", "split_lines"});
  config.routing.partial =
      partial == "wait" ? domain::PartialOrders::kWait : domain::PartialOrders::kSplitLines;
  config.rejections.customer_service_after =
      routing.integer_or("customer_service_after", 3, 0, 100);
  config.routing.short_site =
      std::chrono::hours(routing.integer_or("short_site_hours", 0, 0, 24LL * 366));
  config.routing.full_site =
      std::chrono::hours(routing.integer_or("full_site_hours", 12, 0, 24LL * 366));
  config.keep_decisions_days = routing.integer_or("keep_decisions_days", 90, 0, 3660);
  auto labels = reader->table("labels");
  const std::string prefix = labels.text_or("gs1_company_prefix", "", {0, 10});
  if (!prefix.empty()) {
    const auto parsed = domain::Gs1Prefix::parse(prefix);
    if (parsed) config.labels.prefix = *parsed;
    if (!parsed) labels.problem("gs1_company_prefix", "must have 7 to 10 digits");
  }
  config.labels.block =
      static_cast<std::uint64_t>(labels.integer_or("block", 10'000, 10, 10'000'000));
  config.backup = read_backup(*reader);
  config.capture = read_capture(*reader);
  auto payments = reader->table("payments");
  config.payments = read_provider(payments);
  config.capture_shipped =
      payments.choice_or("capture", "by_hand", {"by_hand", "on_shipment"}) == "on_shipment";
  config.notifications = read_notifications(*reader);
  config.approvals = read_approvals(*reader);
  auto snapshot = reader->table("snapshot");
  config.snapshot_records =
      static_cast<std::uint64_t>(snapshot.integer_or("records", 10'000, 0, 1'000'000'000));
  // What is folded is read with a little more effort: not while copies of it are still being made.
  if (config.backup.kind == BackupConfig::Kind::kFolder &&
      config.common.storage.fold_after < 2 * config.backup.every) {
    reader->table("storage").problem("fold_after_days", "must be at least twice backup.every_min");
  }
  if (auto ok = reader->done(); !ok) return fail(ok.error());
  config.summary = reader->summary();
  return config;
}

}  // namespace cairn::central
