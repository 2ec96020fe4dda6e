// Orders, and what a trade file has besides them: cancellations that name no order, and signed
// corrections of stock. Rules: docs/imports.md.

#include "central/imports/cancellation_book.h"
#include "central/imports/import_kinds.h"
#include "central/imports/order_rows.h"
#include "central/orders/order_book.h"
#include "central/returns/take_back.h"
#include "core/crypto/hash.h"
#include "core/storage/projections/orders.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace cairn::central {
namespace {

using Rows = std::vector<const CsvRow*>;

class OrdersImporter final : public Importer {
 public:
  OrdersImporter(const CsvTable& table, ImportOptions options)
      : options_(std::move(options)), columns_(table) {}

  Result<> prepare(const CsvTable& table) {
    if (auto ok = columns_.check(); !ok) return ok;
    // The rows of an order need not stand together.
    for (const CsvRow& row : table.rows()) {
      if (!row.problem.empty()) continue;
      const auto kind = columns_.kind(row);
      if (!kind) continue;
      if (*kind == OrderRowKind::kOrder) {
        orders_[columns_.order_id(row)].push_back(&row);
      } else if (const auto line = columns_.line_no(row)) {
        acting_.try_emplace({columns_.order_id(row), *line}, &row);
      }
    }
    return {};
  }

  RowResult take(storage::UnitOfWork& work, const CsvRow& row) override {
    const auto kind = columns_.kind(row);
    if (!kind) return RowResult::rejected(kind.error());
    // A dry run notes in the book what would happen: once, though the job may run again.
    if (options_.dry_run && results_.contains(&row)) return results_.at(&row);
    if (*kind == OrderRowKind::kCancellation) return results_[&row] = cancel(work, row);
    if (*kind == OrderRowKind::kAdjustment) return adjust(work, row);
    const Rows& rows = orders_.at(columns_.order_id(row));
    if (rows.front() == &row) take_order(work, rows);
    return results_.at(&row);
  }

 private:
  // ---- orders ----

  void take_order(storage::UnitOfWork& work, const Rows& rows) {
    domain::OrderPlaced order;
    bool has_header = false;
    Rows good;
    for (const CsvRow* const row : rows) {
      const auto line = read_line(work, *row, order.lines);
      const auto header = columns_.header(*row);
      if (!line || !header) {
        results_[row] = RowResult::rejected(line ? header.error() : line.error());
        continue;
      }
      if (!std::exchange(has_header, true)) {
        order = *header;
        order.channel = options_.channel;
      }
      order.lines.push_back(*line);
      good.push_back(row);
    }
    if (!good.empty()) place(work, std::move(order), good);
  }

  Result<domain::OrderLine> read_line(storage::UnitOfWork& work, const CsvRow& row,
                                      const std::vector<domain::OrderLine>& before) const {
    auto line = columns_.line(work, row);
    if (!line) return line;
    const bool twice =
        std::ranges::find(before, line->line, &domain::OrderLine::line) != before.end();
    if (!twice) return line;
    return fail(ErrorCode::kInvalid, "bad_order",
                fmt::format("line {} of order {} appears twice", line->line.value(),
                            columns_.order_id(row)));
  }

  void place(storage::UnitOfWork& work, domain::OrderPlaced order, const Rows& rows) {
    order.order = order_id_of(order.channel, order.external_id);
    const auto existing = storage::order_lines(work.connection(), order.order);
    if (!existing.empty()) return compare(order, existing, rows);
    Result<> placed;
    if (options_.dry_run) {
      if (auto ok = domain::decide(domain::PlaceOrder{order}); !ok) placed = fail(ok.error());
      if (placed) book_.would_place(order);
    } else if (auto ok = place_order(work, order, options_.actor); !ok) {
      placed = fail(ok.error());
    }
    for (const CsvRow* const row : rows) {
      results_[row] =
          placed ? RowResult::of(RowOutcome::kCreated) : RowResult::rejected(placed.error());
    }
  }

  /// The order is there already: each row must say what was placed.
  void compare(const domain::OrderPlaced& order, const std::vector<storage::OrderLineRow>& existing,
               const Rows& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const domain::OrderLine& line = order.lines[i];
      const bool same = std::ranges::any_of(existing, [&line](const storage::OrderLineRow& row) {
        const auto& kit = row.line.kit;  // it was captured, and its parts are the order's lines
        return (row.line.line == line.line && row.line.sku == line.sku &&
                row.line.ordered == line.ordered) ||
               (kit && kit->line == line.line && kit->sku == line.sku &&
                kit->milli == line.ordered.milli);
      });
      results_[rows[i]] =
          same ? RowResult::of(RowOutcome::kUnchanged)
               : RowResult{RowOutcome::kRejected, "order_exists",
                           fmt::format("order {} was imported before without this line; a placed "
                                       "order does not change",
                                       order.external_id)};
    }
  }

  // ---- rows that act once, whoever repeats them ----

  /// What remembers that the row has acted. Errors: kInvalid "bad_number", "bad_time", "bad_order".
  [[nodiscard]] Result<Bytes> effect_key(const CsvRow& row) const {
    const auto line = columns_.line_no(row);
    if (!line) return fail(line.error());
    if (const auto at = columns_.ordered_at(row); !at) return fail(at.error());
    const std::string number = columns_.order_id(row);
    if (const CsvRow* const first = acting_.at({number, *line}); first != &row) {
      return fail(ErrorCode::kInvalid, "bad_order",
                  fmt::format("line {} of {} stands on line {} of the file already", line->value(),
                              number, first->line));
    }
    return crypto::derived_uuid("import-row",
                                {options_.channel, number, fmt::format("{}", line->value())})
        .bytes();
  }

  RowResult cancel(storage::UnitOfWork& work, const CsvRow& row) {
    const auto article = columns_.article(work, row);
    if (!article) return RowResult::rejected(article.error());
    const auto quantity = columns_.quantity(row, article->uom);
    if (!quantity) return RowResult::rejected(quantity.error());
    const auto key = effect_key(row);
    if (!key) return RowResult::rejected(key.error());
    if (work.replica().has_effect(*key)) return RowResult::of(RowOutcome::kUnchanged);
    const std::string customer = columns_.customer(row);
    const std::int64_t wanted = std::abs(quantity->milli);
    const auto match =
        customer.empty()
            ? domain::CancellationMatch{{}, wanted}
            : domain::match_cancellation(book_.candidates(work, customer, article->sku), wanted);
    std::int64_t done = 0;
    for (const domain::CancellationShare& share : match.shares) {
      const Bytes once = done == 0 ? *key : Bytes();
      if (auto ok = take_share(work, share, columns_.order_id(row), once); !ok) {
        return RowResult::rejected(ok.error());
      }
      done += share.milli;
    }
    if (done == 0 && !options_.dry_run) {
      const domain::CancellationUnmatched unmatched{customer, article->sku, wanted,
                                                    columns_.order_id(row)};
      const auto noted = note_unmatched(work, options_.channel, unmatched, *key, options_.actor);
      if (!noted) return RowResult::rejected(noted.error());
    }
    return cancellation_result(wanted, done);
  }

  Result<> take_share(storage::UnitOfWork& work, const domain::CancellationShare& share,
                      const std::string& source, const Bytes& key) {
    if (options_.dry_run) {
      book_.would_cancel(share);
      return {};
    }
    if (share.what == domain::CancellationShare::What::kReturn) {
      return take_back(work, {share.order, share.line, share.milli, source, key}, options_.actor);
    }
    return cancel_units(
        work, {share.order, share.line, share.milli, domain::CancelReason::kCustomer, source, key},
        options_.actor);
  }

  static RowResult cancellation_result(std::int64_t wanted, std::int64_t done) {
    if (done == wanted) return RowResult::of(RowOutcome::kCreated);
    return {done > 0 ? RowOutcome::kPartly : RowOutcome::kWithoutEffect, "no_matching_units",
            fmt::format("{} of {} units match nothing this customer ordered before",
                        milli_text(wanted - done), milli_text(wanted))};
  }

  RowResult adjust(storage::UnitOfWork& work, const CsvRow& row) {
    const auto article = columns_.article(work, row);
    if (!article) return RowResult::rejected(article.error());
    const auto quantity = columns_.quantity(row, article->uom);
    if (!quantity) return RowResult::rejected(quantity.error());
    const auto site = columns_.site(work, row);
    if (!site) return RowResult::rejected(site.error());
    if (article->service) {
      return {RowOutcome::kWithoutEffect, "service_has_no_stock", "a service has no stock"};
    }
    const auto key = effect_key(row);
    if (!key) return RowResult::rejected(key.error());
    if (work.replica().has_effect(*key)) return RowResult::of(RowOutcome::kUnchanged);
    if (options_.dry_run) return RowResult::of(RowOutcome::kCreated);
    const auto bin = storage::pick_location(work.connection(), *site, article->sku)
                         .value_or(*LocationCode::parse("MAIN"));
    domain::StockMoved moved{article->sku,
                             {},
                             {},
                             {std::abs(quantity->milli), quantity->uom},
                             domain::MovementReason::kCountAdj,
                             {}};
    (quantity->milli > 0 ? moved.to : moved.from) = bin;
    const auto written =
        work.record({domain::StockEvent(moved), {}, *site, options_.actor, {}, *key});
    if (!written) return RowResult::rejected(written.error());
    return RowResult::of(RowOutcome::kCreated);
  }

  ImportOptions options_;
  OrderColumns columns_;
  CancellationBook book_;
  std::map<std::string, Rows> orders_;
  /// Cancellations and adjustments: the first row of each number and line.
  std::map<std::pair<std::string, LineNo>, const CsvRow*> acting_;
  /// Rows of an order are taken at its first one. Kept: the job that took them may run again.
  std::map<const CsvRow*, RowResult> results_;
};

}  // namespace

Result<std::unique_ptr<Importer>> make_orders_importer(const CsvTable& table,
                                                       const ImportOptions& options) {
  auto importer = std::make_unique<OrdersImporter>(table, options);
  if (auto ok = importer->prepare(table); !ok) return fail(ok.error());
  return importer;
}

}  // namespace cairn::central
