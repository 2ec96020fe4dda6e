#include "core/storage/station_modes.h"

#include "core/base/assert.h"
#include "core/base/utf8.h"
#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace cairn::storage {
namespace {

constexpr std::array<std::pair<StationMode, std::string_view>, 3> kNames{{
    {StationMode::kPick, "PICK"},
    {StationMode::kPutBack, "PUT_BACK"},
    {StationMode::kReturn, "RETURN"},
}};

}  // namespace

std::string_view name_of(StationMode mode) {
  for (const auto& [value, name] : kNames) {
    if (value == mode) return name;
  }
  return "";
}

Result<StationMode> parse_station_mode(std::string_view text) {
  for (const auto& [value, name] : kNames) {
    if (name == text) return value;
  }
  return fail(
      ErrorCode::kInvalid, "bad_mode",
      fmt::format("\"{}\" is no mode of a station; known: PICK, PUT_BACK, RETURN", excerpt(text)));
}

void set_station_mode(Connection& writer, const std::string& station, StationMode mode) {
  if (mode == StationMode::kPick) {
    writer.prepare("DELETE FROM station_mode WHERE station = ?1").bind(station).run();
    return;
  }
  writer.prepare("INSERT OR REPLACE INTO station_mode (station, mode) VALUES (?1, ?2)")
      .bind(station, name_of(mode))
      .run();
}

StationMode station_mode(Connection& connection, const std::string& station) {
  Statement& select = connection.prepare("SELECT mode FROM station_mode WHERE station = ?1");
  if (!select.bind(station).step()) return StationMode::kPick;
  const auto mode = parse_station_mode(select.text(0));
  select.reset();
  CAIRN_ASSERT(mode.has_value(), "stored modes are known");
  return *mode;
}

}  // namespace cairn::storage
