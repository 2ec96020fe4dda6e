// cairn import: sends the file, shows how far it is, lists every row that needs a look.

#include "tools/cairn/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <thread>

namespace cairn::tool {
namespace {

constexpr std::int64_t kMost = INT64_MAX;
constexpr auto kLookEvery = std::chrono::milliseconds(100);
constexpr std::size_t kBarWidth = 40;
constexpr std::size_t kTextMost = 1U << 16U;

struct Figures {
  std::string id;
  std::string state;
  std::string message;
  std::int64_t total = 0;
  std::int64_t done = 0;
  std::int64_t created = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t rejected = 0;
  std::int64_t without_effect = 0;
};

Figures read_figures(const json::Value& body) {
  json::Reader in(body);
  return {in.text("import", {1, 64}),         in.text("state", {1, 16}),
          in.text("message", {0, kTextMost}), in.integer("rows_total", 0, kMost),
          in.integer("rows_done", 0, kMost),  in.integer("created", 0, kMost),
          in.integer("changed", 0, kMost),    in.integer("unchanged", 0, kMost),
          in.integer("rejected", 0, kMost),   in.integer("without_effect", 0, kMost)};
}

/// On a terminal a bar that fills; elsewhere (a script, a log) nothing until the end.
class ProgressBar {
 public:
  void show(std::int64_t done, std::int64_t total) {
    if (!terminal_ || total == 0) return;
    const auto filled =
        static_cast<std::size_t>(done) * kBarWidth / static_cast<std::size_t>(total);
    fmt::print(stderr, "\r[{:=<{}}{: <{}}] {}/{} rows", "", filled, "", kBarWidth - filled, done,
               total);
    std::fflush(stderr);
    shown_ = true;
  }
  void finish() const {
    if (shown_) fmt::print(stderr, "\n");
  }

 private:
  bool terminal_ = isatty(STDERR_FILENO) == 1;
  bool shown_ = false;
};

Result<Figures> watch(ApiSession& api, Figures figures) {
  ProgressBar bar;
  while (figures.state == "running") {
    bar.show(figures.done, figures.total);
    std::this_thread::sleep_for(kLookEvery);
    const auto body = api.get("/api/v1/imports/" + figures.id);
    if (!body) return fail(body.error());
    figures = read_figures(*body);
  }
  bar.show(figures.done, figures.total);
  bar.finish();
  return figures;
}

Result<> print_problems(ApiSession& api, const Figures& figures, const std::string& file) {
  std::string cursor;
  do {
    const std::string query = cursor.empty() ? "" : "&cursor=" + escaped(cursor);
    const auto body =
        api.get(fmt::format("/api/v1/imports/{}/problems?limit=1000{}", figures.id, query));
    if (!body) return fail(body.error());
    json::Reader page(*body);
    for (json::Reader& row : page.objects("items", 1000)) {
      fmt::print("{}:{}: {}: {} ({})\n", file, row.integer("line", 0, kMost),
                 row.text("outcome", {1, 32}), row.text("message", {0, kTextMost}),
                 row.text("reason", {0, 64}));
    }
    cursor = page.optional_text("next_cursor", {0, 256}).value_or("");
  } while (!cursor.empty());
  return {};
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(ErrorCode::kNotFound, "no_file", fmt::format("{} cannot be read", path));
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

Result<int> import_command(ApiSession& api, const ImportArguments& arguments) {
  const auto csv = read_file(arguments.file);
  if (!csv) return fail(csv.error());
  const auto begun = api.post_csv(
      fmt::format("/api/v1/imports/{}?dry_run={}&recount={}&channel={}", arguments.kind,
                  arguments.dry_run, arguments.recount, escaped(arguments.channel)),
      *csv);
  if (!begun) return fail(begun.error());
  const auto figures = watch(api, read_figures(*begun));
  if (!figures) {
    return fail(figures.error().with_context(
        "the import may still be running; importing the file again is safe"));
  }
  if (auto ok = print_problems(api, *figures, arguments.file); !ok) return fail(ok.error());
  fmt::print(
      "{}{} of {} rows: {} created, {} changed, {} unchanged, {} rejected, {} without effect\n",
      arguments.dry_run ? "dry run, nothing was changed: " : "", figures->done, figures->total,
      figures->created, figures->changed, figures->unchanged, figures->rejected,
      figures->without_effect);
  if (figures->state == "failed") {
    return fail(ErrorCode::kUnavailable, "import_failed", figures->message);
  }
  return figures->rejected > 0 ? kLook : kDone;
}

}  // namespace cairn::tool
