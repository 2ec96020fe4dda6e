#pragma once
// Who has a device file open. Programs that were killed say nothing, and umockdev does not tell.
// Any thread.

#include <string>

namespace cairn::simulator {

/// How many times programs other than this one have it open.
int openers_of(const std::string& file);

}  // namespace cairn::simulator
