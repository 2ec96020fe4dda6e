// cairn log: what happened, record by record, and whether the log is what its authors wrote.

#include "tools/cairn/commands.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace cairn::tool {
namespace {

constexpr std::int64_t kMost = INT64_MAX;
constexpr std::size_t kTextMost = 16U << 20U;
constexpr std::size_t kPage = 500;

void print_record(const json::Value& item) {
  json::Reader in(item);
  fmt::print("{} {} {}/{} {} {}\n", in.text("time", {0, 64}), in.text("node", {0, 64}),
             in.text("inc", {0, 16}), in.integer("seq", 0, kMost),
             in.optional_text("event", {0, 64}).value_or("(unknown)"), in.value("payload").dump());
}

}  // namespace

Result<int> log_show_command(ApiSession& api, const LogArguments& arguments) {
  std::string cursor;
  std::size_t left = arguments.limit;
  do {
    std::string path = fmt::format("/api/v1/log?limit={}", std::min(left, kPage));
    if (!arguments.node.empty()) path += "&node=" + escaped(arguments.node);
    if (!cursor.empty()) path += "&cursor=" + escaped(cursor);
    const auto body = api.get(path);
    if (!body) return fail(body.error());
    json::Reader page(*body);
    for (const json::Value& item : page.values("items", kPage)) {
      if (arguments.json) {
        fmt::print("{}\n", item.dump());
      } else {
        print_record(item);
      }
      --left;
    }
    cursor = page.optional_text("next_cursor", {0, kTextMost}).value_or("");
  } while (!cursor.empty() && left > 0);
  if (!cursor.empty()) fmt::print(stderr, "there are more; ask for them with --limit\n");
  return kDone;
}

Result<int> log_verify_command(ApiSession& api) {
  const auto body = api.get("/api/v1/log/verify");
  if (!body) return fail(body.error());
  json::Reader in(*body);
  TextTable table({"author", "incarnation", ">records", "chain"});
  for (json::Reader& author : in.objects("authors", 100'000)) {
    const auto bad = author.optional_integer("first_bad_seq", 0, kMost);
    std::string chain = "ok";
    if (!author.boolean("complete")) chain = "not kept here (only part of this author's log is)";
    if (bad) chain = fmt::format("BROKEN at record {}", *bad);
    table.add({author.text("node", {0, 64}), author.text("inc", {0, 16}),
               fmt::format("{}", author.integer("records", 0, kMost)), chain});
  }
  fmt::print("{}", table.text());
  const bool ok = in.boolean("ok");
  fmt::print("{}\n", ok ? "every chain is whole" : "the log was changed; see the records above");
  return ok ? kDone : kLook;
}

}  // namespace cairn::tool
