#pragma once

#include <cstdint>
#include <string>

namespace cairn::bench {

/// Confirms units of pick tasks one after the other on the loop, then from sixteen threads at a
/// time; in turns with the same rows written by the barest means. `folder`: empty, on the disk to
/// be measured.
void commit_probe(const std::string& folder, std::uint64_t rounds);

}  // namespace cairn::bench
