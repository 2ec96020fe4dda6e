#include "core/storage/generations.h"

#include "core/storage/identity.h"
#include "core/storage/sqlite/statement.h"

#include <algorithm>
#include <array>
#include <optional>

namespace cairn::storage {
namespace {

constexpr std::array<std::string_view, 3> kNoticed = {"", "GUARD", "NODE"};

/// Generations a site remembers of a feed; beyond them it fetches it from the beginning.
constexpr int kPastMost = 64;

Noticed noticed_from(std::string_view name) {
  const auto found = std::ranges::find(kNoticed, name);
  return found == kNoticed.end() ? Noticed::kNot : static_cast<Noticed>(found - kNoticed.begin());
}

/// Where the feed stood when the generation after `gen` began; `head` if there is none after it;
/// nothing if `gen` is not of this hub's past.
std::optional<std::uint64_t> end_of(Connection& connection, const std::string& feed,
                                    HubGeneration gen, std::uint64_t head) {
  Statement& place = connection.prepare(
      "SELECT place, (SELECT max(place) FROM hub_generation) FROM"
      " hub_generation WHERE gen = ?1");
  if (!place.bind(gen.value()).step()) return std::nullopt;
  const std::int64_t at = place.integer(0);
  const bool last = at == place.integer(1);
  place.reset();
  if (last) return head;
  Statement& base = connection.prepare(
      "SELECT head FROM hub_feed_base WHERE feed = ?1 AND place <= ?2 ORDER BY place DESC LIMIT 1");
  const std::uint64_t end = base.bind(feed, at + 1).step() ? base.unsigned_integer(0) : 0;
  base.reset();
  return end;
}

}  // namespace

std::string_view name_of(Noticed noticed) { return kNoticed[static_cast<std::size_t>(noticed)]; }

std::vector<Generation> generations(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT gen, begun_utc_us, noticed, given_back FROM hub_generation ORDER BY place");
  select.bind();
  std::vector<Generation> all;
  while (select.step()) {
    all.push_back({HubGeneration(select.unsigned_integer(0)), UtcTime{select.integer(1)},
                   noticed_from(select.text(2)), select.unsigned_integer(3)});
  }
  return all;
}

bool was_put_back(Connection& connection) {
  Statement& select =
      connection.prepare("SELECT 1 FROM hub_generation WHERE noticed <> '' LIMIT 1");
  const bool found = select.bind().step();
  select.reset();
  return found;
}

void begin_generation(Connection& writer, HubGeneration fresh, Noticed noticed, UtcTime now) {
  writer
      .prepare(
          "INSERT INTO hub_generation (place, gen, begun_utc_us, noticed)"
          " SELECT coalesce(max(place), 0) + 1, ?1, ?2, ?3 FROM hub_generation")
      .bind(fresh.value(), now.us, name_of(noticed))
      .run();
  writer.execute(
      "INSERT INTO hub_feed_base (feed, place, head)"
      " SELECT f.name, (SELECT max(place) FROM hub_generation), f.head FROM feed f"
      " WHERE f.head > coalesce((SELECT max(b.head) FROM hub_feed_base b WHERE b.feed = f.name), "
      "0)");
  writer.prepare("UPDATE feed SET hub_gen = ?1").bind(fresh.value()).run();
  save_number(writer, "inc", fresh.value());
}

void note_put_back(Connection& writer, HubGeneration gen, Noticed noticed) {
  writer.prepare("UPDATE hub_generation SET noticed = ?2 WHERE gen = ?1 AND noticed = ''")
      .bind(gen.value(), name_of(noticed))
      .run();
}

void count_given_back(Connection& writer, HubGeneration gen, std::uint64_t records) {
  writer.prepare("UPDATE hub_generation SET given_back = given_back + ?2 WHERE gen = ?1")
      .bind(gen.value(), records)
      .run();
}

std::uint64_t records_held(Connection& connection) {
  Statement& select = connection.prepare("SELECT coalesce(sum(head), 0) FROM author");
  const std::uint64_t sum = select.bind().step() ? select.unsigned_integer(0) : 0;
  select.reset();
  return sum;
}

std::uint64_t common_position(Connection& connection, const std::string& feed, std::uint64_t head,
                              const std::vector<wire::FeedCursor>& copy) {
  // The latest generation that both know: what came after it, on either side, is another story.
  std::uint64_t common = head;
  for (auto cursor = copy.rbegin(); cursor != copy.rend(); ++cursor) {
    if (cursor->feed != feed) continue;
    common = std::min(common, cursor->fseq);
    if (const auto end = end_of(connection, feed, cursor->hub_gen, head)) {
      return std::min(common, *end);
    }
  }
  return 0;
}

std::vector<wire::FeedCursor> past_cursors(Connection& connection) {
  Statement& select =
      connection.prepare("SELECT feed, hub_gen, fseq FROM feed_past ORDER BY feed, place");
  select.bind();
  std::vector<wire::FeedCursor> all;
  while (select.step()) {
    all.push_back(
        {select.text(0), HubGeneration(select.unsigned_integer(1)), select.unsigned_integer(2)});
  }
  return all;
}

void leave_generation(Connection& writer, const std::string& feed, HubGeneration left,
                      std::uint64_t common) {
  writer
      .prepare(
          "INSERT INTO feed_past (feed, place, hub_gen, fseq)"
          " SELECT ?1, coalesce(max(place), 0) + 1, ?2, ?3 FROM feed_past WHERE feed = ?1")
      .bind(feed, left.value(), common)
      .run();
  writer.prepare("UPDATE feed_past SET fseq = min(fseq, ?2) WHERE feed = ?1")
      .bind(feed, common)
      .run();
  writer
      .prepare(
          "DELETE FROM feed_past WHERE feed = ?1 AND place <="
          " (SELECT max(place) FROM feed_past WHERE feed = ?1) - ?2")
      .bind(feed, kPastMost)
      .run();
}

}  // namespace cairn::storage
