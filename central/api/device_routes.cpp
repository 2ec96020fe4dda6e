// What pages of head office ask before anybody is signed in: which program they talk to, and of
// which build its pages are.

#include "central/api/hub_api.h"
#include "core/program/shapes.h"

namespace cairn::central {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

std::vector<runtime::Route> device_routes(const std::string& build) {
  return {{"GET", "/api/v1/device", "",
           [build](const HttpRequest&, const Principal&) -> Result<HttpResponse> {
             auto body = json::Value::object();
             body.set("program", "cairn-hub");
             program::set_or_null(body, "build",
                                  build.empty() ? std::nullopt : std::optional(build));
             return runtime::json_response(body);
           }}};
}

}  // namespace cairn::central
