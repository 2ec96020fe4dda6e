// cairn log: what happened, record by record, and whether the log is what its authors wrote.

#include "tools/cairn/commands.h"
#include "tools/cairn/printing.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::tool {
namespace {

constexpr std::int64_t kRecordsPage = 500;
constexpr Duration kVerifyPatience = std::chrono::minutes(10);  // the whole log is read for it

/// A record for people.
Result<std::string> record_line(const ApiSession& api, const json::Value& item) {
  json::Reader in = read_answer(item);
  auto line = fmt::format("{} {} {}/{} {} {}", in.text("time", {1, 64}), in.text("node", {1, 64}),
                          in.text("inc", {1, 16}), in.integer("seq", 0, kAnyCount),
                          in.optional_text("event", {0, 64}).value_or("(unknown)"),
                          in.value("payload").dump());
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  return line;
}

}  // namespace

Result<int> log_show_command(ApiSession& api, const LogArguments& arguments) {
  std::string cursor;
  std::int64_t left = arguments.limit;
  do {
    const auto page_most = std::min(left, kRecordsPage);
    std::string path = fmt::format("/api/v1/log?limit={}", page_most);
    if (!arguments.node.empty()) path += "&node=" + escaped(arguments.node);
    if (!cursor.empty()) path += "&cursor=" + escaped(cursor);
    const auto body = api.get(path);
    if (!body) return fail(body.error());
    json::Reader page = read_answer(*body);
    const auto items = page.values("items", static_cast<std::size_t>(page_most));
    cursor = page.optional_text("next_cursor", {0, kAnyLength}).value_or("");
    if (auto ok = api.understood(page); !ok) return fail(ok.error());
    for (const json::Value& item : items) {
      const auto line = record_line(api, item);
      if (!line) return fail(line.error());
      print("{}\n", visible(arguments.json ? item.dump() : *line));
    }
    if (items.empty()) break;
    left -= std::ssize(items);
  } while (!cursor.empty() && left > 0 && can_print());
  if (!cursor.empty() && can_print()) remark("there are more; ask for them with --limit\n");
  return kDone;
}

Result<int> log_verify_command(ApiSession& api) {
  const auto body = api.get("/api/v1/log/verify", kVerifyPatience);
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  TextTable table({"author", "incarnation", ">records", "chain"});
  for (json::Reader& author : in.objects("authors", 100'000)) {
    const auto bad = author.optional_integer("first_bad_seq", 0, kAnyCount);
    std::string chain = "ok";
    if (!author.boolean("complete")) chain = "not kept here (only part of this author's log is)";
    if (bad) chain = fmt::format("BROKEN at record {}", *bad);
    table.add({author.text("node", {0, 64}), author.text("inc", {0, 16}),
               fmt::format("{}", author.integer("records", 0, kAnyCount)), chain});
  }
  const bool ok = in.boolean("ok");
  if (auto whole = api.understood(in); !whole) return fail(whole.error());
  print("{}{}\n", table.text(),
        ok ? "every chain is whole" : "the log was changed; see the records above");
  return ok ? kDone : kLook;
}

}  // namespace cairn::tool
