// Backups of the hub's database: begin one, watch it, list what is kept.

#include "central/api/hub_api.h"
#include "core/program/shapes.h"
#include "core/runtime/call.h"

namespace cairn::central {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

json::Value backups_json(const BackupService& backups) {
  const BackupConfig& config = backups.config();
  const BackupStatus status = backups.status();
  const bool folder = config.kind == BackupConfig::Kind::kFolder;
  auto items = json::Value::array();
  for (const storage::CopyFile& file : backups.files()) {
    items.add(json::Value::object()
                  .set("file", file.name)
                  .set("bytes", file.bytes)
                  .set("made_at", file.made.text()));
  }
  auto body = json::Value::object();
  body.set("kind", name_of(config.kind));
  program::set_or_null(body, "dir", folder ? std::optional(config.dir) : std::nullopt);
  body.set("every_min", std::chrono::duration_cast<std::chrono::minutes>(config.every).count())
      .set("keep", config.keep)
      .set("running", status.running);
  program::set_or_null(body, "last_at",
                       status.last ? std::optional(status.last->text()) : std::nullopt);
  return body.set("problem", status.problem)
      .set("warning", status.warning)
      .set("items", std::move(items));
}

Result<HttpResponse> list_backups(const HubApi& api, const HttpRequest&, const Principal&) {
  return runtime::json_response(backups_json(api.backups));
}

Result<HttpResponse> make_backup(const HubApi& api, const HttpRequest&, const Principal&) {
  const auto begun = runtime::call<bool>(api.env.executor, kLoopPatience,
                                         [&backups = api.backups]() -> Result<bool> {
                                           if (auto ok = backups.begin(); !ok) {
                                             return fail(ok.error());
                                           }
                                           return true;
                                         });
  if (!begun) return fail(begun.error());
  return runtime::json_response(backups_json(api.backups), 202);
}

}  // namespace

std::vector<runtime::Route> backup_routes(const HubApi& api) {
  return {{"GET", "/api/v1/backups", "backups.read", with(api, list_backups)},
          {"POST", "/api/v1/backups", "backups.run", with(api, make_backup)}};
}

}  // namespace cairn::central
