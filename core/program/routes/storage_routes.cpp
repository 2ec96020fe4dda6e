#include "core/program/routes/storage_routes.h"

#include "core/json/value.h"

namespace cairn::program {

Check storage_check(const DiskStatus& status) {
  // While the ballast's room lasts, work is saved.
  const bool ok = status.level != storage::DiskLevel::kFull || status.use.free > 0;
  return {"storage", ok, status.sentence()};
}

std::vector<runtime::Route> storage_routes(const DiskWatch& disk) {
  return {{"GET", "/api/v1/storage", "any",
           [&disk](const runtime::HttpRequest&,
                   const runtime::Principal&) -> Result<runtime::HttpResponse> {
             const DiskStatus status = disk.status();
             auto body = json::Value::object();
             body.set("level", name_of(status.level))
                 .set("used_bytes", status.use.used)
                 .set("room_bytes", status.room)
                 .set("free_bytes", status.use.free)
                 .set("reusable_bytes", status.use.reusable)
                 .set("ballast", status.ballast_held ? "held" : "none")
                 .set("message", status.sentence());
             return runtime::json_response(body);
           }}};
}

}  // namespace cairn::program
