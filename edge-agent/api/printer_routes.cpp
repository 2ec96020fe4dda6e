// The labels that wait for printers: to see them, to hold them back, to send them elsewhere.

#include "core/program/page.h"
#include "core/program/shapes.h"
#include "edge-agent/api/station_request.h"
#include "edge-agent/workflows/labels.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <utility>

namespace cairn::agent {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

json::Value job_json(const LabelOrder& order) {
  return json::Value::object()
      .set("job", order.start.text())
      .set("group", order.group.value().text())
      .set("package", order.package.text())
      .set("order_reference", order.order_reference)
      .set("sscc", order.sscc);
}

/// Schema LabelPrinter of docs/api/agent.openapi.yaml.
json::Value printer_json(const DeviceBoard::Status& status, const LabelQueue::Line& line) {
  auto waiting = json::Value::array();
  for (const LabelOrder& order : line.waiting) waiting.add(job_json(order));
  auto body = json::Value::object();
  body.set("name", status.settings.device.name)
      .set("state", name_of(status.state))
      .set("detail", status.detail)
      .set("paused", line.paused)
      .set("under_way", line.under_way ? job_json(*line.under_way) : json::Value())
      .set("waiting", std::move(waiting));
  return body;
}

json::Value printer_json(const AgentApi& api, const std::string& printer) {
  return printer_json(api.board.status(printer), api.printers.line(printer));
}

/// Errors: kNotFound "no_such_device".
Result<std::string> printer_of_path(const AgentApi& api, const HttpRequest& request) {
  std::string name = request.parameter("device");
  if (is_device(api, "printer", name)) return name;
  return fail(ErrorCode::kNotFound, "no_such_device",
              fmt::format("there is no printer {} here", name));
}

Result<HttpResponse> printers(const AgentApi& api, const HttpRequest&, const Principal&) {
  auto items = json::Value::array();
  for (const DeviceBoard::Status& status : api.board.statuses()) {
    const devices::DeviceConfig& device = status.settings.device;
    if (device.kind == "printer") items.add(printer_json(status, api.printers.line(device.name)));
  }
  return runtime::json_response(program::write_list(std::move(items)));
}

Result<HttpResponse> set_paused(const AgentApi& api, const HttpRequest& request,
                                const Principal& principal, bool on) {
  return api.commands.run(
      request, principal,
      [api, printer = printer_of_path(api, request), on](UnitOfWork&) -> Result<Answer> {
        if (!printer) return fail(printer.error());
        api.printers.pause(*printer, on);
        return Answer{printer_json(api, *printer), 200};
      });
}

Result<HttpResponse> pause(const AgentApi& api, const HttpRequest& request,
                           const Principal& principal) {
  return set_paused(api, request, principal, true);
}

Result<HttpResponse> resume(const AgentApi& api, const HttpRequest& request,
                            const Principal& principal) {
  return set_paused(api, request, principal, false);
}

std::optional<EventRef> optional_job(json::Reader& in) {
  const auto text = in.optional_text("job", {1, 100});
  if (!text) return std::nullopt;
  const auto job = EventRef::parse(*text);
  if (!job) in.problem("job", job.error().message);
  return job ? std::optional(*job) : std::nullopt;
}

Error nothing_waits(const std::string& printer, bool one) {
  return {ErrorCode::kRejected, "nothing_waits",
          one ? fmt::format("that label does not wait for {} any more: it is being printed, was "
                            "printed, or is not for this printer; nothing was changed",
                            printer)
              : fmt::format("no label waits for {}; nothing was changed", printer)};
}

/// What becomes of a label that was taken out of a queue: it is to be printed elsewhere, or
/// nothing.
using Fate = std::function<Result<std::optional<LabelOrder>>(UnitOfWork&, const LabelOrder&,
                                                             const Operator&)>;

/// The labels that a request is about. They are out of the queue until it is committed, so that the
/// printer cannot begin one of them meanwhile.
struct Taken {
  std::vector<LabelOrder> orders;
  std::vector<LabelOrder> elsewhere;
};

/// `to`: where labels go that are to be printed elsewhere.
Result<HttpResponse> with_waiting(const AgentApi& api, const HttpRequest& request,
                                  const Principal& principal, const Result<std::string>& where,
                                  const std::optional<EventRef>& job, const Fate& fate,
                                  const std::string& to) {
  auto taken = std::make_shared<Taken>();  // shared: between the job and what follows it
  return api.commands.run(
      request, principal,
      [&desk = api.printers, principal, where, job, fate,
       taken](UnitOfWork& work) -> Result<Answer> {
        if (!where) return fail(where.error());
        const auto by = operator_of(work.connection(), principal);
        if (!by) return fail(by.error());
        taken->orders = desk.take(*where, job, taken->orders);
        taken->elsewhere.clear();
        if (taken->orders.empty()) return fail(nothing_waits(*where, job.has_value()));
        for (const LabelOrder& order : taken->orders) {
          auto elsewhere = fate(work, order, *by);
          if (!elsewhere) return fail(elsewhere.error());
          if (*elsewhere) taken->elsewhere.push_back(**std::move(elsewhere));
        }
        auto body = json::Value::object();
        body.set("labels", static_cast<std::int64_t>(taken->orders.size()));
        return Answer{std::move(body), 200};
      },
      [&desk = api.printers, taken, to](const Answer&) {
        for (const LabelOrder& order : taken->elsewhere) desk.print(to, order);
      },
      [&desk = api.printers, taken, where] {
        if (where) desk.put_back(*where, taken->orders);
      });
}

Result<std::string> printer_to_move_from(const AgentApi& api, const HttpRequest& request,
                                         const std::string& to) {
  auto from = printer_of_path(api, request);
  if (from && !is_device(api, "printer", to)) {
    return fail(ErrorCode::kNotFound, "no_printer", fmt::format("there is no printer {} here", to));
  }
  if (from && api.board.status(to).released) return fail(released_error(to));
  if (from && to == *from) {
    return fail(ErrorCode::kInvalid, "same_printer", "the labels are at that printer already");
  }
  return from;
}

Result<HttpResponse> move(const AgentApi& api, const HttpRequest& request,
                          const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const std::string to = in.text("to", {1, 40});
  const auto job = optional_job(in);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto from = printer_to_move_from(api, request, to);
  return with_waiting(
      api, request, principal, from, job,
      [&desk = api.printers, to](UnitOfWork& work, const LabelOrder& order,
                                 const Operator& by) -> Result<std::optional<LabelOrder>> {
        auto started = move_label(work, order, to, desk.is_busy(to), by);
        if (!started) return fail(started.error());
        return *std::move(started);
      },
      to);
}

Result<HttpResponse> cancel(const AgentApi& api, const HttpRequest& request,
                            const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const auto job = optional_job(in);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return with_waiting(api, request, principal, printer_of_path(api, request), job,
                      [](UnitOfWork& work, const LabelOrder& order,
                         const Operator&) -> Result<std::optional<LabelOrder>> {
                        const domain::EndLabelPrint taken_out{
                            order.start, domain::PrintOutcome::kFailed,
                            "it was taken out of the queue; nothing was printed"};
                        if (auto ok = end_label(work, order.group, taken_out); !ok)
                          return fail(ok.error());
                        return std::nullopt;
                      },
                      {});
}

}  // namespace

std::vector<runtime::Route> printer_routes(const AgentApi& api) {
  return {
      {"GET", "/api/v1/printers", "devices.read", with(api, printers)},
      {"POST", "/api/v1/printers/{device}/pause", "labels.print", with(api, pause)},
      {"POST", "/api/v1/printers/{device}/resume", "labels.print", with(api, resume)},
      {"POST", "/api/v1/printers/{device}/move", "labels.print", with(api, move)},
      {"POST", "/api/v1/printers/{device}/cancel", "labels.print", with(api, cancel)},
  };
}

}  // namespace cairn::agent
