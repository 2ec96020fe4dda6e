#include "core/storage/identity.h"

#include "core/base/assert.h"
#include "core/base/numbers.h"
#include "core/storage/own_incarnations.h"
#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>

namespace cairn::storage {
namespace {

std::optional<Bytes> load(Connection& writer, std::string_view name) {
  Statement& select = writer.prepare("SELECT value FROM meta WHERE name = ?1");
  if (!select.bind(name).step()) return std::nullopt;
  Bytes value = select.blob(0);
  select.reset();
  return value;
}

void save(Connection& writer, std::string_view name, BytesView value) {
  writer.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")
      .bind(name, Blob{value})
      .run();
}

NodeId stored_node(const Bytes& bytes) {
  const auto uuid = Uuid::from_bytes(bytes);
  CAIRN_ASSERT(uuid.has_value(), "a stored id has 16 octets");
  return NodeId(*uuid);
}

void create(Connection& writer, const Identity& identity) {
  writer.execute("BEGIN IMMEDIATE");
  save(writer, "role", identity.role == Role::kHub ? "hub" : "site");
  save(writer, "node", identity.node.value().bytes());
  save(writer, "site", identity.site.text());
  save_number(writer, "inc", identity.inc.value());
  save(writer, "hub", identity.hub.value().bytes());
  if (identity.role == Role::kSite) {
    begin_incarnation(writer, identity.inc, Beginning::kFirst, UtcTime{});
  }
  writer.execute("COMMIT");
}

}  // namespace

Result<Identity> establish_identity(Connection& writer, const Identity& wanted) {
  try {
    const auto node = load(writer, "node");
    if (!node) {
      create(writer, wanted);
      return wanted;
    }
    Identity found = wanted;
    found.node = stored_node(*node);
    reload_identity(writer, found);
    const Bytes role = load(writer, "role").value_or("");
    const Bytes site = load(writer, "site").value_or("");
    const bool same = found.node == wanted.node && site == wanted.site.text() &&
                      (role == "hub") == (wanted.role == Role::kHub);
    if (!same) {
      return fail(
          ErrorCode::kConflict, "wrong_data_dir",
          fmt::format("the data directory belongs to {} {} of site \"{}\", the configuration "
                      "says {} of site \"{}\": correct one of them",
                      role, found.node.value().text(), site, wanted.node.value().text(),
                      wanted.site.text()));
    }
    return found;
  } catch (const SqlFailure& failure) {
    return fail(failure.error());
  }
}

void reload_identity(Connection& connection, Identity& identity) {
  identity.inc = Incarnation(load_number(connection, "inc").value_or(0));
  identity.hub = stored_node(load(connection, "hub").value_or(Bytes(Uuid::kSize, '\0')));
}

void save_hub(Connection& writer, NodeId hub) { save(writer, "hub", hub.value().bytes()); }

Bytes seal_key(Connection& writer, Random& random) {
  if (auto known = load(writer, "seal_key")) return *std::move(known);
  Bytes key;
  for (int i = 0; i < 4; ++i) {
    std::uint64_t word = random.next();
    for (int octet = 0; octet < 8; ++octet, word >>= 8U) key += static_cast<char>(word & 0xFFU);
  }
  save(writer, "seal_key", key);
  return key;
}

std::optional<std::uint64_t> load_number(Connection& writer, std::string_view name) {
  const auto text = load(writer, name);
  if (!text) return std::nullopt;
  const auto number = parse_unsigned(*text);
  CAIRN_ASSERT(number.has_value(), "a stored number is one");
  return *number;
}

void forget_number(Connection& writer, std::string_view name) {
  writer.prepare("DELETE FROM meta WHERE name = ?1").bind(name).run();
}

void save_number(Connection& writer, std::string_view name, std::uint64_t value) {
  save(writer, name, fmt::format("{}", value));
}

}  // namespace cairn::storage
