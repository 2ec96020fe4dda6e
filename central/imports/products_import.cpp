// Articles: one row each; the last definition of a SKU holds.

#include "central/imports/columns.h"
#include "central/imports/import_kinds.h"
#include "core/base/numbers.h"
#include "core/storage/projections/reference_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace cairn::central {
namespace {

/// "MUG=2|SPOON=1"; an article without a number is there once.
Result<std::vector<domain::KitPart>> parse_kit_parts(std::string_view text) {
  std::vector<domain::KitPart> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find('|'), text.size());
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = one.rfind('=');
    const auto sku = Sku::parse(one.substr(0, equals));
    if (!sku) return fail(sku.error().with_context("parts"));
    const bool told = equals != std::string_view::npos;
    const auto units = told ? parse_signed(one.substr(equals + 1)) : Result<std::int64_t>(1);
    if (!units || *units < 1 || *units > domain::KitPart::kMaxUnits) {
      return fail(ErrorCode::kInvalid, "bad_product",
                  fmt::format("parts: \"{}\" is not like MUG=2, with 1 to {} units", one,
                              domain::KitPart::kMaxUnits));
    }
    parts.push_back({*sku, *units});
  }
  std::ranges::sort(parts, {}, &domain::KitPart::sku);
  return parts;
}

class ProductsImporter final : public Importer {
 public:
  ProductsImporter(const CsvTable& table, ImportOptions options)
      : options_(std::move(options)),
        sku_(table, {"sku"}),
        name_(table, {"name", "description", "title"}),
        uom_(table, {"uom"}),
        weight_g_(table, {"unit_weight_g", "weight_g"}),
        price_(table, {"price", "list_price"}),
        active_(table, {"active"}),
        hazmat_(table, {"hazmat"}),
        category_(table, {"category"}),
        parts_(table, {"parts"}) {
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
      const std::string& column = table.columns()[i];
      if (column.starts_with("gtin") || column == "ean" || column == "upc") gtins_.push_back(i);
    }
  }

  Result<> prepare(const CsvTable& table) {
    if (auto ok = require_columns({{"sku", sku_.present()}, {"name", name_.present()}}); !ok) {
      return ok;
    }
    for (const CsvRow& row : table.rows()) {
      if (!row.problem.empty()) continue;
      if (const auto product = read(row)) last_[product->sku] = &row;
    }
    return {};
  }

  RowResult take(storage::UnitOfWork& work, const CsvRow& row) override {
    const auto product = read(row);
    if (!product) return RowResult::rejected(product.error());
    if (const CsvRow* const last = last_.at(product->sku); last != &row) {
      return {
          RowOutcome::kWithoutEffect, "stands_again",
          fmt::format("line {} defines {} again, and that holds", last->line, product->sku.text())};
    }
    const auto before = storage::find_product(work.connection(), product->sku);
    if (before == *product) return RowResult::of(RowOutcome::kUnchanged);
    if (auto ok = check_parts(work.connection(), *product); !ok) {
      return RowResult::rejected(ok.error());
    }
    if (!options_.dry_run) {
      const auto written = work.record({domain::ReferenceEvent(domain::ProductDefined{*product}),
                                        domain::product_key(product->sku),
                                        SiteId{},
                                        options_.actor,
                                        {},
                                        {}});
      if (!written) return RowResult::rejected(written.error());
    }
    return RowResult::of(before ? RowOutcome::kChanged : RowOutcome::kCreated);
  }

 private:
  [[nodiscard]] Result<domain::Product> read(const CsvRow& row) const {
    domain::Product product;
    const auto sku = Sku::parse(sku_.of(row));
    if (!sku) return fail(sku.error());
    product.sku = *sku;
    product.name = name_.of(row);
    if (auto ok = read_gtins(row, product); !ok) return fail(ok.error());
    if (const auto text = uom_.of(row); !text.empty()) {
      const auto uom = parse_uom(text);
      if (!uom) return fail(uom.error());
      product.uom = *uom;
    }
    if (const auto text = weight_g_.of(row); !text.empty()) {
      const auto weight_mg = parse_decimal(text, 3);
      if (!weight_mg) return fail(weight_mg.error().with_context("weight"));
      product.unit_weight_mg = *weight_mg;
    }
    const auto price = price_.of(row);
    if (!price) return fail(price.error());
    product.price = *price;
    const auto active = parse_flag(active_.of(row), true);
    if (!active) return fail(active.error());
    product.active = *active;
    const auto hazmat = parse_flag(hazmat_.of(row), false);
    if (!hazmat) return fail(hazmat.error());
    product.hazmat = *hazmat;
    product.category = category_.of(row);
    auto parts = parse_kit_parts(parts_.of(row));
    if (!parts) return fail(parts.error());
    product.parts = *std::move(parts);
    if (auto ok = domain::validate(product); !ok) return fail(ok.error());
    return product;
  }

  /// As it will be when the whole file is taken; nothing: it is no article.
  std::optional<domain::Product> becomes(storage::Connection& connection, const Sku& sku) const {
    const auto last = last_.find(sku);
    if (last == last_.end()) return storage::find_product(connection, sku);
    const auto product = read(*last->second);
    return product ? std::optional(*product) : std::nullopt;
  }

  /// Parts are articles, and no kits.
  Result<> check_own_parts(storage::Connection& connection, const domain::Product& kit) const {
    for (const domain::KitPart& part : kit.parts) {
      const auto product = becomes(connection, part.sku);
      if (product && product->parts.empty()) continue;
      return fail(
          ErrorCode::kInvalid, "bad_product",
          fmt::format("part {} is {}", part.sku.text(), product ? "a kit itself" : "no article"));
    }
    return {};
  }

  /// What is part of a kit is none: of one that holds, when the whole file is taken.
  Result<> check_parts(storage::Connection& connection, const domain::Product& kit) const {
    if (kit.parts.empty()) return {};
    if (auto ok = check_own_parts(connection, kit); !ok) return ok;
    for (const Sku& other : storage::kits_with(connection, kit.sku)) {
      const auto holds = becomes(connection, other);
      const auto is_this = [&kit](const domain::KitPart& part) { return part.sku == kit.sku; };
      const bool loses_it = holds && std::ranges::none_of(holds->parts, is_this) &&
                            check_own_parts(connection, *holds);
      if (loses_it) continue;
      return fail(ErrorCode::kInvalid, "bad_product",
                  fmt::format("it is part of kit {}, and so cannot be one", other.text()));
    }
    return {};
  }

  /// A field may hold several, separated by "|".
  Result<> read_gtins(const CsvRow& row, domain::Product& product) const {
    for (const std::size_t column : gtins_) {
      std::string_view rest = row.fields[column];
      while (!rest.empty()) {
        const auto end = std::min(rest.find('|'), rest.size());
        const auto gtin = Gtin::parse(rest.substr(0, end));
        if (!gtin) return fail(gtin.error());
        product.gtins.push_back(*gtin);
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
    std::ranges::sort(product.gtins);
    const auto repeated = std::ranges::unique(product.gtins);
    product.gtins.erase(repeated.begin(), repeated.end());
    return {};
  }

  ImportOptions options_;
  Column sku_;
  Column name_;
  Column uom_;
  Column weight_g_;
  PriceColumn price_;
  Column active_;
  Column hazmat_;
  Column category_;
  Column parts_;
  std::vector<std::size_t> gtins_;
  std::map<Sku, const CsvRow*> last_;  ///< the row whose definition holds
};

}  // namespace

Result<std::unique_ptr<Importer>> make_products_importer(const CsvTable& table,
                                                         const ImportOptions& options) {
  auto importer = std::make_unique<ProductsImporter>(table, options);
  if (auto ok = importer->prepare(table); !ok) return fail(ok.error());
  return importer;
}

}  // namespace cairn::central
