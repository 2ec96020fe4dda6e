#pragma once
// The command line of `cairn gs1`. Main thread.

#include "tools/cairn/gs1_commands.h"

#include <CLI/CLI.hpp>

#include <functional>

namespace cairn::tool {

struct Gs1Options {
  Gs1ParseArguments parse;
  Gs1LinkArguments link;
  Gs1MeasureArguments measure;
};

/// Adds the commands; the one that is called becomes `chosen` and keeps pointing at `options`.
void add_gs1(CLI::App& app, std::function<Result<int>()>& chosen, Gs1Options& options);

}  // namespace cairn::tool
