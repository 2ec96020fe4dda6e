#include "core/storage/api_key_table.h"

#include "core/crypto/sha256.h"
#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace cairn::storage {
namespace {

constexpr std::size_t kFinderOctets = 8;
constexpr std::string_view kKeyColumns =
    "SELECT id, name, scopes, made_by, made_by_name, made_utc_us, expires_utc_us, revoked_utc_us,"
    " last_used_utc_us, secret_hash FROM api_key";

Bytes secret_hash(std::string_view secret) { return crypto::to_bytes(crypto::sha256({secret})); }

std::optional<UtcTime> time_at(const Statement& row, int column) {
  const auto us = row.optional_integer(column);
  return us ? std::optional(UtcTime{*us}) : std::nullopt;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

ApiKeyRow read_key(const Statement& row) {
  return {UserId(row.uuid(0)), row.text(1),     words_of(row.text(2)),
          UserId(row.uuid(3)), row.text(4),     UtcTime{row.integer(5)},
          time_at(row, 6),     time_at(row, 7), time_at(row, 8)};
}

std::optional<std::int64_t> us_of(const std::optional<UtcTime>& time) {
  return time ? std::optional(time->us) : std::nullopt;
}

}  // namespace

bool add_api_key(Connection& writer, const ApiKeyRow& key, std::string_view secret) {
  Statement& same =
      writer.prepare("SELECT 1 FROM api_key WHERE name = ?1 AND revoked_utc_us IS NULL");
  if (same.bind(key.name).step()) {
    same.reset();
    return false;
  }
  const Bytes hash = secret_hash(secret);
  writer
      .prepare(
          "INSERT INTO api_key (id, name, finder, secret_hash, scopes, made_by, made_by_name,"
          " made_utc_us, expires_utc_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
      .bind(key.id.value(), key.name, Blob{BytesView(hash).substr(0, kFinderOctets)}, Blob{hash},
            fmt::format("{}", fmt::join(key.scopes, " ")), key.made_by.value(), key.made_by_name,
            key.made_at.us, us_of(key.expires_at))
      .run();
  return true;
}

void revoke_api_key(Connection& writer, UserId key, UtcTime now) {
  writer.prepare("UPDATE api_key SET revoked_utc_us = ?2 WHERE id = ?1 AND revoked_utc_us IS NULL")
      .bind(key.value(), now.us)
      .run();
}

void note_api_key_used(Connection& writer, UserId key, UtcTime now) {
  writer.prepare("UPDATE api_key SET last_used_utc_us = ?2 WHERE id = ?1")
      .bind(key.value(), now.us)
      .run();
}

std::optional<ApiKeyRow> api_key_of_secret(Connection& connection, std::string_view secret) {
  static const std::string kSql = std::string(kKeyColumns) + " WHERE finder = ?1";
  const Bytes hash = secret_hash(secret);
  Statement& select = connection.prepare(kSql);
  select.bind(Blob{BytesView(hash).substr(0, kFinderOctets)});
  std::optional<ApiKeyRow> found;
  while (select.step()) {
    if (crypto::same_secret(select.blob(9), hash)) found = read_key(select);
  }
  return found;
}

std::optional<ApiKeyRow> find_api_key(Connection& connection, UserId key) {
  static const std::string kSql = std::string(kKeyColumns) + " WHERE id = ?1";
  Statement& select = connection.prepare(kSql);
  if (!select.bind(key.value()).step()) return std::nullopt;
  ApiKeyRow row = read_key(select);
  select.reset();
  return row;
}

std::vector<ApiKeyRow> api_keys(Connection& connection) {
  static const std::string kSql = std::string(kKeyColumns) + " ORDER BY made_utc_us DESC, id";
  Statement& select = connection.prepare(kSql);
  std::vector<ApiKeyRow> rows;
  while (select.step()) rows.push_back(read_key(select));
  return rows;
}

}  // namespace cairn::storage
