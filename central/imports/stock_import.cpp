// Counted stock: each row is a count of one article at one location. A figure that was imported
// before is not counted again, so that repeating a file cannot undo the trade since.

#include "central/imports/columns.h"
#include "central/imports/import_kinds.h"
#include "core/base/numbers.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/projections/stock_on_hand.h"

#include <fmt/format.h>

#include <map>
#include <tuple>

namespace cairn::central {
namespace {

constexpr std::string_view kDefaultLocation = "MAIN";

struct StockRow {
  SiteId site;
  domain::Location location;
  Sku sku;
  Quantity quantity;
};

class StockImporter final : public Importer {
 public:
  StockImporter(const CsvTable& table, ImportOptions options)
      : options_(std::move(options)),
        site_(table, {"site"}),
        sku_(table, {"sku"}),
        location_(table, {"location", "bin"}),
        pick_sequence_(table, {"pick_sequence"}),
        quantity_(table, {"quantity", "qty", "on_hand"}) {}

  Result<> prepare(const CsvTable& table) {
    const auto ok = require_columns(
        {{"site", site_.present()}, {"sku", sku_.present()}, {"quantity", quantity_.present()}});
    if (!ok) return ok;
    for (const CsvRow& row : table.rows()) {
      if (!row.problem.empty()) continue;
      const auto cell = cell_of(row);
      const auto quantity = parse_decimal(quantity_.of(row), 3);
      if (cell && quantity && *quantity >= 0) last_[*cell] = &row;
    }
    return {};
  }

  RowResult take(storage::UnitOfWork& work, const CsvRow& row) override {
    const auto counted = read(work, row);
    if (!counted) return RowResult::rejected(counted.error());
    const Cell cell{counted->site, counted->sku, counted->location.code};
    if (const CsvRow* const last = last_.at(cell); last != &row) {
      return {RowOutcome::kWithoutEffect, "stands_again",
              fmt::format("line {} counts {} at {} again, and that holds", last->line,
                          counted->sku.text(), counted->location.code.text())};
    }
    const auto before = storage::imported_milli(work.connection(), counted->site, counted->sku,
                                                counted->location.code);
    if (before == counted->quantity.milli && !options_.recount) {
      return RowResult::of(RowOutcome::kUnchanged);
    }
    if (!options_.dry_run) {
      if (auto ok = write(work, *counted); !ok) return RowResult::rejected(ok.error());
    }
    return RowResult::of(before ? RowOutcome::kChanged : RowOutcome::kCreated);
  }

 private:
  using Cell = std::tuple<SiteId, Sku, LocationCode>;

  [[nodiscard]] std::optional<Cell> cell_of(const CsvRow& row) const {
    const auto site = SiteId::parse(site_.of(row));
    const auto sku = Sku::parse(sku_.of(row));
    const auto location = read_location(row);
    if (!site || !sku || !location) return std::nullopt;
    return Cell{*site, *sku, location->code};
  }

  Result<StockRow> read(storage::UnitOfWork& work, const CsvRow& row) const {
    StockRow counted;
    const auto site = SiteId::parse(site_.of(row));
    if (!site) return fail(site.error());
    if (!storage::find_facility(work.connection(), *site)) {
      return fail(ErrorCode::kInvalid, "unknown_site",
                  fmt::format("there is no site \"{}\"", site->text()));
    }
    const auto sku = Sku::parse(sku_.of(row));
    if (!sku) return fail(sku.error());
    const auto product = storage::find_product(work.connection(), *sku);
    if (!product) {
      return fail(ErrorCode::kInvalid, "unknown_sku",
                  fmt::format("there is no article {}", sku->text()));
    }
    const auto quantity = Quantity::parse(quantity_.of(row), product->uom);
    if (!quantity) return fail(quantity.error());
    if (quantity->milli < 0) {
      return fail(ErrorCode::kInvalid, "bad_quantity", "a count cannot be negative");
    }
    const auto location = read_location(row);
    if (!location) return fail(location.error());
    return StockRow{*site, *location, *sku, *quantity};
  }

  [[nodiscard]] Result<domain::Location> read_location(const CsvRow& row) const {
    const std::string_view text = location_.of(row);
    const auto code = LocationCode::parse(text.empty() ? kDefaultLocation : text);
    if (!code) return fail(code.error());
    if (code->text().starts_with("TOTE-")) {
      return fail(ErrorCode::kInvalid, "bad_location", "names beginning with TOTE- are taken");
    }
    domain::Location location{*code, domain::LocationType::kPick, 0};
    if (const auto sequence = pick_sequence_.of(row); !sequence.empty()) {
      const auto number = parse_unsigned(sequence);
      if (!number || *number > UINT32_MAX) {
        return fail(ErrorCode::kInvalid, "bad_number", "pick_sequence is not a whole number");
      }
      location.pick_sequence = static_cast<std::uint32_t>(*number);
    }
    return location;
  }

  Result<> write(storage::UnitOfWork& work, const StockRow& row) {
    const auto location = storage::find_location(work.connection(), row.site, row.location.code);
    const bool moved = pick_sequence_.present() && location != row.location;
    if (!location || moved) {
      const auto defined =
          work.record({domain::ReferenceEvent(domain::LocationDefined{row.location}),
                       domain::location_key(row.site, row.location.code),
                       row.site,
                       options_.actor,
                       {},
                       {}});
      if (!defined) return fail(defined.error());
    }
    const domain::StockCounted counted{row.sku, row.location.code, row.quantity,
                                       domain::CountSource::kImport};
    const auto written =
        work.record({domain::StockEvent(counted), {}, row.site, options_.actor, {}, {}});
    if (!written) return fail(written.error());
    return {};
  }

  ImportOptions options_;
  Column site_;
  Column sku_;
  Column location_;
  Column pick_sequence_;
  Column quantity_;
  std::map<Cell, const CsvRow*> last_;  ///< the row whose count holds
};

}  // namespace

Result<std::unique_ptr<Importer>> make_stock_importer(const CsvTable& table,
                                                      const ImportOptions& options) {
  auto importer = std::make_unique<StockImporter>(table, options);
  if (auto ok = importer->prepare(table); !ok) return fail(ok.error());
  return importer;
}

}  // namespace cairn::central
