#include "tests/core/storage/support/dump.h"

#include "tests/core/storage/support/store.h"

namespace cairn::storage::test {

std::string dump_ship_groups(Connection& connection) {
  return rows_of(connection,
                 "SELECT 'group', hex(id), site, hex(order_id), order_reference, method, status,"
                 " allocated_hlc, claim_hlc, hex(claim_node), claim_station, hex(claim_actor)"
                 " FROM ship_group ORDER BY id",
                 12) +
         rows_of(connection,
                 "SELECT 'line', hex(group_id), line, site, sku, name, uom, ordered_milli,"
                 " open_milli, picked_milli, shipped_milli, reserved_milli FROM ship_group_line"
                 " ORDER BY group_id, line",
                 12) +
         rows_of(connection,
                 "SELECT 'put back', hex(group_id), hex(cause_node), cause_inc, cause_seq, line,"
                 " milli, to_location FROM put_back"
                 " ORDER BY group_id, cause_node, cause_inc, cause_seq",
                 8) +
         rows_of(connection,
                 "SELECT 'exception', hex(group_id), position, kind, hex(cause_node), cause_inc,"
                 " cause_seq, line, milli FROM ship_group_exception ORDER BY group_id, position",
                 9);
}

std::string dump_stock(Connection& connection) {
  return rows_of(connection,
                 "SELECT 'cell', site, sku, location, uom, on_hand_milli, counted_milli,"
                 " counted_hlc, hex(counted_node), counted_inc, counted_seq, imported_milli"
                 " FROM stock_cell ORDER BY site, sku, location",
                 12) +
         rows_of(connection,
                 "SELECT 'moved', m.site, m.sku, m.location, m.hlc, hex(a.node), a.inc, m.seq,"
                 " m.delta_milli, m.reason FROM stock_movement m JOIN author a ON a.id = m.author"
                 " ORDER BY m.site, m.sku, m.location, m.hlc, a.node, a.inc, m.seq",
                 10);
}

std::string dump_site_log(Connection& connection, const std::string& feed) {
  return rows_of(connection,
                 "SELECT e.fseq, hex(a.node), a.inc, e.seq, hex(e.record) FROM event_log e"
                 " JOIN author a ON a.id = e.author JOIN feed f ON f.id = e.feed"
                 " WHERE f.name = '" +
                     feed + "' ORDER BY e.fseq",
                 5);
}

std::string dump_orders(Connection& connection) {
  return rows_of(connection,
                 "SELECT 'order', rank, hex(id), channel, external_id, placed_at_utc_us, customer,"
                 " latitude_udeg, longitude_udeg FROM customer_order ORDER BY rank",
                 9) +
         rows_of(connection,
                 "SELECT 'line', hex(order_id), line, sku, name, uom, ordered_milli,"
                 " cancelled_milli, routed_milli, unit_price_minor, currency, service,"
                 " waiting_milli FROM order_line ORDER BY order_id, line",
                 13);
}

std::string dump_reference(Connection& connection) {
  return rows_of(connection,
                 "SELECT 'product', sku, name, uom, unit_weight_mg, price_minor, currency, active"
                 " FROM product ORDER BY sku",
                 8) +
         rows_of(connection, "SELECT 'gtin', gtin, sku FROM product_gtin ORDER BY gtin, sku", 3) +
         rows_of(connection,
                 "SELECT 'facility', site, name, kind, latitude_udeg, longitude_udeg, active"
                 " FROM facility ORDER BY site",
                 7) +
         rows_of(connection,
                 "SELECT 'location', site, code, type, pick_sequence FROM location"
                 " ORDER BY site, code",
                 5) +
         rows_of(connection,
                 "SELECT 'staff', site, hex(user), name, role, pin_hash, active FROM staff"
                 " ORDER BY site, user",
                 7) +
         rows_of(connection, "SELECT 'node', hex(id), site, name, active FROM node ORDER BY id", 5);
}

std::string dump_projections(Connection& connection) {
  return dump_ship_groups(connection) + dump_stock(connection) + dump_orders(connection) +
         dump_reference(connection);
}

}  // namespace cairn::storage::test
