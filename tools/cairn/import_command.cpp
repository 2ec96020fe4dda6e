// cairn import: sends the file, shows how far it is, lists every row that needs a look.

#include "core/runtime/unique_fd.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/printing.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

namespace cairn::tool {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(100);
constexpr std::size_t kBarWidth = 40;
constexpr std::size_t kProblemsPage = 1000;
constexpr std::size_t kFileMost = 64U << 20U;  // docs/imports.md, the file
// The hub reads the whole file before it answers.
constexpr Duration kUploadPatience = std::chrono::minutes(2);

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

Result<Figures> read_figures(const ApiSession& api, const json::Value& body) {
  json::Reader in = read_answer(body);
  Figures figures{in.text("import", {1, 64}),
                  in.text("state", {1, 16}),
                  in.text("message", {0, kAnyLength}),
                  in.integer("rows_total", 0, kAnyCount),
                  in.integer("rows_done", 0, kAnyCount),
                  in.integer("created", 0, kAnyCount),
                  in.integer("changed", 0, kAnyCount),
                  in.integer("unchanged", 0, kAnyCount),
                  in.integer("rejected", 0, kAnyCount),
                  in.integer("without_effect", 0, kAnyCount)};
  if (figures.state != "running" && figures.state != "done" && figures.state != "failed") {
    in.problem("state", "must be running, done or failed");
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  return figures;
}

/// On a terminal a bar that fills; elsewhere (a script, a log) nothing until the end.
class ProgressBar {
 public:
  void show(std::int64_t done, std::int64_t total) {
    if (!terminal_ || total == 0) return;
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto filled = static_cast<std::size_t>(part * kBarWidth);
    remark("\r[{:=<{}}{: <{}}] {}/{} rows", "", filled, "", kBarWidth - filled, done, total);
    shown_ = true;
  }
  void finish() const {
    if (shown_) remark("\n");
  }

 private:
  bool terminal_ = isatty(STDERR_FILENO) == 1;
  bool shown_ = false;
};

Result<Figures> watch(ApiSession& api, const Figures& begun) {
  Figures figures = begun;
  ProgressBar bar;
  while (figures.state == "running") {
    bar.show(figures.done, figures.total);
    std::this_thread::sleep_for(kLookEvery);
    const auto body = api.get("/api/v1/imports/" + escaped(figures.id));
    if (!body) return fail(body.error());
    auto next = read_figures(api, *body);
    if (!next) return fail(next.error());
    figures = *std::move(next);
  }
  bar.show(figures.done, figures.total);
  bar.finish();
  return figures;
}

Result<> print_problems(ApiSession& api, const Figures& figures, const std::string& file) {
  std::string cursor;
  do {
    const std::string query = cursor.empty() ? "" : "&cursor=" + escaped(cursor);
    const auto body = api.get(fmt::format("/api/v1/imports/{}/problems?limit={}{}",
                                          escaped(figures.id), kProblemsPage, query));
    if (!body) return fail(body.error());
    json::Reader page = read_answer(*body);
    std::string lines;
    for (json::Reader& row : page.objects("items", kProblemsPage)) {
      lines += fmt::format("{}:{}: {}: {} ({})\n", visible(file), row.integer("line", 0, kAnyCount),
                           visible(row.text("outcome", {1, 32})),
                           sentence(row.text("message", {0, kAnyLength})),
                           visible(row.text("reason", {0, 64})));
    }
    cursor = page.optional_text("next_cursor", {0, 256}).value_or("");
    if (auto ok = api.understood(page); !ok) return fail(ok.error());
    print_text(lines);
    if (lines.empty()) break;
  } while (!cursor.empty() && can_print());
  return {};
}

/// The file, or as much of a pipe as there is until it is closed.
Result<std::string> read_file(const std::string& path) {
  const auto unreadable = [&path](const std::string& why) {
    return fail(ErrorCode::kNotFound, "no_file", fmt::format("{} cannot be read{}", path, why));
  };
  const runtime::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about{};
  if (!file.valid() || ::fstat(file.get(), &about) != 0) return unreadable("");
  if (S_ISDIR(about.st_mode)) return unreadable(": it is a folder");
  std::string content;
  std::array<char, 65536> part{};
  while (content.size() <= kFileMost) {
    const auto got = ::read(file.get(), part.data(), part.size());
    if (got == 0) return content;
    if (got > 0) content.append(part.data(), static_cast<std::size_t>(got));
    if (got < 0 && errno != EINTR) return unreadable(": " + std::generic_category().message(errno));
  }
  return fail(
      ErrorCode::kInvalid, "file_too_long",
      fmt::format("{} is longer than 64 MiB, which is the most at once: cut it into several "
                  "files, each with the line of column names",
                  path));
}

}  // namespace

Result<int> import_command(ApiSession& api, const ImportArguments& arguments) {
  const auto csv = read_file(arguments.file);
  if (!csv) return fail(csv.error());
  const auto begun = api.post_csv(
      fmt::format("/api/v1/imports/{}?dry_run={}&recount={}&channel={}", arguments.kind,
                  arguments.dry_run, arguments.recount, escaped(arguments.channel)),
      *csv, kUploadPatience);
  if (!begun) return fail(begun.error());
  const auto first = read_figures(api, *begun);
  if (!first) return fail(first.error());
  const auto figures = watch(api, *first);
  if (!figures) {
    return fail(figures.error().with_context(
        "the import may still be running; importing the file again is safe"));
  }
  if (auto ok = print_problems(api, *figures, arguments.file); !ok) return fail(ok.error());
  print("{}{} of {} rows: {} created, {} changed, {} unchanged, {} rejected, {} without effect\n",
        arguments.dry_run ? "dry run, nothing was changed: " : "", figures->done, figures->total,
        figures->created, figures->changed, figures->unchanged, figures->rejected,
        figures->without_effect);
  if (figures->state == "failed") {
    return fail(ErrorCode::kUnavailable, "import_failed", figures->message);
  }
  return figures->rejected > 0 ? kLook : kDone;
}

}  // namespace cairn::tool
