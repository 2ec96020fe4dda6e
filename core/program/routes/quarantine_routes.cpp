#include "core/program/routes/quarantine_routes.h"

#include "core/base/numbers.h"
#include "core/domain/registry.h"
#include "core/program/page.h"
#include "core/program/record_json.h"
#include "core/program/shapes.h"
#include "core/storage/quarantine.h"
#include "core/wire/record.h"

#include <fmt/format.h>

namespace cairn::program {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::QuarantineRow;

json::Value row_json(const QuarantineRow& row, std::size_t behind) {
  const auto record = wire::decode_record(row.record);
  const auto type = record ? domain::find_event_type(record->type) : std::nullopt;
  auto object = json::Value::object();
  object.set("node", row.ref.node.value().text())
      .set("inc", hex64(row.ref.inc.value()))
      .set("seq", row.ref.seq)
      .set("kind", row.kind)
      .set("reason", row.reason)
      .set("seen_at", row.seen_at.text())
      .set("site", row.site.text())
      .set("type", record ? record->type : 0);
  set_or_null(object, "event", type ? std::optional(std::string(type->name)) : std::nullopt);
  return object.set("key", to_hex(row.key)).set("behind", behind);
}

Result<HttpResponse> page(storage::ReadPool& readers, const HttpRequest& request) {
  const auto wanted = read_page(request, 2);
  if (!wanted) return fail(wanted.error());
  storage::QuarantinePage from;
  from.limit = wanted->limit + 1;
  if (!wanted->after.empty()) {
    const auto author = parse_signed(wanted->after[0]);
    const auto seq = parse_unsigned(wanted->after[1]);
    if (!author || !seq) return fail(ErrorCode::kInvalid, "bad_cursor", "the cursor was changed");
    from.after_author = *author;
    from.after_seq = *seq;
  }
  const auto body = readers.read([&from, &wanted](storage::Connection& connection) {
    auto rows = storage::quarantine(connection, from);
    const bool more = cut_page(rows, wanted->limit);
    auto items = json::Value::array();
    for (const QuarantineRow& row : rows) {
      items.add(row_json(row, storage::parked_behind(connection, row).size()));
    }
    std::vector<std::string> next;
    if (more) {
      next = {fmt::format("{}", rows.back().author), fmt::format("{}", rows.back().ref.seq)};
    }
    return write_page(std::move(items), next);
  });
  if (!body) return fail(body.error());
  return runtime::json_response(*body);
}

Result<EventRef> ref_of(const HttpRequest& request) {
  const auto node = Uuid::parse(request.parameter("node"));
  if (!node) return fail(node.error());
  const auto inc = from_hex(request.parameter("inc"));
  const auto seq = parse_unsigned(request.parameter("seq"));
  if (!inc || inc->size() != 8 || !seq || *seq == 0) {
    return fail(ErrorCode::kInvalid, "bad_record_name",
                "a record is named by its node, 16 hexadecimal digits of its incarnation and its "
                "number");
  }
  std::uint64_t value = 0;
  for (const char octet : *inc) value = (value << 8U) | static_cast<unsigned char>(octet);
  return EventRef{NodeId(*node), Incarnation(value), *seq};
}

Result<HttpResponse> one(storage::ReadPool& readers, const HttpRequest& request) {
  const auto ref = ref_of(request);
  if (!ref) return fail(ref.error());
  const auto body =
      readers.read([&ref](storage::Connection& connection) -> std::optional<json::Value> {
        const auto row = storage::quarantined(connection, *ref);
        if (!row) return std::nullopt;
        const auto waiting = storage::parked_behind(connection, *row);
        auto names = json::Value::array();
        for (const EventRef& behind : waiting) names.add(behind.text());
        auto object = row_json(*row, waiting.size());
        const EventRef before{ref->node, ref->inc, ref->seq - 1};
        const auto logged = storage::author_rows(connection, before, 1);
        return object.set("logged", record_json(logged.at(0))).set("waiting", std::move(names));
      });
  if (!body) return fail(body.error());
  if (!*body) {
    return fail(ErrorCode::kNotFound, "no_such_record", "no such record is in quarantine here");
  }
  return runtime::json_response(**body);
}

Result<HttpResponse> replay(Commands& commands, const ReplayQuarantine& replay_all,
                            const HttpRequest& request, const Principal& principal) {
  return commands.run(
      request, principal, [replay_all](storage::UnitOfWork& work) -> Result<Answer> {
        const std::size_t released = replay_all(work);
        auto body = json::Value::object();
        body.set("released", released).set("left", storage::quarantine_count(work.connection()));
        return Answer{std::move(body), 200};
      });
}

}  // namespace

std::vector<runtime::Route> quarantine_routes(storage::ReadPool& readers, Commands& commands,
                                              ReplayQuarantine replay_all) {
  return {
      {"GET", "/api/v1/quarantine", "log.read",
       [&readers](const HttpRequest& request, const Principal&) { return page(readers, request); }},
      {"GET", "/api/v1/quarantine/{node}/{inc}/{seq}", "log.read",
       [&readers](const HttpRequest& request, const Principal&) { return one(readers, request); }},
      {"POST", "/api/v1/quarantine/replays", "quarantine.replay",
       [&commands, replay_all = std::move(replay_all)](const HttpRequest& request,
                                                       const Principal& principal) {
         return replay(commands, replay_all, request, principal);
       }},
  };
}

}  // namespace cairn::program
