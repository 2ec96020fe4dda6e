// Receipts of the counter, and its cash drawer.

#include "core/base/id_source.h"
#include "core/program/hand_over_note.h"
#include "core/program/routes/ship_group_routes.h"
#include "core/storage/original_receipts.h"
#include "core/storage/projections/reference_data.h"
#include "edge-agent/api/station_request.h"
#include "edge-agent/devices/counter_receipt.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <utility>

namespace cairn::agent {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

/// A printer that takes longer tells by an event.
constexpr std::chrono::seconds kEndedWithin(8);

// ---- what is on the receipt ----

std::string name_at(storage::Connection& connection, const SiteId& site, UserId user) {
  const auto member = storage::find_staff(connection, site, user);
  return member ? member->name : "";
}

std::string site_name(storage::Connection& connection, const SiteId& site) {
  const auto facility = storage::find_facility(connection, site);
  return facility ? facility->name : site.text();
}

/// A receipt, what it is of, and the number that is printed as a code.
struct Draft {
  devices::Receipt receipt;
  EventRef act;
  std::string order_reference;
};
/// `is_copy`: asked once everything else is good. Errors: what is wrong with the request.
using IsCopy = std::function<bool(const EventRef&)>;
using Write = std::function<Result<Draft>(UnitOfWork&, const IsCopy&)>;

Result<Draft> write_hand_over(UnitOfWork& work, ShipGroupId group, const IsCopy& is_copy) {
  if (!storage::ship_group_row(work.connection(), group)) {
    return fail(ErrorCode::kNotFound, "no_such_group", "there is no such ship group here");
  }
  const domain::ShipGroup view = work.replica().ship_group(group);
  const domain::Sale sale = domain::sale_of(view);
  if (view.method != domain::FulfilmentMethod::kPickup || sale.sold_milli() == 0) {
    return fail(ErrorCode::kRejected, "nothing_handed_over",
                "this order was not handed over, so there is no receipt; nothing was printed");
  }
  // Its record may be too old to be kept here; then only a copy can come of it.
  const auto note = program::hand_over_note(work.connection(), group);
  CounterAct act{site_name(work.connection(), view.site), {}, {}, true};
  if (note) {
    act.at = note->at.utc();
    act.person = name_at(work.connection(), view.site, note->actor);
    act.copy = is_copy(note->ref);
  }
  return Draft{hand_over_receipt(act, sale), note ? note->ref : EventRef{}, view.order_reference};
}

Result<Draft> write_return(UnitOfWork& work, ReturnId id, const IsCopy& is_copy) {
  work.replica().save_views();
  const auto row = storage::find_return(work.connection(), id);
  if (!row) return fail(ErrorCode::kNotFound, "no_such_return", "there is no such return here");
  const CounterAct act{site_name(work.connection(), row->site), row->taken_at.utc(),
                       name_at(work.connection(), row->site, row->actor), is_copy(row->ref)};
  const std::string approved_by = name_at(work.connection(), row->site, row->approved_by);
  return Draft{return_receipt(act, *row, approved_by), row->ref, row->order_reference};
}

// ---- jobs ----

CounterJob new_job(const Env& env, std::string printer, CounterJob::What what) {
  CounterJob job;
  job.id = IdSource(env.clock, env.random).next().text();
  job.printer = std::move(printer);
  job.what = what;
  return job;
}

/// The answer to a job that was begun, now or by an earlier request with the same key, with how it
/// ended as far as that is known within a bounded time.
Result<HttpResponse> when_ended(const AgentApi& api, Result<HttpResponse> begun) {
  if (!begun || begun->status != 200) return begun;
  auto body = json::parse(begun->body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const std::string id = in.text("job", {1, 64});
  const auto job = api.receipts.wait(id, kEndedWithin);
  if (job) {
    begun->body = counter_job_json(*job).dump();
    return begun;
  }
  body->set("state", "unknown")
      .set("detail", "the service was restarted, or that was long ago: look whether it came out");
  begun->body = body->dump();
  return begun;
}

Result<HttpResponse> print(const AgentApi& api, const HttpRequest& request,
                           const Principal& principal, CounterJob::What what, Write write) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const auto wanted = in.optional_text("printer", {1, 40});
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto by = operator_of(api.readers, principal);
  if (!by) return fail(by.error());
  const auto printer = printer_of(api, "receipt_printer", by->station, wanted);
  if (!printer) return fail(printer.error());
  struct Begun {
    CounterJob job;
    EventRef act;
    devices::ReceiptPage page;
  };
  auto begun = std::make_shared<Begun>();  // shared: between the job and what follows its commit
  return when_ended(
      api, api.commands.run(
               request, principal,
               [&desk = api.receipts, env = api.env, printer = *printer, what,
                write = std::move(write), begun](UnitOfWork& work) -> Result<Answer> {
                 begun->job = new_job(env, printer, what);
                 begun->job.copy = true;
                 auto draft = write(work, [&work, &begun](const EventRef& act) {
                   begun->job.copy =
                       !storage::take_original(work.connection(), work.replica().identity(), act);
                   return begun->job.copy;
                 });
                 if (!draft) return fail(draft.error());
                 begun->act = draft->act;
                 auto page = lay_out_with_code(std::move(draft->receipt), draft->order_reference,
                                               desk.columns_of(printer));
                 if (!page) return fail(page.error());
                 begun->page = *std::move(page);
                 return Answer{counter_job_json(begun->job), 200};
               },
               [&desk = api.receipts, begun](const Answer&) {
                 desk.print(begun->job, begun->act, std::move(begun->page));
               }));
}

Result<HttpResponse> print_hand_over(const AgentApi& api, const HttpRequest& request,
                                     const Principal& principal) {
  const auto group = program::group_of(request);
  if (!group) return fail(group.error());
  return print(api, request, principal, CounterJob::What::kHandOver,
               [group = *group](UnitOfWork& work, const IsCopy& is_copy) {
                 return write_hand_over(work, group, is_copy);
               });
}

Result<HttpResponse> print_return(const AgentApi& api, const HttpRequest& request,
                                  const Principal& principal) {
  const auto id = Uuid::parse(request.parameter("return"));
  if (!id) return fail(id.error());
  return print(api, request, principal, CounterJob::What::kReturn,
               [id = ReturnId(*id)](UnitOfWork& work, const IsCopy& is_copy) {
                 return write_return(work, id, is_copy);
               });
}

Result<HttpResponse> open_drawer(const AgentApi& api, const HttpRequest& request,
                                 const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const std::string reason = in.text("reason", {1, 200});
  const auto wanted = in.optional_text("printer", {1, 40});
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto by = operator_of(api.readers, principal);
  if (!by) return fail(by.error());
  const auto printer = printer_of(api, "receipt_printer", by->station, wanted);
  if (!printer) return fail(printer.error());
  if (!api.board.status(*printer).settings.device.drawer) {
    return fail(ErrorCode::kNotFound, "no_drawer",
                fmt::format("receipt printer {} has no cash drawer; nothing was done", *printer));
  }
  auto job = std::make_shared<CounterJob>();  // shared: between the job and what follows its commit
  return when_ended(api,
                    api.commands.run(
                        request, principal,
                        [env = api.env, printer = *printer, job](UnitOfWork&) -> Result<Answer> {
                          *job = new_job(env, printer, CounterJob::What::kDrawer);
                          return Answer{counter_job_json(*job), 200};
                        },
                        [api, job, by = *by, reason](const Answer&) {
                          api.env.log.info("drawer_asked_for", {{"job", job->id},
                                                                {"printer", job->printer},
                                                                {"station", by.station},
                                                                {"user", by.user.value().text()},
                                                                {"reason", reason}});
                          api.receipts.open_drawer(*job);
                        }));
}

}  // namespace

std::vector<runtime::Route> receipt_routes(const AgentApi& api) {
  return {
      {"POST", "/api/v1/ship-groups/{group}/receipt", "pickups.hand_over",
       with(api, print_hand_over)},
      {"POST", "/api/v1/returns/{return}/receipt", "returns.take", with(api, print_return)},
      {"POST", "/api/v1/drawer/open", "drawer.open", with(api, open_drawer)},
  };
}

}  // namespace cairn::agent
