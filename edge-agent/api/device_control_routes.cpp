// Devices that are claimed, released and tested by hand.

#include "edge-agent/api/agent_api.h"
#include "edge-agent/devices/device_control.h"

namespace cairn::agent {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

Result<HttpResponse> device_answer(const Result<DeviceBoard::Status>& status) {
  if (!status) return fail(status.error());
  return runtime::json_response(device_json(*status));
}

json::Value read_json(const std::optional<Barcode>& read) {
  if (!read) return {};
  auto object = json::Value::object();
  return object.set("code", read->data)
      .set("aim", read->symbology.empty() ? "" : "]" + read->symbology);
}

Result<HttpResponse> test(DeviceControl& control, const HttpRequest& request,
                          const Principal& principal) {
  const std::string& device = request.parameter("device");
  const auto test = control.test(device, principal.user);
  if (!test) return fail(test.error());
  auto body = json::Value::object();
  body.set("device", device)
      .set("passed", test->passed)
      .set("said", test->said)
      .set("read", read_json(test->read))
      .set("weight", weight_json(test->weight));
  return runtime::json_response(body);
}

}  // namespace

std::vector<runtime::Route> device_control_routes(DeviceControl& control) {
  return {
      {"POST", "/api/v1/devices/{device}/claim", "devices.control",
       [&control](const HttpRequest& request, const Principal& principal) {
         return device_answer(control.claim(request.parameter("device"), principal.user));
       }},
      {"POST", "/api/v1/devices/{device}/release", "devices.control",
       [&control](const HttpRequest& request, const Principal& principal) {
         return device_answer(control.release(request.parameter("device"), principal.user));
       }},
      {"POST", "/api/v1/devices/{device}/test", "devices.test",
       [&control](const HttpRequest& request, const Principal& principal) {
         return test(control, request, principal);
       }},
  };
}

}  // namespace cairn::agent
