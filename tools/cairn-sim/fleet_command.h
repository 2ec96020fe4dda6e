#pragma once
// "cairn-sim fleet": reads its arguments and plays it.

namespace cairn::simulator {

/// Returns the exit code: 0 played to its end, 1 not, 2 the arguments are wrong.
int run_fleet_command(int argc, const char* const* argv);

}  // namespace cairn::simulator
