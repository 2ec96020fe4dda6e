#pragma once
// What a row of an orders file says. Reading only; nothing is decided here. Loop only.

#include "central/imports/columns.h"
#include "central/imports/import.h"
#include "core/domain/order/order.h"

#include <map>
#include <string>

namespace cairn::central {

enum class OrderRowKind : std::uint8_t { kOrder, kCancellation, kAdjustment };

class OrderColumns {
 public:
  explicit OrderColumns(const CsvTable& table);

  /// Errors: kInvalid "bad_csv".
  [[nodiscard]] Result<> check() const;

  /// An empty field is an order. Errors: kInvalid "unknown_kind".
  [[nodiscard]] Result<OrderRowKind> kind(const CsvRow& row) const;
  [[nodiscard]] std::string order_id(const CsvRow& row) const;
  /// Errors: kInvalid "bad_number".
  [[nodiscard]] Result<LineNo> line_no(const CsvRow& row) const;
  /// Errors: kInvalid "bad_time".
  [[nodiscard]] Result<UtcTime> ordered_at(const CsvRow& row) const;
  [[nodiscard]] std::string customer(const CsvRow& row) const;

  /// The article of the row: of the catalogue, or a service. Errors: kInvalid "bad_sku",
  /// "unknown_sku", "bad_flag".
  struct Article {
    Sku sku;
    std::string name;
    Uom uom = Uom::kPiece;
    bool service = false;
  };
  Result<Article> article(storage::UnitOfWork& work, const CsvRow& row) const;
  /// Signed, not zero. Errors: kInvalid "bad_number", "bad_quantity".
  [[nodiscard]] Result<Quantity> quantity(const CsvRow& row, Uom uom) const;
  /// A line of an order. Errors: those above; kInvalid "bad_order", "bad_number", "bad_currency".
  Result<domain::OrderLine> line(storage::UnitOfWork& work, const CsvRow& row) const;
  /// The order's own fields as its first row has them; without lines and ids.
  /// Errors: kInvalid "bad_time", "bad_number", "bad_method", "bad_site_id",
  /// "bad_order".
  [[nodiscard]] Result<domain::OrderPlaced> header(const CsvRow& row) const;
  /// The site of an adjustment: the row's, or the only warehouse. Errors: kInvalid "unknown_site",
  /// "which_site".
  Result<SiteId> site(storage::UnitOfWork& work, const CsvRow& row) const;

 private:
  [[nodiscard]] Result<> read_method(const CsvRow& row, domain::OrderPlaced& order) const;
  [[nodiscard]] Result<domain::Delivery> read_delivery(const CsvRow& row) const;

  Column order_id_;
  Column line_no_;
  Column kind_;
  Column sku_;
  Column name_;
  Column quantity_;
  PriceColumn unit_price_;
  Column ordered_at_;
  Column customer_;
  Column is_product_;
  Column latitude_;
  Column longitude_;
  Column site_;
  Column method_;
  Column pickup_site_;
  Column priority_;
  Column shipping_method_;
  Column delivery_days_;
  Column ship_after_;
  Column ship_by_;
  Column promised_at_;
  Column country_;
  Column together_;
};

}  // namespace cairn::central
