// cairn backup: second copies of the hub's database.

#include "tools/cairn/commands.h"
#include "tools/cairn/printing.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

#include <thread>

namespace cairn::tool {
namespace {

constexpr auto kAskEvery = std::chrono::milliseconds(200);
constexpr std::size_t kCopiesMost = 10'000;

struct Backups {
  bool running = false;
  std::string problem;
  std::string warning;
  std::string newest;  ///< file; empty: there is none
  TextTable table{{"copy", ">MiB", "made"}};
};

Result<Backups> read_backups(const ApiSession& api, const json::Value& body) {
  json::Reader in = read_answer(body);
  Backups backups;
  backups.running = in.boolean("running");
  backups.problem = in.text("problem", {0, kAnyLength});
  backups.warning = in.text("warning", {0, kAnyLength});
  for (json::Reader& item : in.objects("items", kCopiesMost)) {
    const auto file = item.text("file", {1, 255});
    if (backups.newest.empty()) backups.newest = file;
    const auto mib = static_cast<double>(item.integer("bytes", 0, kAnyCount)) / (1 << 20);
    backups.table.add({file, fmt::format("{:.1f}", mib), item.text("made_at", {1, 64})});
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  return backups;
}

Result<Backups> ask(ApiSession& api) {
  const auto body = api.get("/api/v1/backups");
  if (!body) return fail(body.error());
  return read_backups(api, *body);
}

}  // namespace

Result<int> backup_now_command(ApiSession& api) {
  const auto begun = api.post("/api/v1/backups", json::Value::object());
  if (!begun) return fail(begun.error());
  auto backups = read_backups(api, *begun);
  while (backups && backups->running) {
    std::this_thread::sleep_for(kAskEvery);
    backups = ask(api);
  }
  if (!backups) return fail(backups.error());
  if (!backups->problem.empty()) {
    return fail(ErrorCode::kUnavailable, "backup_failed", backups->problem);
  }
  print("{}\n", visible(backups->newest));
  return kDone;
}

Result<int> backup_list_command(ApiSession& api) {
  const auto backups = ask(api);
  if (!backups) return fail(backups.error());
  if (!backups->table.empty()) print("{}", backups->table.text());
  if (backups->running) print("another one is being made\n");
  if (backups->warning.empty()) return kDone;
  print("{}\n", sentence(backups->warning));
  return kLook;
}

}  // namespace cairn::tool
