#pragma once
// The pages that a program serves, from its configuration or from where it is installed. A program
// without pages does everything else. Main thread, at start.

#include "core/base/log.h"
#include "core/runtime/static_files.h"

#include <memory>
#include <string>
#include <string_view>

namespace cairn::program {

struct Pages {
  std::string home;  ///< the folder of the program's own page: "handheld", "hq"
  std::shared_ptr<const runtime::StaticFiles> files;  ///< null: none

  /// Names this build; empty: there are no pages.
  [[nodiscard]] std::string build() const { return files ? files->build() : std::string(); }
};

/// `configured`: the folder of [ui] dir, or empty. Says in the log where the pages come from.
/// Errors: those of runtime::StaticFiles::load(); kInvalid "bad_pages_dir" for a configured folder
/// without the program's own page.
Result<Pages> load_pages(const std::string& configured, std::string_view home, Log& log);

}  // namespace cairn::program
