// Pictures that a page takes with its camera. A label in one is scanned just as the station's own
// scanner would: one channel, "camera:STATION", one scan for one sight.

#include "core/program/page.h"
#include "edge-agent/api/station_request.h"
#include "edge-agent/workflows/scans.h"
#include "edge-agent/workflows/verdict.h"

#include <memory>
#include <set>

namespace cairn::agent {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

/// A camera of 12 megapixels makes JPEG files of 3 to 6 MB.
constexpr std::size_t kPictureMost = std::size_t{12} << 20U;

Barcode barcode_of(const devices::DecodedCode& code) {
  return parse_barcode(code.aim + code.text, true);
}

json::Value corner_json(const devices::Point& corner) {
  auto object = json::Value::object();
  return object.set("x", corner.x).set("y", corner.y);
}

json::Value code_json(const devices::DecodedCode& code) {
  const Barcode barcode = barcode_of(code);
  auto object = json::Value::object();
  set_type(object, barcode, devices::name_of(code.symbology));
  auto corners = json::Value::array();
  for (const devices::Point& corner : code.corners) corners.add(corner_json(corner));
  return object.set("code", barcode.data).set("corners", std::move(corners));
}

json::Value picture_json(const devices::DecodedImage& image, bool same_sight, json::Value verdict) {
  auto codes = json::Value::array();
  for (const devices::DecodedCode& code : image.codes) codes.add(code_json(code));
  auto object = json::Value::object();
  return object.set("width", image.width)
      .set("height", image.height)
      .set("codes", std::move(codes))
      .set("same_sight", same_sight)
      .set("verdict", std::move(verdict))
      .set("decode_us", image.took.count());
}

/// A refusal that a scanner's read would be answered with, too: it is a verdict.
bool is_verdict(const Error& error) {
  return error.code == ErrorCode::kRejected || error.code == ErrorCode::kConflict ||
         error.code == ErrorCode::kNotFound;
}

/// One label: what it is scanned for.
Result<HttpResponse> scan_label(const AgentApi& api, const HttpRequest& request,
                                const Principal& principal, const Operator& at,
                                const devices::DecodedImage& image) {
  const MonoTime since = api.env.clock.mono_now();
  const devices::DecodedCode& code = image.codes.front();
  const std::string device = camera_of(at.station);
  const Barcode barcode = barcode_of(code);
  const TypedScan read{barcode, std::string(devices::name_of(code.symbology)), device,
                       api.env.clock.utc_now(), measure_of(api.core.measures(), barcode)};
  const auto context = [read, device, since, station = at.station,
                        env = api.env](const std::string& now_at) {
    return ReadContext{now_at.empty() ? station : now_at, device, read.barcode.data,
                       env.clock.mono_now() - since, read};
  };
  const auto told = std::make_shared<std::string>();  // between the job and what follows its commit
  auto answer = with_hub_sale(api, read.barcode.data, [&] {
    return api.commands.run(
        request, principal,
        [principal, read, context, told, image,
         &pick = api.core.pick()](UnitOfWork& work) -> Result<Answer> {
          const auto by = operator_of(work.connection(), principal);
          if (!by) return fail(by.error());
          const auto verdict = take_scan(work, pick, *by, read.barcode);
          if (!verdict) return fail(verdict.error());
          auto said = verdict_json(verdict, context(by->station));
          *told = said.dump();
          return Answer{picture_json(image, false, std::move(said)), 200};
        },
        [told, &stream = api.stream](const Answer&) { stream.publish("verdict", *told); });
  });
  if (answer) return answer;
  if (!is_verdict(answer.error())) {
    if (!may_have_been_done(answer.error())) {
      api.camera.forget_sight(at.station, read.barcode.data);
    }
    return answer;
  }
  auto verdict = verdict_json(fail(answer.error()), context(""));
  api.stream.publish("verdict", verdict.dump());
  return runtime::json_response(picture_json(image, false, std::move(verdict)));
}

Result<HttpResponse> picture(const AgentApi& api, const HttpRequest& request,
                             const Principal& principal) {
  const auto is_frame = program::read_flag(request, "frame");
  if (!is_frame) return fail(is_frame.error());
  const auto lifted = program::read_flag(request, "lifted");
  if (!lifted) return fail(lifted.error());
  const auto by = operator_of(api.readers, principal);
  if (!by) return fail(by.error());
  const auto before = api.commands.repeated(request, principal);
  if (!before) return fail(before.error());
  if (*before) return **before;
  const auto image = api.camera.decode(
      by->station, request.body, *is_frame ? devices::Effort::kFrame : devices::Effort::kPhoto);
  if (!image) return fail(image.error());
  std::set<std::string> texts;
  for (const devices::DecodedCode& code : image->codes) texts.insert(code.text);
  // A photo says nothing of what the video has in sight, which goes on beside it.
  if (*is_frame && *lifted) api.camera.lift(by->station);
  if (*is_frame) api.camera.look(by->station, texts);
  if (texts.size() == 1) {
    if (!*is_frame && *lifted) api.camera.forget_sight(by->station, *texts.begin());
    if (api.camera.is_new_sight(by->station, *texts.begin())) {
      return scan_label(api, request, principal, *by, *image);
    }
    return runtime::json_response(picture_json(*image, true, {}));
  }
  return runtime::json_response(picture_json(*image, false, {}));
}

}  // namespace

std::vector<runtime::Route> camera_routes(const AgentApi& api) {
  return {{"POST", "/api/v1/pictures", "tasks.pick", with(api, picture), kPictureMost}};
}

}  // namespace cairn::agent
