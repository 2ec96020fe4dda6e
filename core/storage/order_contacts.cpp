#include "core/storage/order_contacts.h"

#include "core/base/assert.h"
#include "core/storage/sqlite/statement.h"

namespace cairn::storage {

std::optional<domain::OrderContact> order_contact(Connection& connection, OrderId order) {
  Statement& select =
      connection.prepare("SELECT channel, email, language FROM order_contact WHERE order_id = ?1");
  if (!select.bind(order.value()).step()) return std::nullopt;
  const auto channel = domain::parse_notice_channel(select.text(0));
  const auto language = domain::parse_notice_language(select.text(2));
  CAIRN_ASSERT(channel && language, "stored contacts are known words");
  domain::OrderContact contact{*channel, select.text(1), *language};
  select.reset();
  return contact;
}

void save_order_contact(Connection& writer, OrderId order, const domain::OrderContact& contact) {
  erase_order_contact(writer, order);
  writer
      .prepare(
          "INSERT INTO order_contact (order_id, channel, email, language) VALUES (?1, ?2, ?3, ?4)")
      .bind(order.value(), name_of(contact.channel), contact.email, name_of(contact.language))
      .run();
}

bool erase_order_contact(Connection& writer, OrderId order) {
  // Else the octets stay in the page until something else is written there.
  writer.execute("PRAGMA secure_delete=ON");
  writer.prepare("DELETE FROM order_contact WHERE order_id = ?1").bind(order.value()).run();
  const bool erased = writer.changes() > 0;
  writer.execute("PRAGMA secure_delete=OFF");
  return erased;
}

}  // namespace cairn::storage
