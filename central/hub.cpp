#include "central/hub.h"

#include "central/api/hub_api.h"
#include "central/api/import_json.h"
#include "central/audit/audit_watch.h"
#include "central/audit/command_audit.h"
#include "central/notifications/notifier.h"
#include "central/orders/auto_cancel.h"
#include "central/payments/provider_desk.h"
#include "central/payments/shipment_captures.h"
#include "central/routing/decision_keeper.h"
#include "central/routing/routing_desk.h"
#include "core/program/background_reader.h"
#include "core/program/group_events.h"
#include "core/program/pages.h"
#include "core/program/process.h"
#include "core/program/routes/fold_routes.h"
#include "core/program/routes/log_routes.h"
#include "core/program/routes/page_routes.h"
#include "core/program/routes/quarantine_routes.h"
#include "core/program/routes/session_routes.h"
#include "core/program/routes/ship_group_routes.h"
#include "core/program/routes/storage_routes.h"
#include "core/program/routes/system_routes.h"
#include "core/runtime/log_sink.h"
#include "core/runtime/signals.h"
#include "core/runtime/system_clock.h"
#include "core/runtime/system_random.h"
#include "core/storage/data_dir.h"
#include "sync/mqtt/mqtt_transport.h"

#include "hub_openapi.h"

#include <unistd.h>

#include <memory>
#include <utility>

namespace cairn::central {
namespace {

constexpr std::size_t kReaders = 4;
constexpr std::size_t kHttpThreads = 96;

int refuse(Log& log, const Error& error) {
  log.error("start_failed", {{"reason", error.reason}, {"message", error.message}});
  const bool temporary = error.code == ErrorCode::kUnavailable;
  return temporary ? program::kExitTemporary : program::kExitConfig;
}

sync::MqttConfig mqtt_config(const program::CommonConfig& config) {
  sync::MqttConfig mqtt{config.mqtt.url, "cairn-" + config.node.value().text(), config.mqtt.user,
                        config.mqtt.password, config.mqtt.ca_file};
  mqtt.fire_and_forget = true;
  return mqtt;
}

void add(std::vector<runtime::Route>& all, std::vector<runtime::Route> more) {
  for (runtime::Route& route : more) all.push_back(std::move(route));
}

/// A hub without a backup does its work: the check only tells what should be changed.
std::string backup_words(const BackupStatus& status) {
  if (!status.warning.empty()) return status.warning;
  return "last made " + (status.last ? status.last->text() : std::string("never"));
}

program::SystemInfo system_info(const HubApi& api, const program::Process& process) {
  program::SystemInfo info;
  info.program = "cairn-hub";
  info.identity = api.core.replica().identity();
  info.openapi = hub_openapi().front().text;
  info.alive = [&process] { return process.alive(); };
  info.checks = [&process, &readers = api.readers, &disk = api.disk, &backups = api.backups] {
    const auto read = readers.read(
        [](storage::Connection& connection) { return storage::product_count(connection); });
    return std::vector<program::Check>{
        {"loop", process.alive(), "the core loop turns"},
        {"database", read.has_value(), read ? "readable" : read.error().message},
        program::storage_check(disk.status()),
        {"backup", true, backup_words(backups.status())}};
  };
  return info;
}

runtime::SseHub::Options stream_options(const program::Pages& pages) {
  runtime::SseHub::Options options;
  options.build = pages.build();
  return options;
}

/// What is more than one transaction, so that no single one of them could hold its audit entry.
bool is_long_work(std::string_view pattern) {
  return pattern == "/api/v1/routing/runs" || pattern == "/api/v1/log/folds" ||
         pattern == "/api/v1/backups" || pattern.starts_with("/api/v1/imports/");
}

std::vector<runtime::Route> all_routes(const HubApi& api, const program::Process& process,
                                       program::Sessions& sessions, const program::Pages& pages,
                                       const Metrics& metrics,
                                       const NotificationConfig& notifications) {
  std::vector<runtime::Route> routes = program::system_routes(system_info(api, process), metrics);
  add(routes, program::page_routes(pages));
  add(routes, device_routes(pages.build()));
  add(routes, program::session_routes(sessions, ""));
  add(routes, program::log_routes(api.readers));
  add(routes, program::fold_routes(api.env.executor, api.core.fold(), api.readers));
  add(routes, program::quarantine_routes(api.readers, api.commands,
                                         [&core = api.core](storage::UnitOfWork& work) {
                                           return core.replay_quarantine(work);
                                         }));
  add(routes, program::ship_group_routes(api.readers));
  add(routes, program::storage_routes(api.disk));
  add(routes, backup_routes(api));
  add(routes, registry_routes(api));
  add(routes, node_control_routes(api));
  add(routes, status_routes(api));
  add(routes, staff_routes(api));
  add(routes, import_routes(api));
  add(routes, capture_routes(api, notifications.rules));
  add(routes, catalogue_routes(api));
  add(routes, notification_routes(api, notifications.rules, [notifications] {
        return MessageTemplates::load(notifications.shop, notifications.templates).value();
      }));
  add(routes, order_routes(api));
  add(routes, payment_routes(api));
  add(routes, pickup_routes(api));
  add(routes, promise_routes(api));
  add(routes, promotion_routes(api));
  add(routes, stock_adjustment_routes(api));
  add(routes, supply_routes(api));
  add(routes, lease_routes(api));
  add(routes, routing_routes(api));
  add(routes, routing_run_routes(api));
  add(routes, settlement_routes(api));
  add(routes, shopify_routes(api));
  add(routes, stored_value_routes(api));
  add(routes, api_key_routes(api));
  add(routes, approval_routes(api));
  add(routes, audit_routes(api));
  for (runtime::Route& route : routes) {
    if (route.method != "POST" || !is_long_work(route.pattern)) continue;
    const bool import = route.pattern.starts_with("/api/v1/imports/");
    route.handler =
        audited_first(api.env.executor, api.core.writer(), std::exchange(route.handler, {}),
                      [&disk = api.disk, import] {
                        return import && disk.status().level >= storage::DiskLevel::kCritical;
                      });
  }
  return routes;
}

}  // namespace

int run_hub(const HubConfig& config) {
  const runtime::SystemClock clock;
  runtime::SystemRandom random;
  Metrics metrics;
  runtime::JsonLog log(STDERR_FILENO, clock, "cairn-hub", config.common.log_level);
  runtime::EventLoop loop(clock, metrics);
  program::Process process(loop, clock, log);
  const runtime::Signals signals([&process](runtime::Signal signal) { process.stop(signal); });
  const Env env{clock, random, loop, log, metrics};
  log.info("starting", {{"config", config.summary}});

  const auto pages = program::load_pages(config.common.pages_dir, "hq", log);
  if (!pages) return refuse(log, pages.error());
  const auto directory = storage::DataDir::open(config.common.data_dir);
  if (!directory) return refuse(log, directory.error());
  storage::ReadPool readers(directory->database(), kReaders);
  program::BackgroundReader background(readers, loop);
  program::DiskWatch disk(env, directory->path(), config.common.storage);
  disk.before_open();
  sync::MqttTransport transport(mqtt_config(config.common), env);
  HubCoreConfig core_config;
  core_config.database = directory->database();
  core_config.node = config.common.node;
  core_config.labels = config.labels;
  core_config.rejections = config.rejections;
  core_config.guard_file = config.common.guard_file;
  core_config.reader = &background;
  core_config.snapshot_records = config.snapshot_records;
  core_config.fold.rule.after = config.common.storage.fold_after;
  core_config.backup_waived = config.backup.kind == BackupConfig::Kind::kWaived;
  const auto core = HubCore::open(core_config, env, transport,
                                  [&process](const Error& error) { process.fail(error); });
  if (!core) return refuse(log, core.error());
  disk.start((*core)->writer());
  (*core)->fold().ask_for_room(
      [&disk] { return disk.status().level >= storage::DiskLevel::kShort; });
  BackupService backups(env, (*core)->writer(), (*core)->replica().connection(), config.backup,
                        BackupService::Verify::kOwnThread,
                        [&core](const std::vector<EventRef>& marks) { (*core)->note_safe(marks); });
  if (auto ok = backups.start(directory->path()); !ok) return refuse(log, ok.error());

  std::unique_ptr<HttpProvider> provider;
  if (!config.payments.url.empty()) {
    auto created = HttpProvider::create(env, config.payments);
    if (!created) return refuse(log, created.error());
    provider = *std::move(created);
  }
  ProviderDesk provider_desk(env, (*core)->writer(), (*core)->replica().connection(),
                             provider.get(), {});
  if (auto ok = provider_desk.start(); !ok) return refuse(log, ok.error());
  ShipmentCaptures captures(env, (*core)->writer(), (*core)->replica().connection());
  if (config.capture_shipped) {
    if (auto ok = captures.start(); !ok) return refuse(log, ok.error());
  }

  AutoCancel auto_cancel(env, (*core)->writer(), (*core)->replica().connection());
  if (auto ok = auto_cancel.start(); !ok) return refuse(log, ok.error());
  RoutingDesk routing(env, (*core)->writer(), (*core)->replica().connection(), (*core)->ids(),
                      (*core)->site_ages(), config.routing);
  if (auto ok = routing.start(); !ok) return refuse(log, ok.error());
  DecisionKeeper decisions(env, (*core)->writer(),
                           std::chrono::hours(24 * config.keep_decisions_days));
  if (auto ok = decisions.start(); !ok) return refuse(log, ok.error());
  const auto templates =
      MessageTemplates::load(config.notifications.shop, config.notifications.templates);
  if (!templates) return refuse(log, templates.error());
  std::unique_ptr<MailSender> mail;
  std::unique_ptr<WebhookSender> webhook;
  if (config.notifications.has_mail()) {
    mail = std::make_unique<MailSender>(env, config.notifications.mail);
  }
  if (config.notifications.has_webhook()) {
    webhook = std::make_unique<WebhookSender>(env, config.notifications.webhook);
  }
  Notifier notifier(env, (*core)->writer(), (*core)->replica().connection(), *templates,
                    {mail.get(), webhook.get()}, {config.notifications.rules});
  if (mail || webhook) {
    if (auto ok = notifier.start(); !ok) return refuse(log, ok.error());
  }

  runtime::SseHub stream(clock, metrics, stream_options(*pages));
  ImportService imports(env, (*core)->writer(), [&stream](const ImportStatus& status) {
    stream.publish("import", import_json(status).dump());
  });
  program::Commands commands(loop, (*core)->writer(), audit_witness);
  program::Sessions sessions(env, (*core)->writer(), readers, SiteId{});
  const storage::AuditAnchor anchor(
      config.common.guard_file.empty() ? "" : config.common.guard_file + ".audit",
      config.common.node);
  AuditWatch audit(env, (*core)->writer(), (*core)->replica().connection(), anchor);
  if (auto ok = audit.start(config.summary); !ok) return refuse(log, ok.error());
  const HubApi api{env,     **core, commands,       readers,          imports, backups,
                   routing, disk,   config.capture, config.approvals, anchor};
  program::publish_ship_groups((*core)->writer(), stream);

  runtime::HttpServer::Options options;
  options.host = config.common.http.host;
  options.port = config.common.http.port;
  options.max_threads = kHttpThreads;
  runtime::HttpServer server(
      options, all_routes(api, process, sessions, *pages, metrics, config.notifications),
      {{"/api/v1/stream", "any", &stream}}, sessions, log, metrics);
  if (auto ok = server.start(); !ok) return refuse(log, ok.error());
  log.info("ready", {{"listen", Endpoint{options.host, server.port()}.text()}});

  const int status = process.run();
  server.stop();
  log.info("stopped");
  return status;
}

}  // namespace cairn::central
