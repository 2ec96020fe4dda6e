#include "core/storage/log_reader.h"

#include "core/domain/key.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::storage::log_reader_test {
namespace {

using test::group_id;
using test::node;
using test::pieces;

std::string seqs(const std::vector<LogRow>& rows) {
  std::string text;
  for (const LogRow& row : rows) text += std::to_string(row.ref.seq) + " ";
  return text;
}

TEST_CASE("log reader: an author's records after one of them, no more than asked for",
          "[storage][log]") {
  test::GroupHub hub;
  hub.allocate(1);
  hub.claim(1, "bench-1");
  for (int i = 0; i < 4; ++i) hub.pick(1, 1);
  hub.pick(1, 1, 1, 2);
  const auto after = [&hub](std::uint64_t seq, std::size_t limit) {
    return seqs(author_rows(hub.connection(), {node(1), Incarnation(1), seq}, limit));
  };
  CHECK(after(0, 9) == "1 2 3 4 5 ");
  CHECK(after(3, 9) == "4 5 ");
  CHECK(after(1, 2) == "2 3 ");
  CHECK(after(5, 9).empty());
  CHECK(author_rows(hub.connection(), {node(1), Incarnation(2), 0}, 9).empty());
}

TEST_CASE("log reader: the records of a key by their stamps, without those set aside",
          "[storage][log]") {
  test::GroupHub hub;
  hub.allocate(1);
  hub.allocate(2);
  hub.claim(1, "bench-1");
  hub.pick(1, 1);
  hub.pick(2, 1);
  // A device may not cancel.
  hub.happens(
      1, domain::GroupUnitsCancelled{LineNo(1), pieces(1), domain::CancelReason::kCustomer, "c"});
  hub.comes_back(test::came_back(1, 1, 1, 2));
  const Bytes key = domain::ship_group_key(group_id(1)).bytes();
  const auto own = key_rows(hub.connection(), key, key + '\0');
  std::size_t of_device = 0;
  for (const LogRow& row : own) of_device += row.ref.node == node(1) ? 1 : 0;
  CHECK(own.size() == 3);
  CHECK(of_device == 2);
  const Bytes returns = domain::return_ledger_key(group_id(1), SiteId()).bytes();
  CHECK(key_rows(hub.connection(), returns, returns + '\x7F').size() == 1);
  CHECK(key_rows(hub.connection(), returns, returns).empty());
}

TEST_CASE("log verify: whatever of a record is changed, the record is named", "[storage][log]") {
  const std::vector<std::string> changes{
      "UPDATE event_log SET record = CAST(record || x'00' AS BLOB) WHERE seq = 3",
      "UPDATE event_log SET record = substr(record, 1, length(record) - 1) WHERE seq = 3",
      "UPDATE event_log SET chain = zeroblob(16) WHERE seq = 3",
      "UPDATE event_log SET chain = NULL WHERE seq = 3",
      "UPDATE event_log SET hlc = hlc + 1 WHERE seq = 3",
      "UPDATE event_log SET type = 201 WHERE seq = 3",
      "UPDATE event_log SET key = NULL WHERE seq = 3",
      "DELETE FROM event_log WHERE seq = 3"};
  for (const std::string& change : changes) {
    CAPTURE(change);
    test::GroupHub hub;
    hub.allocate(1);
    for (int i = 0; i < 4; ++i) hub.pick(1, 1);
    const auto bad = [&hub] {
      std::vector<std::optional<std::uint64_t>> all;
      for (const auto& author : verify_log(hub.connection())) all.push_back(author.first_bad_seq);
      return all;
    };
    REQUIRE(bad() == std::vector<std::optional<std::uint64_t>>(2));
    hub.connection().execute(change.c_str());
    CHECK(bad() == std::vector<std::optional<std::uint64_t>>{std::nullopt, 3});
  }
}

TEST_CASE("log verify: octets that are no record are part of the chain like any other",
          "[storage][log]") {
  test::GroupHub hub;
  hub.take_uplink(node(1), Incarnation(1), test::site("store"), {"no record", "nor this"});
  for (const auto& author : verify_log(hub.connection())) CHECK_FALSE(author.first_bad_seq);
}

}  // namespace
}  // namespace cairn::storage::log_reader_test
