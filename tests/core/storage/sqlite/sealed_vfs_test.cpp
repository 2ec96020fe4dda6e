#include "core/storage/sqlite/sealed_vfs.h"

#include "core/storage/sqlite/connection.h"
#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage::sealed_vfs_test {
namespace {

using Durability = Connection::Durability;

constexpr std::size_t kPage = 4096;
constexpr int kRows = 400;
constexpr std::int64_t kAnySize = 1 << 30;

/// A database of some pages, with nothing left in a WAL.
std::string make_database(const test::TempFolder& folder) {
  const std::string path = folder.file("db");
  Connection connection = *Connection::open_writer(path, Durability::kFull);
  connection.execute("CREATE TABLE t (x INTEGER PRIMARY KEY, words TEXT, blob BLOB)");
  for (int row = 0; row < kRows; ++row) {
    connection.prepare("INSERT INTO t VALUES (?1, ?2, ?3)")
        .bind(row, "some words that fill a page " + std::to_string(row),
              Blob{std::string(row % 50 == 0 ? 9000 : 20, 'b')})
        .run();
  }
  connection.execute("DELETE FROM t WHERE x % 7 = 3");
  return path;
}

/// All that is in it, or nothing if it cannot be read.
std::optional<std::string> content(const std::string& path) {
  auto connection = Connection::open_writer(path, Durability::kFull);
  if (!connection) {
    CHECK(connection.error().code == ErrorCode::kCorrupt);
    return std::nullopt;
  }
  std::string all;
  try {
    Statement& rows = connection->prepare("SELECT x, words, blob FROM t ORDER BY x");
    rows.bind();
    while (rows.step()) all += std::to_string(rows.integer(0)) + rows.text(1) + rows.blob(2);
  } catch (const SqlFailure& failure) {
    CHECK(failure.kind == SqlFailure::Kind::kCorrupt);
    return std::nullopt;
  }
  return all;
}

TEST_CASE("sealed pages: a new database has a seal on each page", "[storage][sealed]") {
  const test::TempFolder folder;
  const std::string octets = test::read_file(make_database(folder));
  REQUIRE(octets.size() % kPage == 0);
  REQUIRE(octets.size() > 10 * kPage);
  CHECK(octets[20] == kSealSize);
  for (std::size_t page = 0; page < octets.size() / kPage; ++page) {
    const std::string_view all(octets.data() + page * kPage, kPage);
    std::uint64_t seal = 0;
    std::copy_n(all.data() + kPage - kSealSize, kSealSize, reinterpret_cast<char*>(&seal));
    CHECK(seal == page_seal(page + 1, all.substr(0, kPage - kSealSize)));
  }
}

TEST_CASE("sealed pages: a flipped bit is an error or changes nothing, wherever it is",
          "[storage][sealed]") {
  const test::TempFolder folder;
  const std::string path = make_database(folder);
  const std::string sound = test::read_file(path);
  const auto before = content(path);
  REQUIRE(before);
  int noticed = 0;
  for (std::size_t at = 3; at < sound.size(); at += 487) {
    CAPTURE(at);
    std::string spoilt = sound;
    spoilt[at] = static_cast<char>(spoilt[at] ^ (1 << (at % 8)));
    test::write_file(path, spoilt);
    const auto now = content(path);
    if (now) CHECK(*now == *before);
    noticed += now ? 0 : 1;
  }
  CHECK(noticed > 50);
}

TEST_CASE("sealed pages: a page that was written to another's place is noticed",
          "[storage][sealed]") {
  const test::TempFolder folder;
  const std::string path = make_database(folder);
  std::string octets = test::read_file(path);
  std::swap_ranges(octets.begin() + 3 * kPage, octets.begin() + 4 * kPage,
                   octets.begin() + 4 * kPage);
  test::write_file(path, octets);
  CHECK_FALSE(content(path));
}

TEST_CASE("sealed pages: a look at the whole file finds what no query has read",
          "[storage][sealed]") {
  const test::TempFolder folder;
  const std::string path = make_database(folder);
  CHECK(Connection::open_writer(path, Durability::kFull)->check_sound(kAnySize));
  std::string octets = test::read_file(path);
  octets[octets.size() - kPage + 100] ^= 4;
  test::write_file(path, octets);
  const auto found = Connection::open_writer(path, Durability::kFull)->check_sound(kAnySize);
  REQUIRE_FALSE(found);
  CHECK(found.error().reason == "database_corrupt");
  CHECK(Connection::open_writer(path, Durability::kFull)->check_sound(kPage));
}

TEST_CASE("sealed pages: a database without seals is read and written as before",
          "[storage][sealed]") {
  const test::TempFolder folder;
  const std::string path = make_database(folder);
  const auto before = content(path);
  {
    // As an earlier version left it.
    Connection connection = *Connection::open_writer(path, Durability::kFull);
    connection.execute(("VACUUM INTO '" + folder.file("copy") + "'").c_str());
  }
  CHECK(content(folder.file("copy")) == before);
  std::string octets = test::read_file(folder.file("copy"));
  for (std::size_t end = kPage; end <= octets.size(); end += kPage) {
    std::fill_n(octets.begin() + static_cast<std::ptrdiff_t>(end - kSealSize), kSealSize, '\0');
  }
  test::write_file(path, octets);
  CHECK(content(path) == before);
}

TEST_CASE("sealed pages: the seal depends on every octet and on the page's number",
          "[storage][sealed]") {
  std::string page(kPage - kSealSize, '\0');
  std::vector<std::uint64_t> seals{page_seal(1, page), page_seal(2, page)};
  for (std::size_t at = 0; at < page.size(); at += 61) {
    page[at] = 1;
    seals.push_back(page_seal(1, page));
    page[at] = 0;
  }
  std::ranges::sort(seals);
  CHECK(std::ranges::adjacent_find(seals) == seals.end());
  CHECK(std::ranges::find(seals, 0U) == seals.end());
}

}  // namespace
}  // namespace cairn::storage::sealed_vfs_test
