#include "core/program/pages.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::program {
namespace {

/// The simulator's page and what draws labels on it: megabytes that no shop needs.
constexpr std::string_view kBench = "bench";

Pages no_pages(std::string_view home, Log& log) {
  log.info("no_pages", {{"hint", "build the target cairn_pages or set [ui] dir"}});
  return {std::string(home), nullptr};
}

}  // namespace

Result<Pages> load_pages(const std::string& configured, std::string_view home, Log& log) {
  const auto installed = configured.empty() ? runtime::installed_pages() : std::nullopt;
  if (configured.empty() && !installed) return no_pages(home, log);
  const std::string folder = installed ? installed->string() : configured;
  auto files = runtime::StaticFiles::load(folder, runtime::StaticFiles::kOctetsMost, kBench);
  if (!files) return fail(files.error());
  const std::string page = fmt::format("{}/index.html", home);
  if (!files->has(page) && installed) return no_pages(home, log);  // the build has not been there
  if (!files->has(page)) {
    return fail(ErrorCode::kInvalid, "bad_pages_dir",
                fmt::format("cannot serve the pages in {}: there is no {}; [ui] dir must be the "
                            "folder that the build of the pages writes",
                            folder, page));
  }
  log.info("pages", {{"dir", folder},
                     {"from", installed ? "default" : "[ui] dir"},
                     {"files", fmt::format("{}", files->count())},
                     {"octets", fmt::format("{}", files->octets())},
                     {"build", files->build()}});
  return Pages{std::string(home), std::make_shared<const runtime::StaticFiles>(std::move(*files))};
}

}  // namespace cairn::program
