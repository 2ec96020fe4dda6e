#include "core/program/routes/fold_routes.h"

#include "core/json/reader.h"
#include "core/runtime/call.h"

namespace cairn::program {
namespace {

constexpr Duration kFoldDeadline = std::chrono::seconds(5);
constexpr std::int64_t kDaysMost = 3650;

Result<runtime::HttpResponse> fold_now(Executor& executor, LogFold& fold,
                                       storage::ReadPool& readers,
                                       const runtime::HttpRequest& request) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const std::int64_t days = in.integer("older_than_days", 0, kDaysMost);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto begun = runtime::call<bool>(executor, kFoldDeadline, [&fold, days]() -> Result<bool> {
    fold.begin(std::chrono::hours(24 * days));
    return true;
  });
  if (!begun) return fail(begun.error());
  const auto totals = readers.read(storage::folded_totals);
  if (!totals) return fail(totals.error());
  return runtime::json_response(folded_json(*totals), 202);
}

}  // namespace

json::Value folded_json(const storage::FoldedTotals& totals) {
  auto folded = json::Value::object();
  return folded.set("segments", totals.segments)
      .set("records", totals.records)
      .set("bytes", totals.octets)
      .set("packed_bytes", totals.packed);
}

std::vector<runtime::Route> fold_routes(Executor& executor, LogFold& fold,
                                        storage::ReadPool& readers) {
  return {{"POST", "/api/v1/log/folds", "log.fold",
           [&executor, &fold, &readers](const runtime::HttpRequest& request,
                                        const runtime::Principal&) {
             return fold_now(executor, fold, readers, request);
           }}};
}

}  // namespace cairn::program
