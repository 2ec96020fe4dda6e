#pragma once

#include <cstdint>
#include <string>

namespace cairn::bench {

/// Makes the data directory of a device that has been without its hub for long: `events` records of
/// its own, none of them acknowledged.
void make_backlog(const std::string& data_dir, const std::string& node, const std::string& site,
                  std::uint64_t events);

}  // namespace cairn::bench
