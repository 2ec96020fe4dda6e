#include "core/storage/own_incarnations.h"

#include "core/storage/identity.h"
#include "core/storage/sqlite/statement.h"

#include <array>

namespace cairn::storage {
namespace {

constexpr std::array<std::string_view, 3> kBeginnings = {"FIRST", "RESTORED", "FORKED"};

Beginning beginning_from(std::string_view name) {
  for (std::size_t i = 0; i < kBeginnings.size(); ++i) {
    if (kBeginnings[i] == name) return static_cast<Beginning>(i);
  }
  return Beginning::kFirst;
}

}  // namespace

std::string_view name_of(Beginning why) { return kBeginnings[static_cast<std::size_t>(why)]; }

std::vector<OwnIncarnation> own_incarnations(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT inc, why, acked, settled, begun_utc_us FROM own_incarnation ORDER BY place");
  std::vector<OwnIncarnation> all;
  select.bind();
  while (select.step()) {
    all.push_back({Incarnation(select.unsigned_integer(0)), beginning_from(select.text(1)),
                   select.unsigned_integer(2), select.integer(3) != 0, UtcTime{select.integer(4)}});
  }
  return all;
}

void begin_incarnation(Connection& writer, Incarnation fresh, Beginning why, UtcTime now) {
  writer
      .prepare(
          "INSERT INTO own_incarnation (place, inc, why, begun_utc_us)"
          " SELECT coalesce(max(place), 0) + 1, ?1, ?2, ?3 FROM own_incarnation")
      .bind(fresh.value(), name_of(why), now.us)
      .run();
  save_number(writer, "inc", fresh.value());
}

void adopt_incarnation(Connection& writer, Incarnation earlier, UtcTime now) {
  writer.prepare("UPDATE own_incarnation SET settled = 0 WHERE inc = ?1")
      .bind(earlier.value())
      .run();
  if (writer.changes() != 0) return;
  writer
      .prepare(
          "UPDATE own_incarnation SET place = place + 1"
          " WHERE place = (SELECT max(place) FROM own_incarnation)")
      .bind()
      .run();
  writer
      .prepare(
          "INSERT INTO own_incarnation (place, inc, why, begun_utc_us)"
          " SELECT max(place) - 1, ?1, ?2, ?3 FROM own_incarnation")
      .bind(earlier.value(), name_of(Beginning::kRestored), now.us)
      .run();
}

void save_acked(Connection& writer, Incarnation inc, std::uint64_t acked) {
  writer.prepare("UPDATE own_incarnation SET acked = max(acked, ?2) WHERE inc = ?1")
      .bind(inc.value(), acked)
      .run();
}

void settle_incarnation(Connection& writer, Incarnation inc) {
  writer.prepare("UPDATE own_incarnation SET settled = 1 WHERE inc = ?1").bind(inc.value()).run();
}

void unsettle_incarnations(Connection& writer) {
  writer.execute("UPDATE own_incarnation SET settled = 0");
}

}  // namespace cairn::storage
