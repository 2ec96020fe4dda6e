#pragma once
// What a station does with a scan: picking, or something else that somebody switched on. Local:
// never replicated, but kept over a restart. Inside a job; errors as in sqlite/connection.h.

#include "core/base/result.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::storage {

enum class StationMode : std::uint8_t {
  kPick,     ///< a scan takes a unit of the claimed task
  kPutBack,  ///< a scan puts a unit back into its bin
  kReturn,   ///< a scan finds what is brought back, then takes units of it
};

/// "PICK", "PUT_BACK", "RETURN".
std::string_view name_of(StationMode mode);
/// Errors: kInvalid "bad_mode".
Result<StationMode> parse_station_mode(std::string_view text);

void set_station_mode(Connection& writer, const std::string& station, StationMode mode);
/// kPick for a station nobody has set. Any connection.
StationMode station_mode(Connection& connection, const std::string& station);

}  // namespace cairn::storage
