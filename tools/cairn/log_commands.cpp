// cairn log: what happened, record by record, and whether the log is what its authors wrote.

#include "core/base/ids.h"
#include "core/storage/data_dir.h"
#include "core/storage/log_reader.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/printing.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

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

namespace {

/// One author's line of a verification.
struct Verified {
  std::string node;
  std::string inc;
  std::uint64_t records = 0;
  bool complete = true;
  std::optional<std::uint64_t> first_bad_seq;
};

int print_verified(const std::vector<Verified>& authors) {
  TextTable table({"author", "incarnation", ">records", "chain"});
  bool ok = true;
  for (const Verified& author : authors) {
    std::string chain = "ok";
    if (!author.complete) chain = "not kept here (only part of this author's log is)";
    if (author.first_bad_seq) chain = fmt::format("BROKEN at record {}", *author.first_bad_seq);
    ok = ok && !author.first_bad_seq;
    table.add({author.node, author.inc, fmt::format("{}", author.records), chain});
  }
  print("{}{}\n", table.text(),
        ok ? "every chain is whole" : "the log was changed; see the records above");
  return ok ? kDone : kLook;
}

}  // namespace

Result<int> log_verify_command(ApiSession& api) {
  const auto body = api.get("/api/v1/log/verify", kVerifyPatience);
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  std::vector<Verified> authors;
  for (json::Reader& author : in.objects("authors", 100'000)) {
    Verified found{author.text("node", {0, 64}), author.text("inc", {0, 16}),
                   static_cast<std::uint64_t>(author.integer("records", 0, kAnyCount)),
                   author.boolean("complete"), std::nullopt};
    if (const auto bad = author.optional_integer("first_bad_seq", 0, kAnyCount)) {
      found.first_bad_seq = static_cast<std::uint64_t>(*bad);
    }
    authors.push_back(std::move(found));
  }
  if (auto whole = api.understood(in); !whole) return fail(whole.error());
  return print_verified(authors);
}

std::string folded_line(json::Reader& folded) {
  const auto records = folded.integer("records", 0, kAnyCount);
  const auto bytes = folded.integer("bytes", 0, kAnyCount);
  const auto packed = folded.integer("packed_bytes", 0, kAnyCount);
  return fmt::format("folded: {} old records of {} KiB in {} KiB", records, bytes / 1024,
                     packed / 1024);
}

Result<int> log_fold_command(ApiSession& api, const FoldArguments& arguments) {
  auto wanted = json::Value::object();
  wanted.set("older_than_days", arguments.older_than_days);
  const auto body = api.post("/api/v1/log/folds", wanted);
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  const std::string before = folded_line(in);
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("begun, in the background; `cairn sync status` tells how far it is. Before it, {}\n",
        before);
  return kDone;
}

Result<int> log_verify_offline_command(const std::string& data_dir) {
  const auto directory = storage::DataDir::open_existing(data_dir);
  if (!directory) return fail(directory.error());
  auto connection = storage::Connection::open_reader(directory->database());
  if (!connection) return fail(connection.error());
  std::vector<Verified> authors;
  try {
    for (const storage::AuthorVerification& author : storage::verify_log(*connection)) {
      authors.push_back({author.node.value().text(), hex64(author.inc.value()), author.records,
                         author.complete, author.first_bad_seq});
    }
  } catch (const storage::SqlFailure& failure) {
    return fail(failure.error());
  }
  return print_verified(authors);
}

}  // namespace cairn::tool
