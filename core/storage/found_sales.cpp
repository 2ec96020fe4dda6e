#include "core/storage/found_sales.h"

#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cairn::storage {
namespace {

std::string joined(const std::vector<Gtin>& gtins) {
  std::vector<std::string> texts;
  for (const Gtin& gtin : gtins) texts.push_back(gtin.text());
  return fmt::format("{}", fmt::join(texts, " "));
}

std::vector<Gtin> split(std::string_view text) {
  std::vector<Gtin> gtins;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto gtin = Gtin::parse(text.substr(0, end));
    CAIRN_ASSERT(gtin.has_value(), "stored GTINs are well-formed");
    gtins.push_back(*gtin);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return gtins;
}

std::vector<domain::SaleLine> lines_of(Connection& connection, ShipGroupId group) {
  Statement& select = connection.prepare(
      "SELECT line, sku, name, gtins, uom, sold_milli, unit_price_minor, currency"
      " FROM found_sale_line WHERE group_id = ?1 ORDER BY line");
  select.bind(group.value());
  std::vector<domain::SaleLine> lines;
  while (select.step()) {
    lines.push_back({{stored_line(select.integer(0)),
                      stored_sku(select.text(1)),
                      select.text(2),
                      {select.integer(5), static_cast<Uom>(select.integer(4))},
                      {select.integer(6), stored_currency(select.text(7))}},
                     split(select.text(3))});
  }
  return lines;
}

}  // namespace

void save_found_sale(Connection& writer, const domain::Sale& sale, const std::string& asked,
                     UtcTime now) {
  writer
      .prepare(
          "INSERT OR REPLACE INTO found_sale (group_id, order_id, order_reference, asked,"
          " found_utc_us) VALUES (?1, ?2, ?3, ?4, ?5)")
      .bind(sale.group.value(), sale.order.value(), sale.order_reference, asked, now.us)
      .run();
  writer.prepare("DELETE FROM found_sale_line WHERE group_id = ?1").bind(sale.group.value()).run();
  for (const domain::SaleLine& line : sale.lines) {
    writer
        .prepare(
            "INSERT INTO found_sale_line (group_id, line, sku, name, gtins, uom, sold_milli,"
            " unit_price_minor, currency) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        .bind(sale.group.value(), line.sold.line.value(), line.sold.sku.text(), line.sold.name,
              joined(line.gtins), static_cast<int>(line.sold.sold.uom), line.sold.sold.milli,
              line.sold.unit_price.minor, line.sold.unit_price.currency.text())
        .run();
  }
}

std::optional<domain::Sale> found_sale(Connection& connection, ShipGroupId group) {
  Statement& select =
      connection.prepare("SELECT order_id, order_reference FROM found_sale WHERE group_id = ?1");
  if (!select.bind(group.value()).step()) return std::nullopt;
  domain::Sale sale{group, OrderId(select.uuid(0)), select.text(1), {}};
  select.reset();
  sale.lines = lines_of(connection, group);
  return sale;
}

std::vector<domain::Sale> found_sales(Connection& connection, const std::string& text) {
  Statement& select = connection.prepare(
      "SELECT group_id FROM found_sale WHERE order_reference = ?1 OR asked = ?1"
      " ORDER BY found_utc_us DESC, group_id");
  select.bind(text);
  std::vector<ShipGroupId> groups;
  while (select.step()) groups.emplace_back(select.uuid(0));
  std::vector<domain::Sale> sales;
  for (const ShipGroupId group : groups) sales.push_back(*found_sale(connection, group));
  return sales;
}

}  // namespace cairn::storage
