#include "core/program/routes/log_routes.h"

#include "core/base/numbers.h"
#include "core/program/page.h"
#include "core/program/record_json.h"
#include "core/storage/log_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::program {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

Result<storage::LogPage> read_log_page(const HttpRequest& request) {
  const auto page = read_page(request, 2);
  if (!page) return fail(page.error());
  storage::LogPage wanted;
  wanted.limit = page->limit;
  if (const auto node = request.query_value("node")) {
    const auto uuid = Uuid::parse(*node);
    if (!uuid) return fail(uuid.error());
    wanted.node = NodeId(*uuid);
  }
  if (!page->after.empty()) {
    const auto author = parse_signed(page->after[0]);
    const auto seq = parse_unsigned(page->after[1]);
    if (!author || !seq) return fail(ErrorCode::kInvalid, "bad_cursor", "the cursor was changed");
    wanted.after_author = *author;
    wanted.after_seq = *seq;
  }
  return wanted;
}

Result<HttpResponse> log_page(storage::ReadPool& readers, const HttpRequest& request) {
  const auto wanted = read_log_page(request);
  if (!wanted) return fail(wanted.error());
  auto rows = readers.read([&wanted](storage::Connection& connection) {
    storage::LogPage one_more = *wanted;
    ++one_more.limit;
    return storage::log_rows(connection, one_more);
  });
  if (!rows) return fail(rows.error());
  const bool more = cut_page(*rows, wanted->limit);
  auto items = json::Value::array();
  for (const storage::LogRow& row : *rows) items.add(record_json(row));
  std::vector<std::string> next;
  if (more) {
    next = {fmt::format("{}", rows->back().author), fmt::format("{}", rows->back().ref.seq)};
  }
  return runtime::json_response(write_page(std::move(items), next));
}

Result<HttpResponse> verification(storage::ReadPool& readers) {
  const auto authors = readers.read(storage::verify_log);
  if (!authors) return fail(authors.error());
  auto list = json::Value::array();
  for (const storage::AuthorVerification& author : *authors) {
    auto object = json::Value::object();
    object.set("node", author.node.value().text())
        .set("inc", hex64(author.inc.value()))
        .set("records", author.records)
        .set("head", author.head)
        .set("complete", author.complete)
        .set("ok", !author.first_bad_seq.has_value());
    if (author.first_bad_seq) {
      object.set("first_bad_seq", *author.first_bad_seq);
    } else {
      object.set_null("first_bad_seq");
    }
    list.add(std::move(object));
  }
  const bool ok = std::ranges::none_of(
      *authors, [](const storage::AuthorVerification& a) { return a.first_bad_seq.has_value(); });
  auto body = json::Value::object();
  body.set("ok", ok).set("authors", std::move(list));
  return runtime::json_response(body);
}

}  // namespace

std::vector<runtime::Route> log_routes(storage::ReadPool& readers) {
  return {
      {"GET", "/api/v1/log", "log.read",
       [&readers](const HttpRequest& request, const Principal&) {
         return log_page(readers, request);
       }},
      {"GET", "/api/v1/log/verify", "log.read",
       [&readers](const HttpRequest&, const Principal&) { return verification(readers); }},
  };
}

}  // namespace cairn::program
