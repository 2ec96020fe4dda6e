#include "tests/core/storage/support/dump.h"

#include "core/storage/log_reader.h"
#include "tests/core/storage/support/store.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace cairn::storage::test {

std::string dump_ship_groups(Connection& connection) {
  return rows_of(connection,
                 "SELECT 'group', hex(id), site, hex(order_id), order_reference, method, status,"
                 " allocated_hlc, claim_hlc, hex(claim_node), claim_station, hex(claim_actor),"
                 " hex(code_salt), hex(code_hash), code_minted, wrong_codes FROM ship_group"
                 " ORDER BY id",
                 16) +
         rows_of(connection,
                 "SELECT 'line', hex(group_id), line, site, sku, name, uom, ordered_milli,"
                 " open_milli, picked_milli, packed_milli, shipped_milli, handed_over_milli,"
                 " short_milli, cancelled_milli, returned_milli, reserved_milli"
                 " FROM ship_group_line ORDER BY group_id, line",
                 17) +
         rows_of(connection,
                 "SELECT 'package', hex(group_id), position, hex(ref_node), ref_inc, ref_seq,"
                 " weight_mg, expected_mg, weight_check, sscc, tracking, label, print_detail"
                 " FROM package ORDER BY group_id, position",
                 13) +
         rows_of(connection,
                 "SELECT 'packed', hex(group_id), position, line, milli FROM package_line"
                 " ORDER BY group_id, position, line",
                 5) +
         rows_of(connection,
                 "SELECT 'put back', hex(group_id), position, hex(cause_node), cause_inc,"
                 " cause_seq, line, milli, done_milli, to_location FROM put_back"
                 " ORDER BY group_id, position",
                 10) +
         rows_of(connection,
                 "SELECT 'exception', hex(group_id), position, kind, hex(cause_node), cause_inc,"
                 " cause_seq, line, milli FROM ship_group_exception ORDER BY group_id, position",
                 9);
}

std::string dump_returns(Connection& connection) {
  return rows_of(connection,
                 "SELECT 'taken', hex(group_id), site, position, hex(id), hex(ref_node), ref_inc,"
                 " ref_seq, hex(order_id), order_reference, refund_minor, currency, taken_hlc,"
                 " hex(actor), hex(approved_by), reason FROM return_taken"
                 " ORDER BY group_id, site, position",
                 16) +
         rows_of(connection,
                 "SELECT 'returned', hex(group_id), site, position, item, line, sku, name, uom,"
                 " milli, refund_minor, condition, to_location FROM return_line"
                 " ORDER BY group_id, site, position, item",
                 13) +
         rows_of(connection,
                 "SELECT 'refund exception', hex(group_id), site, position, hex(cause_node),"
                 " cause_inc, cause_seq, line, milli, elsewhere FROM refund_exception"
                 " ORDER BY group_id, site, position",
                 10);
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
                 10) +
         rows_of(connection,
                 "SELECT 'lease', hex(id), site, hex(node), inc, sku, milli, granted_utc_us,"
                 " expires_utc_us, grace_s, recalled, closed, sold_milli, returned_milli"
                 " FROM stock_lease ORDER BY id",
                 14);
}

std::string dump_site_log(Connection& connection, const std::string& feed) {
  LogPage page;
  page.limit = SIZE_MAX >> 1U;
  auto rows = log_rows(connection, page);
  std::erase_if(rows, [&feed](const LogRow& row) { return row.feed != feed; });
  std::ranges::sort(rows, {}, &LogRow::fseq);
  std::string text;
  for (const LogRow& row : rows) {
    text += std::to_string(row.fseq) + "|" + row.ref.text() + "|" + to_hex(row.record) + "\n";
  }
  return text;
}

std::string dump_orders(Connection& connection) {
  return rows_of(connection,
                 "SELECT 'order', rank, hex(id), channel, external_id, placed_at_utc_us, customer,"
                 " latitude_udeg, longitude_udeg, method, pickup_site, sale, tax_added, hold,"
                 " note, rejected FROM customer_order ORDER BY rank",
                 16) +
         rows_of(connection,
                 "SELECT 'line', hex(order_id), line, sku, name, uom, ordered_milli,"
                 " own_cancelled_milli, converted_milli, group_cancelled_milli, routed_milli,"
                 " to_ship_milli, pickup_ordered_milli, pickup_short_milli, unit_price_minor,"
                 " currency, service, cancelled_milli, unrouted_milli, waiting_milli,"
                 " discount_minor, order_discount_minor, tax_minor"
                 " FROM order_line ORDER BY order_id, line",
                 23) +
         rows_of(connection,
                 "SELECT 'discount', hex(order_id), position, code, amount_minor, promotion,"
                 " title, coupon, given_back FROM order_discount ORDER BY order_id, position",
                 9) +
         rows_of(connection,
                 "SELECT 'share', hex(order_id), position, line, amount_minor"
                 " FROM order_discount_share ORDER BY order_id, position, line",
                 5) +
         rows_of(connection,
                 "SELECT 'promotion', name, active, by_itself, hex(definition) FROM promotion"
                 " ORDER BY name",
                 5) +
         rows_of(connection, "SELECT 'coupon', code, promotion FROM coupon ORDER BY code", 3) +
         rows_of(connection,
                 "SELECT 'queue', sku, pickup_site, milli, pickup_milli FROM article_queue"
                 " ORDER BY sku, pickup_site",
                 5);
}

std::string dump_money(Connection& connection) {
  return rows_of(connection,
                 "SELECT 'payment', rank, hex(id), hex(order_id), tender, status, currency,"
                 " amount_minor, authorized_minor, captured_minor, refunded_minor, token, offline,"
                 " authorization, expires_utc_us, opened_utc_us FROM payment ORDER BY rank",
                 16) +
         rows_of(
             connection,
             "SELECT 'question', hex(payment_id), no, action, amount_minor, hex(group_id), last,"
             " reason, asked_utc_us, outcome, reference, detail, expires_utc_us,"
             " answered_utc_us, unknown, authorization, capture, rest_minor"
             " FROM payment_question ORDER BY payment_id, no",
             18) +
         rows_of(connection,
                 "SELECT 'stored', rank, hex(id), kind, currency, holder, hint, balance_minor"
                 " FROM stored_value ORDER BY rank",
                 8) +
         rows_of(connection,
                 "SELECT 'escrow', hex(stored_value_id), no, site, amount_minor, spent_minor"
                 " FROM stored_value_escrow ORDER BY stored_value_id, no",
                 6);
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
         rows_of(connection, "SELECT 'node', hex(id), site, name, active FROM node ORDER BY id",
                 5) +
         rows_of(connection,
                 "SELECT 'block', hex(node), inc, gs1_prefix, first, count FROM label_block"
                 " ORDER BY node, inc, first",
                 6) +
         rows_of(connection,
                 "SELECT 'labels', hex(node), inc, used FROM label_use ORDER BY node, inc", 4);
}

std::string dump_projections(Connection& connection) {
  return dump_ship_groups(connection) + dump_returns(connection) + dump_stock(connection) +
         dump_orders(connection) + dump_money(connection) + dump_reference(connection);
}

}  // namespace cairn::storage::test
