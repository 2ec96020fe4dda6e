#include "edge-agent/agent.h"

#include "core/program/background_reader.h"
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
#include "core/runtime/watchdog.h"
#include "core/storage/data_dir.h"
#include "device-drivers/camera/decoder_process.h"
#include "edge-agent/api/agent_api.h"
#include "edge-agent/api/live_events.h"
#include "edge-agent/devices/device_control.h"
#include "edge-agent/remote/config_in_force.h"
#include "edge-agent/remote/verbs.h"
#include "sync/mqtt/mqtt_transport.h"

#include "agent_openapi.h"

#include <unistd.h>

#include <chrono>
#include <optional>

namespace cairn::agent {
namespace {

constexpr std::size_t kReaders = 4;

/// Longer than a trial takes to come to a verdict of its own.
constexpr std::chrono::seconds kTrialEndsWithin(90);

int give_up(Log& log, const Error& error) {
  log.error("start_failed", {{"reason", error.reason}, {"message", error.message}});
  const bool temporary = error.code == ErrorCode::kUnavailable;
  return temporary ? program::kExitTemporary : program::kExitConfig;
}

sync::MqttConfig mqtt_config(const program::BrokerConfig& broker, std::string client_id,
                             std::string metrics) {
  return {broker.url,      std::move(client_id), broker.user,
          broker.password, broker.ca_file,       std::move(metrics)};
}

AgentCoreConfig core_config(const AgentConfig& config, const storage::DataDir& directory,
                            storage::SnapshotReader& reader) {
  AgentCoreConfig core;
  core.database = directory.database();
  core.node = config.common.node;
  core.site = config.common.site;
  core.guard_file = config.common.guard_file;
  core.keyed_above_milli = config.keyed_quantity_above * kMilliPerUnit;
  core.reader = &reader;
  core.measures = config.measures;
  core.fold.rule.after = config.common.storage.fold_after;
  return core;
}

void add(std::vector<runtime::Route>& all, std::vector<runtime::Route> more) {
  for (runtime::Route& route : more) all.push_back(std::move(route));
}

program::SystemInfo system_info(const AgentApi& api, const program::DiskWatch& disk,
                                const program::Process& process) {
  program::SystemInfo info;
  info.program = "cairn-agent";
  info.identity = api.core.replica().identity();
  info.openapi = agent_openapi().front().text;
  info.alive = [&process] { return process.alive(); };
  info.checks = [&process, &readers = api.readers, &disk] {
    const auto read = readers.read(
        [](storage::Connection& connection) { return storage::product_count(connection); });
    return std::vector<program::Check>{
        {"loop", process.alive(), "the core loop turns"},
        {"database", read.has_value(), read ? "readable" : read.error().message},
        program::storage_check(disk.status())};
  };
  return info;
}

PageSettings page_settings(const AgentConfig& config, const program::Pages& pages) {
  return {config.stations(), config.px_per_mm, config.keyed_quantity_above * kMilliPerUnit,
          config.show_people, pages.build()};
}

runtime::SseHub::Options stream_options(const program::Pages& pages) {
  runtime::SseHub::Options options;
  options.build = pages.build();
  return options;
}

/// Somebody waits at a screen: less than `cairn decode` may take.
devices::DecoderSettings decoder_settings() {
  devices::DecoderSettings settings;
  settings.command = {devices::decoder_program()};
  settings.budget = std::chrono::milliseconds(1500);
  settings.patience = std::chrono::seconds(5);
  return settings;
}

Result<> open_devices(ScannerDesk& scanners, const AgentApi& api) {
  if (auto ok = api.printers.open(); !ok) return ok;
  if (auto ok = api.receipts.open(); !ok) return ok;
  if (auto ok = api.scales.open(); !ok) return ok;
  return scanners.open();
}

}  // namespace

int run_agent(const AgentConfig& file, const ConfigSource& source) {
  const runtime::SystemClock clock;
  runtime::SystemRandom random;
  Metrics metrics;
  runtime::JsonLog log(STDERR_FILENO, clock, "cairn-agent", file.common.log_level);
  runtime::EventLoop loop(clock, metrics);
  program::Process process(loop, clock, log);
  const runtime::Signals signals([&process](runtime::Signal signal) { process.stop(signal); });
  const Env env{clock, random, loop, log, metrics};

  const auto directory = storage::DataDir::open(file.common.data_dir);
  if (!directory) return give_up(log, directory.error());
  program::DiskWatch disk(env, directory->path(), file.common.storage);
  disk.before_open();
  const ConfigStore store(directory->remote_config());
  ConfigInForce in_force(store, source, file, log);
  const AgentConfig& config = in_force.config();
  const bool trying = in_force.state().trial.has_value();
  std::optional<runtime::Watchdog> watchdog;
  if (trying)
    watchdog.emplace(log, "config_trial_hangs", kTrialEndsWithin, program::kExitTemporary);
  const auto refuse = [&in_force, &log](const Error& error) {
    const int status = give_up(log, error);
    return in_force.failed(error) ? program::kExitTemporary : status;
  };
  log.set_minimum(config.common.log_level);
  log.info("starting", {{"config", config.summary}});

  const auto pages = program::load_pages(config.common.pages_dir, "handheld", log);
  if (!pages) return refuse(pages.error());
  storage::ReadPool readers(directory->database(), kReaders);
  program::BackgroundReader background(readers, loop);
  const std::string node = config.common.node.value().text();
  sync::MqttTransport transport(mqtt_config(config.common.mqtt, "cairn-" + node, "mqtt"), env);
  std::optional<sync::MqttTransport> lan;
  if (config.lan) lan.emplace(mqtt_config(*config.lan, "cairn-lan-" + node, "lan_mqtt"), env);
  const auto core = AgentCore::open(
      core_config(config, *directory, background), env, transport,
      [&process](const Error& error) { process.fail(error); }, lan ? &*lan : nullptr);
  if (!core) return refuse(core.error());
  disk.start((*core)->writer());
  (*core)->fold().ask_for_room(
      [&disk] { return disk.status().level >= storage::DiskLevel::kShort; });

  runtime::SseHub stream(clock, metrics, stream_options(*pages));
  DeviceBoard board(config.devices, env, stream);
  SaleSearch sales(**core);
  ScannerDesk scanners(board, env, **core, sales, stream);
  ScaleDesk scales(board, env);
  PrinterDesk printers(board, env, (*core)->writer(), (*core)->replica());
  ReceiptDesk receipts(board, env, stream, (*core)->writer());
  DeviceControl control(board, env, scanners, scales, printers, receipts);
  devices::DecoderProcess decoder(decoder_settings(), clock);
  CameraDesk camera(
      [&decoder](BytesView picture, devices::Effort effort) {
        return decoder.decode_file(picture, effort);
      },
      clock);
  program::Commands commands(loop, (*core)->writer());
  program::Sessions sessions(env, (*core)->writer(), readers, config.common.site);
  const AgentApi api{env,    **core,   commands, sessions, readers, board,
                     scales, printers, receipts, sales,    camera,  stream};
  publish_live_events(api);
  set_verbs(api, process, log);
  (*core)->commands().set_config_version(in_force.state().current().version);
  ConfigTrial trial(env, (*core)->writer(), (*core)->sync(), config.common.node, in_force.state(),
                    {[&source](const domain::ConfigVersion& wanted) -> Result<> {
                       const auto read = load_agent_config(source, wanted);
                       if (!read) return fail(read.error());
                       return {};
                     },
                     [&store](const domain::ConfigState& state) { return store.save(state); },
                     [&process] { process.restart(); },
                     [&watchdog] {
                       if (watchdog) watchdog->in_time();
                     }});

  std::vector<runtime::Route> routes =
      program::system_routes(system_info(api, disk, process), metrics);
  add(routes, program::page_routes(*pages));
  add(routes, device_routes(api, page_settings(config, *pages)));
  add(routes, device_control_routes(control));
  add(routes, program::session_routes(sessions, config.default_station()));
  add(routes, program::log_routes(readers));
  add(routes, program::fold_routes(loop, (*core)->fold(), readers));
  add(routes, program::quarantine_routes(readers, commands, [](storage::UnitOfWork& work) {
        return work.replica().replay_quarantine().size();
      }));
  add(routes, program::ship_group_routes(readers));
  add(routes, program::storage_routes(disk));
  add(routes, config_routes(api, trial, config.origins));
  add(routes, picking_routes(api));
  add(routes, camera_routes(api));
  add(routes, packing_routes(api));
  add(routes, printer_routes(api));
  add(routes, put_back_routes(api));
  add(routes, counter_routes(api));
  add(routes, counter_sale_routes(api));
  add(routes, receipt_routes(api));
  add(routes, return_routes(api, config.return_alone_up_to_minor));
  add(routes, site_routes(api));
  add(routes, station_routes(api));
  add(routes, sync_routes(api));
  runtime::HttpServer::Options options;
  options.host = config.common.http.host;
  options.port = config.common.http.port;
  runtime::HttpServer server(options, std::move(routes), {{"/api/v1/stream", "any", &stream}},
                             sessions, log, metrics);
  if (auto ok = server.start(); !ok) return refuse(ok.error());
  if (auto ok = open_devices(scanners, api); !ok) return refuse(ok.error());
  if (auto ok = loop.post([&trial] { trial.start(); }); !ok) return refuse(ok.error());
  log.info("ready", {{"listen", Endpoint{options.host, server.port()}.text()}});

  process.before_stop([&printers, &receipts] {
    printers.stop_printing("the service was stopped before it; nothing was printed");
    receipts.stop();
  });
  const int status = process.run();
  scanners.close();
  scales.close();
  printers.close();
  receipts.close();
  server.stop();
  log.info("stopped");
  return status;
}

}  // namespace cairn::agent
