#pragma once
// "cairn-sim provider": plays a payment provider until a signal comes.

namespace cairn::simulator {

/// `argv[0]` is "provider". Returns the exit status: 2 for a wrong command line.
int run_provider_command(int argc, const char* const* argv);

}  // namespace cairn::simulator
